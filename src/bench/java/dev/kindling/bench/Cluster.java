package dev.kindling.bench;

import dev.kindling.ml.MlpClassificationModel;
import dev.kindling.ml.MlpClassifier;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;
import org.apache.spark.launcher.JavaModuleOptions;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Seconds an epoch on a standalone cluster in this machine, a master and two workers of one core each, with every step
 * summed over the shards and with 16 local steps; and whether local[2] ends with the same bits. Fashion-MNIST,
 * 784-256-128-10 relu, Adam, batches of 512. Arguments: [epochs].
 */
public final class Cluster {
    private static final Path FOLDER = Path.of("target", "benchmark", "cluster").toAbsolutePath();
    private static final int[] LOCAL_STEPS = {1, 16};

    private Cluster() {}

    public static void main(String[] arguments) throws Exception {
        int epochs = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
        Files.createDirectories(FOLDER);
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        String master = "spark://127.0.0.1:" + port;
        List<Process> daemons = new ArrayList<>();
        List<MlpClassificationModel> onCluster;
        try {
            daemons.add(daemon("master.Master", "--port", String.valueOf(port)));
            for (int worker = 0; worker < 2; worker++) {
                daemons.add(daemon(
                        "worker.Worker", "--cores", "1", "--memory", "3g", "--work-dir", FOLDER.toString(), master));
            }
            onCluster = fits(
                    Session.conf(master)
                            .set("spark.executor.memory", "2g")
                            .set("spark.executor.cores", "1")
                            .set("spark.scheduler.minRegisteredResourcesRatio", "1")
                            .set("spark.executor.extraClassPath", classPath()),
                    epochs);
        } finally {
            for (Process daemon : daemons) {
                daemon.destroy();
                daemon.waitFor(20, TimeUnit.SECONDS);
            }
        }
        List<MlpClassificationModel> local = fits(Session.conf("local[2]"), epochs);
        Table table = new Table("local steps", "s an epoch, cluster", "s an epoch, local[2]", "same bits");
        for (int i = 0; i < LOCAL_STEPS.length; i++) {
            table.add(
                    LOCAL_STEPS[i],
                    onCluster.get(i).summary().orElseThrow().secondsPerEpoch(),
                    local.get(i).summary().orElseThrow().secondsPerEpoch(),
                    Arrays.equals(onCluster.get(i).parameters(), local.get(i).parameters()));
        }
        table.print();
    }

    private static List<MlpClassificationModel> fits(SparkConf conf, int epochs) {
        try (SparkSession spark = Session.of(conf)) {
            Dataset<Row> train = FashionMnist.train(spark, FashionMnist.ROWS);
            List<MlpClassificationModel> models = new ArrayList<>();
            for (int steps : LOCAL_STEPS) {
                models.add(new MlpClassifier()
                        .setHiddenLayers(256, 128)
                        .setBatchSize(512)
                        .setMaxIter(epochs)
                        .setNumShards(2)
                        .setLocalSteps(steps)
                        .setSeed(1)
                        .fit(train));
            }
            return models;
        }
    }

    /** This JVM's, for processes that run elsewhere. */
    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** A process of Spark's standalone cluster, from the jars that Maven resolved. */
    private static Process daemon(String type, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(List.of(JavaModuleOptions.defaultModuleOptions().split(" ")));
        command.addAll(List.of("-Xmx512m", "-cp", Path.of("target", "spark", "jars") + "/*"));
        command.addAll(List.of("org.apache.spark.deploy." + type, "--host", "127.0.0.1", "--webui-port", "0"));
        command.addAll(List.of(arguments));
        ProcessBuilder process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        FOLDER.resolve("daemons.log").toFile()));
        process.environment().put("SPARK_HOME", Path.of("target", "spark").toAbsolutePath().toString());
        process.environment().put("SPARK_SCALA_VERSION", "2.12");
        return process.start();
    }
}
