package dev.kindling.bench;

import dev.kindling.ml.MlpClassificationModel;
import dev.kindling.ml.MlpClassifier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Test accuracy and seconds by the number of local steps, at equal epochs: Fashion-MNIST, 784-256-128-10 relu, Adam,
 * batches of 512, local[2]. Arguments: [epochs [shards]].
 */
public final class Rounds {
    private static final int EPOCH = 118; // steps of 512 rows

    private Rounds() {}

    public static void main(String[] arguments) throws Exception {
        int epochs = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10;
        int shards = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 4;
        SparkSession spark = Session.local(2);
        Dataset<Row> train = FashionMnist.train(spark, FashionMnist.ROWS);
        Dataset<Row> test = FashionMnist.test(spark);
        Table table = new Table("local steps", "test accuracy", "s an epoch, jobs", "s an epoch, threads");
        for (int steps : new int[] {1, 4, 16, 64, EPOCH}) {
            spark.sparkContext().setLocalProperty("spark.kindling.oneJvm", "false");
            MlpClassificationModel jobs = fit(train, steps, epochs, shards);
            spark.sparkContext().setLocalProperty("spark.kindling.oneJvm", "true");
            MlpClassificationModel threads = fit(train, steps, Math.min(3, epochs), shards);
            table.add(
                    steps == EPOCH ? "an epoch" : String.valueOf(steps),
                    String.format("%.4f", FashionMnist.accuracy(jobs, test)),
                    jobs.summary().orElseThrow().secondsPerEpoch(),
                    threads.summary().orElseThrow().secondsPerEpoch());
        }
        table.print();
    }

    private static MlpClassificationModel fit(Dataset<Row> train, int steps, int epochs, int shards) {
        return new MlpClassifier().setPreset("none")
                .setHiddenLayers(256, 128)
                .setBatchSize(512)
                .setMaxIter(epochs)
                .setNumShards(shards)
                .setLocalSteps(steps)
                .setSeed(1)
                .fit(train);
    }
}
