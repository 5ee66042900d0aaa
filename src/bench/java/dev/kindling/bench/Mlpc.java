package dev.kindling.bench;

import dev.kindling.linalg.Gemm;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.ml.MlpClassifier;
import dev.ludovic.netlib.blas.NativeBLAS;
import java.util.Arrays;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;

/**
 * Seconds of a fit that reaches 0.87 test accuracy on Fashion-MNIST with 784-256-128-10, local[2]: Kindling (relu, Adam,
 * batches of 512) and Spark's MultilayerPerceptronClassifier at its best setting (its sigmoid, l-bfgs, blocks of 512 rows,
 * native BLAS). Arguments: MLPC's numbers of iterations to try, rising.
 *
 * <p>MLPC tells no accuracy on its way, so each number is a fresh fit, and what counts is the first fit that gets there,
 * alone. So it does for Kindling's epochs.
 */
public final class Mlpc {
    private static final double TARGET = 0.87;
    private static final int[] LAYERS = {784, 256, 128, 10};

    private record Fit(double seconds, double accuracy) {
        boolean reached() {
            return accuracy >= TARGET;
        }
    }

    private final Dataset<Row> train;
    private final Dataset<Row> test;
    private final Table table = new Table("fit", "seconds", "test accuracy");

    private Mlpc(SparkSession spark) {
        train = FashionMnist.train(spark, FashionMnist.ROWS);
        test = FashionMnist.test(spark);
    }

    public static void main(String[] arguments) throws Exception {
        int[] iterations = arguments.length == 0
                ? new int[] {50, 100, 150, 200, 250}
                : Arrays.stream(arguments).mapToInt(Integer::parseInt).toArray();
        useOpenBlas();
        new Mlpc(Session.local(2)).run(iterations);
    }

    private void run(int[] iterations) throws Exception {
        int epochs = 1;
        for (int most : iterations) {
            Fit ours = kindling(epochs);
            while (!ours.reached()) {
                ours = kindling(++epochs);
            }
            Fit theirs = fit("MLPC, " + most + " iterations", estimator(LAYERS).setMaxIter(most));
            if (theirs.reached()) {
                table.print();
                System.out.printf("to %.2f: MLPC / Kindling = %.1f%n", TARGET, theirs.seconds / ours.seconds);
                return;
            }
        }
        table.print();
        System.out.printf("MLPC did not reach %.2f: give it more iterations%n", TARGET);
    }

    private Fit kindling(int epochs) throws Exception {
        return fit(
                "Kindling, " + epochs + " epochs",
                new MlpClassifier().setPreset("none")
                        .setHiddenLayers(256, 128)
                        .setBatchSize(512)
                        .setMaxIter(epochs)
                        .setNumShards(2)
                        .setSeed(1));
    }

    private <M extends Model<M>> Fit fit(String name, Estimator<M> estimator) {
        long start = System.nanoTime();
        M model = estimator.fit(train);
        double seconds = (System.nanoTime() - start) / 1e9;
        Fit fit = new Fit(seconds, FashionMnist.accuracy(model, test));
        table.add(name, fit.seconds, fit.accuracy);
        System.out.printf("%s: %.2f s, %.4f%n", name, fit.seconds, fit.accuracy);
        return fit;
    }

    /** MLPC as it is fastest. */
    static MultilayerPerceptronClassifier estimator(int... layers) {
        return new MultilayerPerceptronClassifier()
                .setLayers(layers)
                .setSolver("l-bfgs")
                .setBlockSize(512)
                .setSeed(1);
    }

    /** Gives MLPC the OpenBLAS that Kindling brings, with one thread a task; must come before netlib's first use. */
    static void useOpenBlas() {
        try {
            Gemm.named("openblas"); // loads it, and sets its threads
        } catch (InvalidInput unavailable) {
            System.out.println("neither side has OpenBLAS: " + unavailable.getMessage());
            return;
        }
        String library = Loader.load(openblas_nolapack.class);
        System.setProperty(
                "dev.ludovic.netlib.blas.nativeLibPath",
                library.substring(0, library.lastIndexOf('/')) + "/libopenblas_nolapack.so.0");
        System.out.println("MLPC multiplies by netlib's "
                + NativeBLAS.getInstance().getClass().getSimpleName() + " on Kindling's OpenBLAS");
    }
}
