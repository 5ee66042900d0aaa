package dev.kindling.bench;

import dev.kindling.StandaloneCluster;
import dev.kindling.ml.MlpClassificationModel;
import dev.kindling.ml.MlpClassifier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkConf;
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
        List<MlpClassificationModel> onCluster;
        try (StandaloneCluster cluster = new StandaloneCluster(FOLDER, 2, Map.of())) {
            onCluster = fits(
                    Session.conf(cluster.master())
                            .set("spark.executor.memory", "2g")
                            .set("spark.executor.cores", "1")
                            .set("spark.scheduler.minRegisteredResourcesRatio", "1")
                            .set("spark.executor.extraClassPath", StandaloneCluster.classPath()),
                    epochs);
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

    private static List<MlpClassificationModel> fits(SparkConf conf, int epochs) throws IOException {
        try (SparkSession spark = Session.of(conf)) {
            Dataset<Row> train = FashionMnist.train(spark, FashionMnist.ROWS);
            List<MlpClassificationModel> models = new ArrayList<>();
            for (int steps : LOCAL_STEPS) {
                models.add(new MlpClassifier().setPreset("none")
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
}
