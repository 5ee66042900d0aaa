package dev.kindling.bench;

import dev.kindling.ml.MlpClassifier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.scheduler.JobSucceeded$;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * One pass over Fashion-MNIST with the deep network of the public ann-benchmark, 784-2500-2000-1500-1000-500-10 and 12
 * million weights, local[2]: Kindling's epoch (relu, Adam, batches of 512, its updates included; the median of five)
 * and one evaluation of the gradient by Spark's MLPC (its sigmoid, blocks of 512 rows, native BLAS; what l-bfgs adds on the driver left out).
 * Beside it, the share of what the cores' fused multiply-adds reach together. Arguments: [rows [rounds]].
 */
public final class Deep {
    private static final int[] HIDDEN = {2500, 2000, 1500, 1000, 500};
    private static final int[] LAYERS = {784, 2500, 2000, 1500, 1000, 500, 10};

    private Deep() {}

    public static void main(String[] arguments) throws Exception {
        int rows = arguments.length > 0 ? Integer.parseInt(arguments[0]) : FashionMnist.ROWS;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 2;
        Mlpc.useOpenBlas();
        SparkSession spark = Session.local(2);
        Dataset<Row> train = FashionMnist.train(spark, rows);
        Evaluations evaluations = new Evaluations();
        spark.sparkContext().addSparkListener(evaluations);
        List<Double> ours = new ArrayList<>();
        List<Double> peaks = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            peaks.add(Peak.ofMachine());
            ours.add(new MlpClassifier().setPreset("none")
                    .setHiddenLayers(HIDDEN)
                    .setBatchSize(512)
                    .setMaxIter(5)
                    .setNumShards(2)
                    .setSeed(1)
                    .fit(train)
                    .summary()
                    .orElseThrow()
                    .secondsPerEpoch());
            MultilayerPerceptronClassifier mlpc = Mlpc.estimator(LAYERS).setMaxIter(1);
            mlpc.fit(train);
        }
        spark.stop(); // the listener has then heard of all jobs
        double epoch = Times.median(ours);
        double evaluation = Times.median(evaluations.seconds);
        Table table = new Table("a pass over " + rows + " rows", "measured", "median seconds", "MLPC / it");
        table.add("Kindling's epoch", ours.size(), epoch, evaluation / epoch);
        table.add("MLPC's gradient", evaluations.seconds.size(), evaluation, 1.0);
        table.print();
        double reached = rows * operations() / epoch / 1e9;
        double peak = Times.median(peaks);
        System.out.printf(
                "products alone %.0f GFLOP/s, %.0f %% of the %.0f that the cores reach together%n",
                reached, 100 * reached / peak, peak);
    }

    /** Of a row's products: forward, and backward for weights and, but in the first layer, for inputs. */
    private static double operations() {
        double operations = 0;
        for (int layer = 1; layer < LAYERS.length; layer++) {
            operations += (layer == 1 ? 4.0 : 6.0) * LAYERS[layer - 1] * LAYERS[layer];
        }
        return operations;
    }

    /** The seconds of MLPC's jobs that evaluate the gradient: each is a treeAggregate over all rows. */
    private static final class Evaluations extends SparkListener {
        private final Map<Integer, Long> starts = new HashMap<>();
        private final List<Double> seconds = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void onJobStart(SparkListenerJobStart job) {
            if (job.stageInfos().head().name().startsWith("treeAggregate")) {
                starts.put(job.jobId(), job.time());
            }
        }

        @Override
        public void onJobEnd(SparkListenerJobEnd job) {
            Long start = starts.remove(job.jobId());
            if (start != null && job.jobResult() == JobSucceeded$.MODULE$) {
                seconds.add((job.time() - start) / 1e3);
            }
        }
    }
}
