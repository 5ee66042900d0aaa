package dev.kindling.bench;

import dev.kindling.ml.MlpClassificationModel;
import dev.kindling.ml.MlpClassifier;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.spark.ml.classification.MultilayerPerceptronClassificationModel;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * Rows a second of {@code transform}, all three output columns consumed, beside Spark's own multilayer perceptron: the
 * same sigmoid network over the same cached rows.
 */
public final class Scoring {
    private static final int ROUNDS = 5;

    private Scoring() {}

    public static void main(String[] arguments) throws Exception {
        try (SparkSession spark = Session.local(2)) {
            Table table = new Table("rows scored a second", "Kindling", "Spark", "ratio");
            int cores = spark.sparkContext().defaultParallelism();
            Dataset<Row> images = FashionMnist.train(spark, FashionMnist.ROWS);
            measure(table, "Fashion-MNIST, 784-256-128-10", images, 256, 128);
            Dataset<Row> digits = digits(spark).repartition(cores);
            measure(table, "digits 50 times over, 64-32-10", digits, 32);
            table.print();
        }
    }

    private static Dataset<Row> digits(SparkSession spark) {
        String file = Path.of("src/main/resources/dev/kindling/digits.csv.gz").toString();
        Dataset<Row> table = spark.read().option("header", true).option("inferSchema", true).csv(file);
        String[] pixels =
                Arrays.stream(table.columns()).filter(name -> !name.equals("digit")).toArray(String[]::new);
        Dataset<Row> rows = new VectorAssembler()
                .setInputCols(pixels)
                .setOutputCol("features")
                .transform(table)
                .select(functions.col("features"), functions.col("digit").cast("double").as("label"));
        return rows.crossJoin(spark.range(50)).drop("id");
    }

    private static void measure(Table table, String name, Dataset<Row> data, int... hidden) throws Exception {
        Dataset<Row> rows = data.cache();
        long count = rows.count();
        Dataset<Row> few = rows.limit(1000).cache();
        int inputs = few.first().<org.apache.spark.ml.linalg.Vector>getAs("features").size();
        int[] layers = new int[hidden.length + 2];
        layers[0] = inputs;
        System.arraycopy(hidden, 0, layers, 1, hidden.length);
        layers[layers.length - 1] = 10;
        MultilayerPerceptronClassificationModel spark =
                new MultilayerPerceptronClassifier().setLayers(layers).setMaxIter(1).fit(few);
        MlpClassificationModel ours = new MlpClassifier().setPreset("none")
                .setHiddenLayers(hidden)
                .setActivation("sigmoid")
                .setMaxIter(1)
                .fit(few);
        double[] ourTimes = new double[ROUNDS];
        double[] sparkTimes = new double[ROUNDS];
        for (int round = -2; round < ROUNDS; round++) {
            double own = Times.seconds(() -> consume(ours.transform(rows)));
            double other = Times.seconds(() -> consume(spark.transform(rows)));
            if (round >= 0) {
                ourTimes[round] = own;
                sparkTimes[round] = other;
            }
        }
        double own = count / Times.median(ourTimes);
        double other = count / Times.median(sparkTimes);
        table.add(name, own, other, own / other);
        few.unpersist();
        rows.unpersist();
    }

    private static void consume(Dataset<Row> scored) {
        scored.write().format("noop").mode("overwrite").save();
    }
}
