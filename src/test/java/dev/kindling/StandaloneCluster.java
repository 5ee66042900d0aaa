package dev.kindling;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.launcher.JavaModuleOptions;

/**
 * Spark's standalone cluster on this machine's loopback addresses, from the jars that Maven resolved: a master, and workers
 * of one core each, every one a process that can be killed. Closing ends all that it started; so does the end of this JVM.
 */
public final class StandaloneCluster implements AutoCloseable {
    private static final Pattern MASTER = Pattern.compile("Starting Spark master at (spark://\\S+)");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** The machine's loopback addresses. */
    private static final Hosts LOOPBACK = new Hosts() {
        @Override
        public String address(int worker) {
            return "127.0.0." + (worker + 2);
        }

        @Override
        public List<String> on(int worker) {
            return List.of();
        }
    };

    private final Path folder;
    private final Hosts hosts;
    private final Path properties;
    private final Process master;
    private final String url;
    private final Process[] workers;
    private final List<ProcessHandle> orphans = new ArrayList<>(); // executors of workers that were killed
    private final Thread atExit = new Thread(this::kill);

    /**
     * Starts one.
     *
     * @param folder for logs and what executors write
     * @param properties Spark's, of the master and the workers
     */
    public StandaloneCluster(Path folder, int workers, Map<String, String> properties)
            throws IOException, InterruptedException {
        this(folder, workers, properties, LOOPBACK);
    }

    /** The same on other hosts within this machine. */
    public StandaloneCluster(Path folder, int workers, Map<String, String> properties, Hosts hosts)
            throws IOException, InterruptedException {
        this.hosts = hosts;
        this.folder = Files.createDirectories(folder.toAbsolutePath());
        this.properties = Files.write(
                folder.resolve("cluster.properties"),
                properties.entrySet().stream()
                        .map(entry -> entry.getKey() + " " + entry.getValue())
                        .toList());
        this.workers = new Process[workers];
        Runtime.getRuntime().addShutdownHook(atExit);
        Path log = folder.resolve("master.log");
        Files.deleteIfExists(log);
        master = daemon("master.Master", -1, log, "--port", "0");
        try {
            await("the master's address", () -> address(log) != null);
            url = address(log);
            for (int worker = 0; worker < workers; worker++) {
                startWorker(worker);
            }
        } catch (Throwable e) {
            close();
            throw e;
        }
    }

    /** Where the processes run. Each has an address of its own, as Spark speculates on other hosts only. */
    public interface Hosts {
        /** @param worker counted from 0; -1 is the master */
        String address(int worker);

        /** What a command begins with that is to run there. */
        List<String> on(int worker);
    }

    private static String address(Path log) {
        try (Stream<String> lines = Files.lines(log)) {
            return lines.map(MASTER::matcher)
                    .filter(Matcher::find)
                    .map(found -> found.group(1))
                    .findFirst()
                    .orElse(null);
        } catch (IOException e) {
            return null; // not yet written
        }
    }

    /** Starts a worker: one that was killed, or one that is not there yet. */
    public void startWorker(int worker) throws IOException {
        workers[worker] = daemon(
                "worker.Worker",
                worker,
                folder.resolve("worker-" + worker + ".log"),
                "--cores",
                "1",
                "--memory",
                "3g",
                "--work-dir",
                folder.resolve("work").toString(),
                url);
    }

    private Process daemon(String type, int worker, Path log, String... arguments) throws IOException {
        String host = hosts.address(worker);
        List<String> command = new ArrayList<>(hosts.on(worker));
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(List.of(JavaModuleOptions.defaultModuleOptions().split(" ")));
        command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of("-cp", home().resolve("jars") + "/*", "org.apache.spark.deploy." + type));
        command.addAll(List.of("--host", host, "--webui-port", "0", "--properties-file", properties.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        process.environment().put("SPARK_HOME", home().toString());
        process.environment().put("SPARK_SCALA_VERSION", scalaVersion());
        process.environment().put("SPARK_LOCAL_IP", host);
        return process.start();
    }

    /** Beside the folder that this class was compiled to. */
    private static Path home() {
        try {
            return Path.of(StandaloneCluster.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .resolveSibling("spark");
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String scalaVersion() {
        String version = scala.util.Properties.versionNumberString();
        return version.substring(0, version.lastIndexOf('.'));
    }

    /** For an application whose driver is this JVM, with an executor on each worker; it begins once all are there. */
    public SparkConf conf() {
        return new SparkConf()
                .setMaster(url)
                .setAppName("kindling on a cluster")
                .set("spark.ui.enabled", "false")
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.driver.bindAddress", "127.0.0.1")
                .set("spark.cores.max", String.valueOf(workers.length))
                .set("spark.scheduler.minRegisteredResourcesRatio", "1")
                .set("spark.locality.wait", "0s")
                .set("spark.shuffle.io.retryWait", "100ms") // what dead executors held does not come by waiting
                .set("spark.executor.memory", "512m")
                .set(
                        "spark.executor.extraJavaOptions",
                        "--add-modules=jdk.incubator.vector -XX:+UseSerialGC -XX:TieredStopAtLevel=1")
                .set("spark.executor.extraClassPath", classPath());
    }

    /** This JVM's, for processes that run elsewhere. */
    public static String classPath() {
        String own = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Arrays.stream(own.split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    public String master() {
        return url;
    }

    public int workers() {
        return workers.length;
    }

    /** The processes of the executors that a worker started and that live. */
    public List<ProcessHandle> executors(int worker) {
        return workers[worker].children().filter(ProcessHandle::isAlive).toList();
    }

    /** Kills the executors of a worker as {@code kill -9} does; says how many. */
    public int killExecutors(int worker) {
        List<ProcessHandle> executors = executors(worker);
        executors.forEach(ProcessHandle::destroyForcibly);
        return executors.size();
    }

    /** Kills a worker as {@code kill -9} does. Its executors end when they notice. */
    public void killWorker(int worker) {
        orphans.addAll(executors(worker));
        workers[worker].destroyForcibly().onExit().join();
    }

    /** Waits for something of the cluster. */
    public static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("waited in vain for " + what);
            }
            Thread.sleep(20);
        }
    }

    @Override
    public void close() {
        List<ProcessHandle> killed = kill();
        for (ProcessHandle process : killed) {
            process.onExit().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        }
        Runtime.getRuntime().removeShutdownHook(atExit);
    }

    private List<ProcessHandle> kill() {
        List<ProcessHandle> all = new ArrayList<>(orphans);
        for (Process process : workers) {
            if (process != null) {
                all.add(0, process.toHandle()); // before its executors, lest it starts others
                process.children().forEach(all::add);
            }
        }
        if (master != null) {
            all.add(master.toHandle());
        }
        all.forEach(ProcessHandle::destroyForcibly);
        return all;
    }
}
