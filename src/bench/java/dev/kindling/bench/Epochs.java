package dev.kindling.bench;

import dev.kindling.ml.MlpClassificationModel;
import dev.kindling.ml.MlpClassifier;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Seconds an epoch of Fashion-MNIST, 784-256-128-10 relu, Adam, with two threads: Kindling by threads of this JVM and by
 * a Spark job a step, PyTorch and scikit-learn, one after another in each round. Arguments: [rounds [epochs]].
 *
 * <p>A time is the median of a run's epochs of training alone, and of all rounds' medians.
 */
public final class Epochs {
    private static final int[] BATCHES = {128, 512};
    private static final List<String> PEERS = List.of("torch", "sklearn");

    private final int epochs;
    private final SparkSession spark = Session.local(2);
    private final Dataset<Row> train = FashionMnist.train(spark, FashionMnist.ROWS);
    private final Dataset<Row> test = FashionMnist.test(spark);
    private final Map<String, List<Double>> seconds = new LinkedHashMap<>();
    private final Map<String, Double> accuracies = new LinkedHashMap<>();

    private Epochs(int epochs) throws Exception {
        this.epochs = epochs;
    }

    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 3;
        int epochs = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
        Epochs run = new Epochs(epochs);
        for (int round = 1; round <= rounds; round++) {
            for (int batch : BATCHES) {
                run.kindling("kindling, threads", batch, true);
                run.peer("torch", batch);
                run.kindling("kindling, jobs", batch, false);
                run.peer("sklearn", batch);
            }
        }
        run.print();
    }

    private void kindling(String name, int batch, boolean oneJvm) {
        spark.sparkContext().setLocalProperty("spark.kindling.oneJvm", String.valueOf(oneJvm));
        MlpClassificationModel model = new MlpClassifier().setPreset("none")
                .setHiddenLayers(256, 128)
                .setBatchSize(batch)
                .setMaxIter(epochs)
                .setNumShards(2)
                .setSeed(1)
                .fit(train);
        double epoch = model.summary().orElseThrow().secondsPerEpoch();
        add(name, batch, epoch, FashionMnist.accuracy(model, test));
    }

    private void peer(String name, int batch) throws Exception {
        Optional<String> printed = Python.run(name, "peers.py", name, batch, epochs, FashionMnist.FOLDER);
        if (printed.isPresent()) {
            String[] numbers = printed.get().split(" ");
            add(name, batch, Double.parseDouble(numbers[0]), Double.parseDouble(numbers[1]));
        }
    }

    private void add(String name, int batch, double epoch, double accuracy) {
        seconds.computeIfAbsent(batch + " " + name, key -> new ArrayList<>()).add(epoch);
        accuracies.put(batch + " " + name, accuracy);
    }

    private void print() {
        Table table = new Table("batch", "who", "s an epoch", "test accuracy", "fastest peer / it");
        for (int batch : BATCHES) {
            double peer = PEERS.stream()
                    .map(name -> seconds.get(batch + " " + name))
                    .filter(times -> times != null)
                    .mapToDouble(Times::median)
                    .min()
                    .orElse(Double.NaN);
            seconds.forEach((key, times) -> {
                if (key.startsWith(batch + " ")) {
                    double median = Times.median(times);
                    String name = key.substring(key.indexOf(' ') + 1);
                    table.add(batch, name, median, accuracies.get(key), peer / median);
                }
            });
        }
        table.print();
    }
}
