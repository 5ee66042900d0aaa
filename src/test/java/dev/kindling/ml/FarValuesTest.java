package dev.kindling.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.InOneJvm;
import dev.kindling.LocalSpark;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.SplitMix64;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.evaluation.RegressionEvaluator;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Features and targets that lie far from 0 beside their range, such as Unix seconds: float32 cannot tell them apart. */
@Tag("end-to-end")
@Tag("one-line")
@InOneJvm
final class FarValuesTest {
    private static final double SECONDS = 1.7e9;

    @TempDir
    Path folder;

    /** The label depends on a time of 100 s, and the target is ten times a hundredth of it. */
    private static Dataset<Row> times(double ofFeature, double ofTarget, boolean classes) {
        SplitMix64 random = new SplitMix64(11);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            double time = 100 * random.nextDouble();
            double label = classes ? (time > 37 ? 1 : 0) : ofTarget + time / 10;
            Vector features = Vectors.dense(ofFeature + time, random.nextGaussian());
            rows.add(RowFactory.create(i, i % 2 == 0 ? features : features.toSparse(), label, 1.0, i % 5 == 0, "row"));
        }
        return LocalSpark.session().createDataFrame(rows, Flowers.SCHEMA);
    }

    private static MlpClassifier classifier() {
        return small(new MlpClassifier().setPreset("none"));
    }

    private static MlpRegressor regressor() {
        return small(new MlpRegressor().setPreset("none"));
    }

    private static <T extends MlpEstimatorParams<T>> T small(T estimator) {
        return estimator
                .setHiddenLayers(8)
                .setStandardize(true)
                .setMaxIter(60)
                .setBatchSize(64)
                .setStepSize(0.03)
                .setNumShards(2);
    }

    @Test
    void aFeatureOfUnixSecondsIsAsLearnableAsOneOfSeconds() {
        Dataset<Row> near = times(0, 0, true);
        Dataset<Row> far = times(SECONDS, 0, true);
        double expected = classifier().fit(near).evaluate(near).accuracy();
        MlpClassificationModel model = classifier().fit(far);
        assertThat(model.evaluate(far).accuracy())
                .isCloseTo(expected, within(0.01))
                .isGreaterThan(0.98);
        assertThat(model.offsets().apply(0)).isCloseTo(SECONDS + 50, within(1.0));
        assertThat(model.offsets().apply(1)).isZero();
        assertThat(model.offsets().size()).isEqualTo(2);
    }

    @Test
    void aFarTargetIsLearnedAndItsFiguresAreThoseOfSparkInDouble() {
        for (double far : new double[] {1e9, -1e12}) {
            Dataset<Row> data = times(SECONDS, far, false);
            for (boolean standardized : new boolean[] {true, false}) {
                MlpRegressionModel model =
                        regressor().setStandardizeTarget(standardized).fit(data);
                RegressionEvaluation own = model.evaluate(data);
                Dataset<Row> scored = model.transform(data);
                RegressionEvaluator spark = new RegressionEvaluator();
                assertThat(own.rmse())
                        .isLessThan(0.5)
                        .isCloseTo(spark.setMetricName("rmse").evaluate(scored), within(1e-3));
                assertThat(own.r2()).isGreaterThan(0.97).isLessThan(1);
                assertThat(scored.select("prediction").distinct().count()).isGreaterThan(380);
            }
        }
    }

    @Tag("smoke")
    @Test
    void aSavedModelScoresAlike() throws IOException {
        Dataset<Row> data = times(SECONDS, 1e9, false);
        MlpRegressionModel model = regressor().setMaxIter(3).fit(data);
        String path = folder.resolve("model").toString();
        model.save(path);
        MlpRegressionModel loaded = MlpRegressionModel.load(path);
        List<Row> before =
                model.transform(data).select("features", "prediction").collectAsList();
        assertThat(loaded.transform(data).select("features", "prediction").collectAsList())
                .isEqualTo(before);
        for (Row row : before.subList(0, 20)) {
            assertThat(loaded.predict(row.getAs(0))).isEqualTo(row.getDouble(1));
        }
        assertThat(loaded.offsets()).isEqualTo(model.offsets());
    }

    @Test
    void trainingContinuesWithTheModelsOffsets() {
        Dataset<Row> data = times(SECONDS, 1e9, false);
        MlpRegressionModel first =
                regressor().setMaxIter(5).setStandardizeTarget(true).fit(data);
        Dataset<Row> half = data.filter("id < 200");
        MlpRegressor next = new MlpRegressor()
                .setPreset("none")
                .setInitialModel(first)
                .setMaxIter(1)
                .setStepSize(1e-30);
        MlpRegressionModel same = next.fit(half);
        assertThat(same.parameters()).isEqualTo(first.parameters());
        assertThat(same.offsets()).isEqualTo(first.offsets());
        assertThat(same.evaluate(data).rmse()).isEqualTo(first.evaluate(data).rmse());
        assertThatThrownBy(() -> new MlpRegressor()
                        .setPreset("none")
                        .setInitialModel(first)
                        .setInitialOffsets(Vectors.zeros(7))
                        .fit(data))
                .isInstanceOf(InvalidInput.class)
                .hasMessage("initialOffsets must be those of the features and targets, 3, but are 7");
        MlpRegressor without = regressor().setInitialWeights(first.trained().vector());
        assertThatThrownBy(() -> without.fit(data))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("initialWeights need initialOffsets")
                .hasMessageContaining("setInitialModel");
    }

    @Test
    void importanceIsThatOfTheModel() {
        Dataset<Row> data = times(SECONDS, 0, true);
        MlpClassificationModel model = classifier().fit(data);
        List<FeatureImportance> found = model.permutationImportance(data, 3, 1);
        assertThat(found.get(0).index()).isZero();
        assertThat(found.get(0).mean()).isGreaterThan(0.3);
        assertThat(Math.abs(found.get(1).mean())).isLessThan(0.05);
    }

    @Test
    void theBitsDoNotDependOnThePartitions() {
        Dataset<Row> data = times(SECONDS, 1e9, false);
        float[] expected = regressor().setMaxIter(3).fit(data).parameters();
        assertThat(regressor().setMaxIter(3).fit(data.repartition(7)).parameters())
                .isEqualTo(expected);
    }

    @Test
    void countsKeepTheirTargets() {
        Dataset<Row> data = times(0, 1e6, false);
        MlpRegressionModel model = regressor().setLoss("poisson").setMaxIter(2).fit(data);
        assertThat(model.offsets().apply(2)).isZero();
    }
}
