package dev.kindling.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.util.VersionInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * HDFS and S3, from servers on loopback. They and the commands run in JVMs of their own, with the jars that {@code
 * src/test/stores} brings.
 */
@Tag("slow")
final class StoresTest {
    private static final Path JARS = Path.of("target", "stores");
    private static final long PATIENCE = 600; // seconds
    private static final Pattern DEFAULT_STORE = Pattern.compile("<name>fs.defaultFS</name><value>([^<]+)</value>");

    @TempDir
    static Path local;

    @TempDir
    Path folder;

    private final List<Process> running = new ArrayList<>();

    @BeforeAll
    static void jarsAreThere() {
        assumeTrue(Files.isDirectory(JARS), "mvn -f src/test/stores process-resources brings the servers");
    }

    @AfterEach
    void endAll() {
        running.forEach(Process::destroyForcibly);
    }

    private Process start(String name, List<String> options, List<String> classPath, String... command)
            throws IOException {
        List<String> line = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1"));
        line.addAll(options);
        line.addAll(List.of("-cp", String.join(File.pathSeparator, classPath)));
        line.addAll(List.of(command));
        Process process = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(log(name).toFile())
                .start();
        running.add(process);
        return process;
    }

    private Path log(String name) {
        return folder.resolve(name + ".log");
    }

    private void await(Process server, String name, BooleanSupplier ready) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE);
        while (!ready.getAsBoolean()) {
            assertThat(System.nanoTime()).as(Files.readString(log(name))).isLessThan(deadline);
            assertThat(server.waitFor(50, TimeUnit.MILLISECONDS))
                    .as(Files.readString(log(name)))
                    .isFalse();
        }
    }

    /** Runs the commands of {@link StoreCommands} there; the options are of their JVM. */
    private void runCommands(String store, List<String> options) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("-Xmx1g"));
        all.addAll(Pattern.compile("\\s+")
                .splitAsStream(System.getProperty("test.modules"))
                .toList());
        all.addAll(options);
        String own = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Process commands = start(
                "commands", all, List.of(own, JARS + "/*"), StoreCommands.class.getName(), store, local.toString());
        boolean ended = commands.waitFor(PATIENCE, TimeUnit.SECONDS);
        assertThat(ended && commands.exitValue() == 0)
                .as(Files.readString(log("commands")))
                .isTrue();
    }

    @Tag("smoke")
    @Test
    void allCommandsWorkOnHdfsAsOnLocalFiles() throws IOException, InterruptedException {
        Path configuration = folder.resolve("hdfs.xml");
        Process server = start(
                "hdfs",
                List.of("-Xmx512m", "-Dtest.build.data=" + folder.resolve("hdfs")),
                List.of(JARS + "/*"),
                "org.apache.hadoop.test.MiniDFSClusterManager",
                "-format",
                "-writeConfig",
                configuration.toString());
        await(
                server,
                "hdfs",
                () -> Files.exists(configuration) && !store(configuration).isEmpty());
        runCommands(store(configuration), List.of());
    }

    private static String store(Path configuration) {
        try {
            Matcher found = DEFAULT_STORE.matcher(Files.readString(configuration));
            return found.find() ? found.group(1) : "";
        } catch (IOException e) {
            return "";
        }
    }

    @Test
    void allCommandsWorkOnS3AsOnLocalFiles() throws IOException, InterruptedException {
        assumeTrue(VersionInfo.getVersion().startsWith("3.3."), "the client for S3 is of Spark 3.5's Hadoop");
        InetAddress loopback = InetAddress.getLoopbackAddress();
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, loopback)) {
            port = free.getLocalPort();
        }
        String endpoint = "http://" + loopback.getHostAddress() + ":" + port;
        Path configuration = Files.write(
                folder.resolve("s3proxy.conf"),
                List.of(
                        "s3proxy.endpoint=" + endpoint,
                        "s3proxy.authorization=none",
                        "jclouds.provider=transient",
                        "jclouds.identity=any",
                        "jclouds.credential=any"));
        Process server = start(
                "s3",
                List.of("-Xmx512m"),
                List.of(JARS + "/*"),
                "org.gaul.s3proxy.Main",
                "--properties",
                configuration.toString());
        await(server, "s3", () -> listens(loopback, port));
        runCommands(
                "s3a://bucket",
                List.of(
                        "-Dspark.hadoop.fs.s3a.endpoint=" + endpoint,
                        "-Dspark.hadoop.fs.s3a.endpoint.region=us-east-1",
                        "-Dspark.hadoop.fs.s3a.access.key=any",
                        "-Dspark.hadoop.fs.s3a.secret.key=any",
                        "-Dspark.hadoop.fs.s3a.path.style.access=true",
                        "-Dspark.hadoop.fs.s3a.connection.ssl.enabled=false",
                        "-Dspark.hadoop.fs.s3a.bucket.probe=0"));
    }

    private static boolean listens(InetAddress address, int port) {
        try (Socket socket = new Socket(address, port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
