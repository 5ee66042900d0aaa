package dev.kindling.bench;

import dev.kindling.StandaloneCluster;
import dev.kindling.ml.MlpClassificationModel;
import dev.kindling.ml.MlpClassifier;
import dev.kindling.ml.TrainingSummary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Seconds an epoch on a standalone cluster in this machine, a master and two workers of one core each, with every step
 * summed over the shards and with 16 local steps, and the accuracy on the test rows; beside PyTorch's DistributedDataParallel
 * with two processes of one thread, and local[2], which must end with the same bits. Fashion-MNIST, 784-256-128-10 relu,
 * Adam, batches of 512. Arguments: [epochs].
 */
public final class Cluster {
    private static final Path FOLDER = Path.of("target", "benchmark", "cluster").toAbsolutePath();
    private static final int[] LOCAL_STEPS = {1, 16};
    private static final int BATCH = 512;
    private static final int EXECUTORS = 2;

    private Cluster() {}

    /** A model, its seconds an epoch, the first and the median, and the share of test rows whose class it predicts. */
    private record Fit(MlpClassificationModel model, double first, double epoch, double accuracy) {}

    public static void main(String[] arguments) throws Exception {
        int epochs = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10;
        List<Fit> onCluster;
        try (StandaloneCluster cluster = new StandaloneCluster(FOLDER, EXECUTORS, Map.of())) {
            onCluster = fits(Session.conf(cluster), epochs);
        }
        Optional<double[]> ddp = Python.run("torch", "ddp.py", EXECUTORS, BATCH, epochs, FashionMnist.FOLDER)
                .map(printed -> Arrays.stream(printed.split(" "))
                        .mapToDouble(Double::parseDouble)
                        .toArray());
        List<Fit> local = fits(Session.conf("local[" + EXECUTORS + "]"), epochs);
        Table table = new Table(
                "local steps",
                "s an epoch, cluster",
                "its first epoch",
                "accuracy",
                "s an epoch, DDP",
                "accuracy",
                "cluster / DDP",
                "s an epoch, local[2]",
                "same bits");
        for (int i = 0; i < LOCAL_STEPS.length; i++) {
            Fit fit = onCluster.get(i);
            double peer = ddp.map(figures -> figures[0]).orElse(Double.NaN);
            table.add(
                    LOCAL_STEPS[i],
                    fit.epoch,
                    fit.first,
                    fit.accuracy,
                    peer,
                    ddp.map(figures -> figures[1]).orElse(Double.NaN),
                    fit.epoch / peer,
                    local.get(i).epoch,
                    Arrays.equals(
                            fit.model.parameters(), local.get(i).model.parameters()));
        }
        table.print();
    }

    private static List<Fit> fits(SparkConf conf, int epochs) throws IOException {
        try (SparkSession spark = Session.of(conf)) {
            Dataset<Row> train = FashionMnist.train(spark, FashionMnist.ROWS);
            Dataset<Row> test = FashionMnist.test(spark);
            List<Fit> fits = new ArrayList<>();
            for (int steps : LOCAL_STEPS) {
                MlpClassificationModel model = new MlpClassifier().setPreset("none")
                        .setHiddenLayers(256, 128)
                        .setBatchSize(BATCH)
                        .setMaxIter(epochs)
                        .setNumShards(EXECUTORS)
                        .setLocalSteps(steps)
                        .setSeed(1)
                        .fit(train);
                TrainingSummary summary = model.summary().orElseThrow();
                fits.add(new Fit(model, summary.history().get(0).trainingSeconds(), summary.secondsPerEpoch(), FashionMnist.accuracy(model, test)));
            }
            return fits;
        }
    }
}
