package dev.kindling.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.spark.launcher.JavaModuleOptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launchers hand the right words to spark-submit: a stand-in for it prints what it was given, a word a line. */
final class LaunchersTest {
    @TempDir
    private Path spark;

    private String error = "";

    @BeforeEach
    void standIn() throws IOException {
        StandInSpark.make(spark);
    }

    private final Map<String, String> environment = new HashMap<>();

    private List<String> run(String launcher, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("submit/" + launcher));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(Map.of("HADOOP_CONF_DIR", spark.toString(), "KINDLING_JAR", "/jobs/k.jar"));
        return run(builder);
    }

    private static void copyLaunchers(Path release) throws IOException {
        for (String file :
                List.of("submit/kindling", "submit/spark", "submit/common.bash", "conf/spark-defaults.conf")) {
            Path copy = release.resolve(file);
            Files.createDirectories(copy.getParent());
            Files.copy(Path.of(file), copy, StandardCopyOption.COPY_ATTRIBUTES);
        }
    }

    /** Of a release, which has job jars of its own. */
    private List<String> release(Path release) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(release.resolve("submit/kindling").toString(), "train");
        builder.environment().remove("KINDLING_JAR");
        return run(builder);
    }

    private List<String> run(ProcessBuilder builder) throws IOException, InterruptedException {
        builder.environment().put("SPARK_HOME", spark.toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        error = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isEqualTo(error.isEmpty() ? 0 : 2);
        return lines;
    }

    private static String after(List<String> words, String option) {
        assertThat(words).contains(option);
        return words.get(words.lastIndexOf(option) + 1);
    }

    @Test
    void localTakesAllCoresOrSoMany() throws Exception {
        assertThat(after(run("local", "train"), "--master")).isEqualTo("local[*]");
        List<String> words = run("local", "3", "train", "@conf/digits.args", "--model", "a model");
        assertThat(after(words, "--master")).isEqualTo("local[3]");
        assertThat(words)
                .endsWith(
                        "--class",
                        "dev.kindling.job.Main",
                        "/jobs/k.jar",
                        "train",
                        "@conf/digits.args",
                        "--model",
                        "a model");
        assertThat(words).contains("spark.serializer=org.apache.spark.serializer.KryoSerializer");
    }

    @Test
    void aDriverOnTheClusterGetsAFilesOptionsAndNotTheFile() throws Exception {
        for (List<String> words : List.of(
                run("standalone", "spark://host:7077", "--cluster", "train", "@conf/digits.args"),
                run("yarn", "--cluster", "train", "@conf/digits.args"),
                run("kubernetes", "https://host:6443", "kindling:1", "train", "@conf/digits.args"),
                run("kindling", "--deploy-mode=cluster", "train", "@conf/digits.args"))) {
            assertThat(words).doesNotContain("@conf/digits.args").contains("--hidden", "256,128");
            assertThat(words.get(words.indexOf("/jobs/k.jar") + 1)).isEqualTo("train");
        }
    }

    @Test
    void aDriverOnAStandaloneClusterGetsTheModulesThatSparkNeedsBeforeTheUsersOptions() throws Exception {
        String property = "spark.driver.extraJavaOptions=";
        for (List<String> own : List.of(
                List.of("--conf", property + "-Xss8m"),
                List.of("--conf=" + property + "-Xss8m"),
                List.of("--driver-java-options", "-Xss8m"),
                List.of("--driver-java-options=-Xss8m"))) {
            List<String> arguments = new ArrayList<>(List.of("spark://host:7077", "--cluster"));
            arguments.addAll(own);
            arguments.add("train");
            List<String> words = run("standalone", arguments.toArray(String[]::new));
            String options = words.stream()
                    .filter(word -> word.endsWith(" -Xss8m"))
                    .findFirst()
                    .orElseThrow();
            assertThat(options).contains("--add-modules=jdk.incubator.vector");
            for (String needed : JavaModuleOptions.defaultModuleOptions().split(" ")) {
                if (needed.startsWith("--add-opens")) {
                    assertThat(options).contains(needed + " ");
                }
            }
        }
    }

    @Test
    void eachNamesItsMasterAndMode() throws Exception {
        List<String> standalone = run("standalone", "spark://host:7077", "--executor-memory", "4g", "train");
        assertThat(List.of(
                        after(standalone, "--master"),
                        after(standalone, "--deploy-mode"),
                        after(standalone, "--executor-memory")))
                .containsExactly("spark://host:7077", "client", "4g");
        List<String> yarn = run("yarn", "train");
        assertThat(List.of(after(yarn, "--master"), after(yarn, "--deploy-mode")))
                .containsExactly("yarn", "client");
        List<String> kubernetes = run("kubernetes", "https://host:6443", "kindling:1", "train");
        assertThat(List.of(after(kubernetes, "--master"), after(kubernetes, "--deploy-mode")))
                .containsExactly("k8s://https://host:6443", "cluster");
        assertThat(kubernetes).contains("spark.kubernetes.container.image=kindling:1");
    }

    @Test
    void aDryRunPrintsTheCommandAsAShellTakesIt() throws Exception {
        List<String> printed = run("standalone", "spark://host:7077", "--dry-run", "train", "--model", "a model");
        assertThat(printed).hasSize(1);
        assertThat(printed.get(0))
                .startsWith(spark + "/bin/spark-submit --conf ")
                .endsWith(
                        "--master spark://host:7077 --deploy-mode client --class dev.kindling.job.Main /jobs/k.jar train"
                                + " --model a\\ model ");
    }

    @Test
    void whatIsMissingIsSaid() throws Exception {
        run("standalone", "train");
        assertThat(error).contains("the first argument must be the master, spark://HOST:PORT, but is train");
        run("kubernetes", "https://host:6443");
        assertThat(error).contains("the first arguments must be the API server");
        run("kindling", "--deploy-mode=cluster", "train", "@no/such.args");
        assertThat(error).contains("no/such.args must be a file of options, but cannot be read");
    }

    @Test
    void eachPrintsItsHelp() throws Exception {
        for (String launcher : List.of(
                "chaos",
                "benchmark",
                "distribution",
                "quickstart",
                "spark",
                "local",
                "standalone",
                "yarn",
                "kubernetes")) {
            for (String option : List.of("--help", "-h")) {
                List<String> printed = run(launcher, option);
                assertThat(printed.get(0)).as(launcher).matches("[A-Z].*[.:]");
                assertThat(error).isEmpty();
            }
        }
        assertThat(run("chaos", "--help"))
                .contains("  submit/chaos [kills of executors and workers, 20] [kills of drivers, 20] [seed]");
    }

    @Test
    void aSparkHomeThatIsEmptyCountsAsUnsetAndOneWithoutSparkIsRefused(@TempDir Path empty) throws Exception {
        for (String launcher : List.of("yarn", "kubernetes")) {
            environment.put("SPARK_HOME", "");
            run(launcher, "https://host:6443", "kindling:1", "train");
            assertThat(error)
                    .startsWith(launcher + ": SPARK_HOME must name a folder")
                    .contains("is not set");
            environment.put("SPARK_HOME", empty.toString());
            run(launcher, "https://host:6443", "kindling:1", "train");
            assertThat(error).contains(" as submit/spark fetches it, but " + empty + "/jars has no jar of it");
        }
        for (String home : List.of("/no/such/folder", empty.toString())) {
            environment.put("SPARK_HOME", home);
            run("kindling", "train");
            assertThat(error)
                    .isEqualTo("kindling: SPARK_HOME must name a folder with Spark, but " + home + " has neither"
                            + " bin/spark-submit nor Spark's jars; unset it to use the Spark that Maven resolves\n");
        }
    }

    @Test
    void eachSparkGetsTheJobJarOfItsLine(@TempDir Path release) throws Exception {
        copyLaunchers(release);
        Path ofRelease = Files.createDirectories(release.resolve("jars"));
        for (String[] pair : new String[][] {
            {"2.12-3.5.9", "spark3_2.12"}, {"2.13-3.5.6", "spark3_2.13"}, {"2.13-4.2.0", "spark4_2.13"}
        }) {
            Path core = Files.createFile(spark.resolve("jars/spark-core_" + pair[0] + ".jar"));
            release(release);
            assertThat(error)
                    .contains("jars must hold a job jar for Spark ")
                    .contains("kindling-" + pair[1] + "-*-job.jar, but has none");
            Path jar = Files.createFile(ofRelease.resolve("kindling-" + pair[1] + "-0.1.0-job.jar"));
            assertThat(release(release)).contains(jar.toString());
            Files.delete(core);
        }
    }

    /** An index of Python packages with one version of Spark, whose spark-submit is the stand-in. */
    private HttpServer index(Path folder, UnaryOperator<String> checksum) throws Exception {
        Path deps = folder.resolve("pyspark-3.5.9/deps");
        Files.createDirectories(deps.resolve("jars"));
        Files.createDirectories(deps.resolve("bin"));
        Files.createFile(deps.resolve("jars/spark-core_2.12-3.5.9.jar"));
        Files.copy(
                spark.resolve("bin/spark-submit"),
                deps.resolve("bin/spark-submit"),
                StandardCopyOption.COPY_ATTRIBUTES);
        Process tar = new ProcessBuilder("tar", "-czf", "spark.tar.gz", "pyspark-3.5.9")
                .directory(folder.toFile())
                .start();
        assertThat(tar.waitFor()).isZero();
        byte[] packed = Files.readAllBytes(folder.resolve("spark.tar.gz"));
        String sum =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(packed));
        String page = "<a href=\"../../files/pyspark-3.5.8.tar.gz#sha256=00\">pyspark-3.5.8.tar.gz</a><br/>\n"
                + "<a href=\"../../files/pyspark-3.5.9.tar.gz#sha256=" + checksum.apply(sum) + "\">x</a><br/>\n";
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/simple/pyspark/", exchange -> answer(exchange, page.getBytes(StandardCharsets.UTF_8)));
        server.createContext("/files/pyspark-3.5.9.tar.gz", exchange -> answer(exchange, packed));
        server.start();
        environment.put("SPARK_HOME", "");
        environment.put(
                "PIP_INDEX_URL", "http://127.0.0.1:" + server.getAddress().getPort() + "/simple");
        return server;
    }

    private static void answer(HttpExchange exchange, byte[] body) throws IOException {
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Test
    void aFolderThatDoesNotConfigureYarnIsRefused(@TempDir Path empty) throws Exception {
        environment.put("HADOOP_CONF_DIR", empty.toString());
        run("yarn", "train");
        assertThat(error).endsWith("of the cluster's configuration, but " + empty + " has no yarn-site.xml\n");
        environment.put("YARN_CONF_DIR", spark.toString());
        assertThat(run("yarn", "train")).contains("train");
    }

    @Test
    void aReleaseFetchesItsSparkOnce(@TempDir Path release, @TempDir Path files) throws Exception {
        copyLaunchers(release);
        String fetch = release.resolve("submit/spark").toString();
        HttpServer server = index(files, sum -> sum);
        try {
            release(release);
            assertThat(error).contains("is not set; submit/spark fetches one");
            run(new ProcessBuilder(fetch, "3.5.9"));
            assertThat(error)
                    .contains("must hold a job jar for Spark 3.5.9, kindling-spark3_2.12-*-job.jar, but has none");
            Files.createDirectories(release.resolve("jars"));
            Path jar = Files.createFile(release.resolve("jars/kindling-spark3_2.12-0.1.0-job.jar"));
            run(new ProcessBuilder(fetch, "3.5.7"));
            assertThat(error).endsWith("/simple/pyspark/ must list Spark 3.5.7, but does not\n");
            assertThat(run(new ProcessBuilder(fetch)))
                    .last()
                    .asString()
                    .isEqualTo("Spark 3.5.9 is in " + release.toRealPath() + "/spark");
            assertThat(release(release)).contains(jar.toRealPath().toString());
        } finally {
            server.stop(0);
        }
        assertThat(run(new ProcessBuilder(fetch))).hasSize(1); // it asks no index
        run(new ProcessBuilder(fetch, "4.3.0"));
        assertThat(error).endsWith("/spark holds Spark 3.5.9; delete it to have 4.3.0 fetched\n");
        Files.createFile(Files.createDirectories(files.resolve("jars")).resolve("spark-core_2.12-3.5.6-amzn-2.jar"));
        run(new ProcessBuilder(fetch, "3.5.9", files.toString()));
        assertThat(error).endsWith(" holds Spark 3.5.6-amzn-2; delete it to have 3.5.9 fetched\n");
    }

    @Test
    void aSparkThatIsNotWhatTheIndexSaysIsThrownAway(@TempDir Path folder) throws Exception {
        HttpServer server = index(folder, sum -> (sum.charAt(0) == '0' ? '1' : '0') + sum.substring(1));
        try {
            run(new ProcessBuilder(
                    "submit/spark", "3.5.9", folder.resolve("fetched/spark").toString()));
        } finally {
            server.stop(0);
        }
        assertThat(error).contains("must have the checksum ", ", but has ");
        assertThat(folder.resolve("fetched")).isEmptyDirectory();
    }

    @Test
    void aJavaThatSparkDoesNotRunOnIsRefusedBeforeItStarts(@TempDir Path jdk) throws Exception {
        Path java = Files.createDirectories(jdk.resolve("bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        environment.put("JAVA_HOME", jdk.toString());
        Path jars = Files.createDirectories(spark.resolve("jars"));
        Path core = Files.createFile(jars.resolve("spark-core_2.12-3.5.7.jar"));
        Files.writeString(jdk.resolve("release"), "IMPLEMENTOR=\"X\"\nJAVA_VERSION=\"25.0.1\"\n");
        run("kindling", "train");
        assertThat(error)
                .isEqualTo("kindling: Spark 3.5.7 runs on Java 17 to 23, but " + java
                        + " is Java 25; set JAVA_HOME to a JDK 17 or 21, or use Spark 4.1\n");
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"1.8.0_402\"\n");
        run("kindling", "train");
        assertThat(error).contains("Kindling runs on Java 17 or later").contains("is Java 8");
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"21\"\n");
        assertThat(run("kindling", "train")).contains("train");
        Files.delete(core);
        Files.createFile(jars.resolve("spark-core_2.13-4.1.0.jar"));
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
        assertThat(run("kindling", "train")).contains("train");
    }
}
