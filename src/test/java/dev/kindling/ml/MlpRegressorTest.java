package dev.kindling.ml;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.InOneJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.ml.evaluation.RegressionEvaluator;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.regression.LinearRegression;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@InOneJvm
final class MlpRegressorTest {
    private static final Dataset<Row> TRAIN = Flowers.surface(400, 1);
    private static final Dataset<Row> TEST = Flowers.surface(200, 2);

    @TempDir
    Path folder;

    private static MlpRegressor small() {
        return new MlpRegressor()
                .setPreset("none")
                .setHiddenLayers(24, 12)
                .setActivation("tanh")
                .setMaxIter(60)
                .setBatchSize(32)
                .setStepSize(0.01)
                .setNumShards(2);
    }

    @Tag("one-line")
    @Test
    void itLearnsACurvedSurfaceThatALineCannot() {
        MlpRegressionModel model = small().fit(TRAIN);
        double linear = new RegressionEvaluator()
                .setMetricName("r2")
                .evaluate(new LinearRegression().fit(TRAIN).transform(TEST));
        assertThat(model.evaluate(TEST).r2()).isGreaterThan(0.9).isGreaterThan(linear + 0.3);
    }

    @Test
    void theEvaluationAgreesWithSparksOwn() {
        MlpRegressionModel model = small().setMaxIter(2).fit(TRAIN);
        Dataset<Row> scored = model.transform(TEST);
        RegressionEvaluation evaluation = model.evaluate(TEST);
        RegressionEvaluator spark = new RegressionEvaluator();
        assertThat(evaluation.rows()).isEqualTo(200);
        assertThat(evaluation.rmse()).isCloseTo(spark.setMetricName("rmse").evaluate(scored), within(1e-5));
        assertThat(evaluation.mae()).isCloseTo(spark.setMetricName("mae").evaluate(scored), within(1e-5));
        assertThat(evaluation.r2()).isCloseTo(spark.setMetricName("r2").evaluate(scored), within(1e-5));
        assertThat(evaluation.loss()).isCloseTo(evaluation.rmse() * evaluation.rmse(), within(1e-5));
    }

    @Tag("one-line")
    @ParameterizedTest
    @ValueSource(doubles = {1e9, 1e12})
    void theEvaluationOfLargeLabelsIsThatOfTheirOwnDigits(double mean) {
        Dataset<Row> far = TEST.withColumn("label", col("label").multiply(10).plus(mean));
        MlpRegressionModel model =
                small().setStandardizeTarget(true).setMaxIter(1).fit(far);
        List<Row> rows = model.transform(far).select("label", "prediction").collectAsList();
        double origin = rows.stream()
                .mapToDouble(row -> row.getDouble(0) - mean)
                .average()
                .orElseThrow();
        double squares = 0;
        double errors = 0;
        for (Row row : rows) {
            squares += Math.pow(row.getDouble(0) - mean - origin, 2);
            errors += Math.pow(row.getDouble(0) - row.getDouble(1), 2);
        }
        RegressionEvaluation evaluation = model.evaluate(far);
        assertThat(evaluation.r2() / (1 - errors / squares)).isCloseTo(1, within(1e-9));
        assertThat(evaluation.rmse() / Math.sqrt(errors / rows.size())).isCloseTo(1, within(1e-9));
        Dataset<Row> same = TEST.withColumn("label", lit(1.5 * mean));
        assertThat(model.evaluate(same).r2()).isZero();
    }

    @Test
    void oneVectorIsScoredAsInTransformAndASavedModelIsTheSameModel() throws IOException {
        MlpRegressionModel model = small().setMaxIter(2).fit(TRAIN);
        for (Row row : model.transform(TEST).limit(10).collectAsList()) {
            Vector features = row.getAs("features");
            assertThat(model.predict(features)).isCloseTo(row.getAs("prediction"), within(1e-5));
        }
        String path = folder.resolve("model").toString();
        model.save(path);
        MlpRegressionModel loaded = MlpRegressionModel.load(path);
        assertThat(loaded.parameters()).isEqualTo(model.parameters());
        assertThat(loaded.transform(TEST).collectAsList())
                .isEqualTo(model.transform(TEST).collectAsList());
    }
}
