package dev.kindling.ml;

import static dev.kindling.GoldenFile.doubles;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kindling.InOneJvm;
import dev.kindling.LocalSpark;
import dev.kindling.ml.internal.NetworkWeights;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Networks of one layer are linear models, whose optimum others know: scikit-learn and the normal equations ({@code
 * src/test/python/agreement.py} wrote the file) and Spark's own LogisticRegression.
 */
@Tag("one-line")
@InOneJvm
final class AgreementTest {
    /**
     * Of the largest coefficient; seen: 1.1e-3. A line search compares values of the objective, which float32 logits blur
     * by some 1e-8; where the curvature is only that of the penalty, 0.01, the optimum is blurred by √(2e-8/0.01) of it.
     */
    private static final double TOLERANCE = 3e-3;

    private static final JsonNode GOLDEN = read();

    private static JsonNode read() {
        try (InputStream in = AgreementTest.class.getResourceAsStream("/golden/linear.json")) {
            return new ObjectMapper().readTree(in).get("fits");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Dataset<Row> bundled(String name, String labelColumn) {
        Dataset<Row> table = LocalSpark.session()
                .read()
                .option("header", true)
                .option("inferSchema", true)
                .csv("src/main/resources/dev/kindling/" + name + ".csv.gz");
        String[] columns = Arrays.stream(table.columns())
                .filter(column -> !column.equals(labelColumn))
                .toArray(String[]::new);
        Dataset<Row> vectors = new VectorAssembler()
                .setInputCols(columns)
                .setOutputCol("features")
                .transform(table);
        if (name.equals("breast_cancer")) {
            return new StringIndexer()
                    .setInputCol(labelColumn)
                    .setOutputCol("label")
                    .setStringOrderType("alphabetAsc")
                    .fit(vectors)
                    .transform(vectors);
        }
        return vectors.withColumnRenamed(labelColumn, "label");
    }

    private static <T extends MlpEstimatorParams<T>> T linear(T estimator, double l2) {
        return estimator
                .setHiddenLayers()
                .setStandardize(true)
                .setOptimizer("lbfgs(tolerance=1e-10)")
                .setRegParam(l2)
                .setMaxIter(300)
                .setNumShards(3);
    }

    /** The parameters behind those of standardize: (inputs, outputs) of weights, then the biases. */
    private static double[] dense(NetworkWeights weights, int inputs, int outputs) {
        float[] all = weights.parameters;
        assertThat(all).hasSize(2 * inputs + (inputs + 1) * outputs);
        return IntStream.range(2 * inputs, all.length).mapToDouble(i -> all[i]).toArray();
    }

    /** As (outputs, inputs), then the intercepts: what the file has. */
    private static void assertAgrees(JsonNode golden, double[] dense, int inputs, int outputs) {
        double[] coefficients = doubles(golden.get("coefficients"));
        double[] intercepts = doubles(golden.get("intercepts"));
        double largest = Arrays.stream(coefficients).map(Math::abs).max().orElseThrow();
        double worst = 0;
        for (int j = 0; j < outputs; j++) {
            for (int i = 0; i < inputs; i++) {
                worst = Math.max(worst, Math.abs(dense[i * outputs + j] - coefficients[j * inputs + i]) / largest);
            }
        }
        // a softmax leaves a constant in all intercepts undetermined
        double shift = outputs == 1
                ? 0
                : IntStream.range(0, outputs)
                        .mapToDouble(j -> dense[inputs * outputs + j] - intercepts[j])
                        .average()
                        .orElseThrow();
        double scale =
                Math.max(largest, Arrays.stream(intercepts).map(Math::abs).max().orElseThrow());
        for (int j = 0; j < outputs; j++) {
            worst = Math.max(worst, Math.abs(dense[inputs * outputs + j] - shift - intercepts[j]) / scale);
        }
        System.out.printf("AgreementTest, %s: worst relative error %.1e%n", golden.get("data"), worst);
        assertThat(worst).isLessThan(TOLERANCE);
    }

    @Test
    void oneSigmoidIsScikitLearnsLogisticRegression() {
        MlpClassificationModel model = linear(
                        new MlpClassifier().setPreset("none"),
                        GOLDEN.get(0).get("l2").asDouble())
                .setLoss("sigmoidCrossEntropy")
                .fit(bundled("breast_cancer", "diagnosis"));
        assertAgrees(GOLDEN.get(0), dense(model.trained(), 30, 1), 30, 1);
        assertThat(model.summary().orElseThrow().stopReason()).isEqualTo("converged");
    }

    @Test
    void aSoftmaxIsScikitLearnsMultinomialLogisticRegression() {
        MlpClassificationModel model = linear(
                        new MlpClassifier().setPreset("none"),
                        GOLDEN.get(1).get("l2").asDouble())
                .fit(bundled("digits", "digit"));
        assertAgrees(GOLDEN.get(1), dense(model.trained(), 64, 10), 64, 10);
    }

    @Test
    void oneLinearUnitIsTheSolutionOfTheNormalEquations() {
        MlpRegressionModel model = linear(
                        new MlpRegressor().setPreset("none"),
                        GOLDEN.get(2).get("l2").asDouble())
                .fit(bundled("diabetes", "progression"));
        assertAgrees(GOLDEN.get(2), dense(model.trained(), 10, 1), 10, 1);
    }

    @Test
    void aSoftmaxWithElasticNetAndWeightsIsSparksLogisticRegression() {
        Dataset<Row> flowers = Flowers.clusters(300, 3, 5);
        LogisticRegressionModel spark = new LogisticRegression()
                .setFamily("multinomial")
                .setStandardization(false)
                .setRegParam(0.02)
                .setElasticNetParam(0.5)
                .setWeightCol("weight")
                .setMaxIter(1000)
                .setTol(1e-12)
                .fit(flowers);
        MlpClassificationModel model = linear(new MlpClassifier().setPreset("none"), 0.02)
                .setStandardize(false)
                .setElasticNetParam(0.5)
                .setWeightCol("weight")
                .fit(flowers);
        List<Row> theirs = spark.transform(flowers).select("probability").collectAsList();
        List<Row> ours = model.transform(flowers).select("probability").collectAsList();
        for (int row = 0; row < ours.size(); row++) {
            double[] expected = ((Vector) theirs.get(row).get(0)).toArray();
            double[] actual = ((Vector) ours.get(row).get(0)).toArray();
            for (int j = 0; j < 3; j++) {
                assertThat(actual[j]).isCloseTo(expected[j], within(1e-3));
            }
        }
    }
}
