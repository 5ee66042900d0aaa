package dev.kindling.ml;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.hash;
import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.InOneJvm;
import dev.kindling.LocalSpark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is learned with no param set, and how defaults give way to what the user sets. */
@Tag("end-to-end")
@Tag("one-line")
@InOneJvm
class DefaultsTest {

    @TempDir
    Path folder;

    @Test
    void aPresetSetsDefaultsAndLeavesWhatIsSet() {
        MlpClassifier before = new MlpClassifier().setStepSize(0.5).setPreset("none");
        MlpClassifier after = new MlpClassifier().setPreset("none").setStepSize(0.5);
        for (MlpClassifier mlp : List.of(before, after, before.copy(new ParamMap()))) {
            assertThat(mlp.getStepSize()).isEqualTo(0.5);
            assertThat(mlp.getSchedule()).isEqualTo("constant");
            assertThat(mlp.getMaxIter()).isEqualTo(20);
            assertThat(mlp.isSet(mlp.schedule())).isFalse();
        }
        assertThat(before.setPreset("default").getSchedule())
                .isEqualTo(new MlpClassifier().getSchedule())
                .startsWith("warmup");
        assertThat(before.getStepSize()).isEqualTo(0.5);
    }

    @Tag("smoke")
    @Test
    void aSavedEstimatorKeepsItsPreset() throws Exception {
        MlpRegressor mlp = new MlpRegressor().setPreset("realmlp").setDropout(0.05);
        mlp.write().save(folder.resolve("estimator").toString());
        MlpRegressor loaded = MlpRegressor.load(folder.resolve("estimator").toString());
        for (Param<?> param : mlp.params()) {
            assertThat(loaded.get(loaded.getParam(param.name())).toString())
                    .as(param.name())
                    .isEqualTo(mlp.get(param).toString());
        }
        assertThat(loaded.getActivation()).isEqualTo("mish");
        assertThat(loaded.getDropout()).isEqualTo(0.05);
    }

    @Tag("smoke")
    @Test
    void aPresetMayComeInAParamMap() {
        Dataset<Row> rows = Flowers.clusters(120, 3, 2);
        MlpClassifier mlp = new MlpClassifier().setMaxIter(3).setHiddenLayers(4).setNumShards(2);
        MlpClassificationModel mapped =
                mlp.fit(rows, new ParamMap().put(mlp.preset().w("none")));
        assertThat(mapped.parameters())
                .isEqualTo(mlp.copy(new ParamMap()).setPreset("none").fit(rows).parameters());
        assertThat(mapped.network()).doesNotContain("standardize");
    }

    @Test
    void rowsAreSetAsideOnlyWhereThereAreManyOrItIsAskedFor() {
        MlpClassifier mlp = new MlpClassifier().setMaxIter(2).setHiddenLayers(4).setNumShards(2);
        assertThat(validationRows(mlp, Flowers.clusters(49, 3, 2))).isZero();
        assertThat(validationRows(mlp, Flowers.clusters(120, 3, 2))).isBetween(8L, 30L);
        Dataset<Row> few = Flowers.clusters(49, 3, 2);
        assertThat(validationRows(mlp.copy(new ParamMap()).setValidationFraction(0.3), few))
                .isBetween(6L, 24L);
        assertThat(validationRows(mlp.copy(new ParamMap()).setValidationFraction(0), Flowers.clusters(120, 3, 2)))
                .isZero();
    }

    @Test
    void fewRowsTrainAsIfNoneHadBeenSetAside() {
        Dataset<Row> few = Flowers.clusters(45, 3, 2);
        MlpClassifier mlp = new MlpClassifier().setMaxIter(3).setHiddenLayers(4).setNumShards(2);
        assertThat(mlp.fit(few).parameters())
                .isEqualTo(mlp.copy(new ParamMap())
                        .setValidationFraction(0)
                        .fit(few)
                        .parameters());
    }

    @Test
    void aValidationColumnStandsInForTheFraction() {
        MlpClassifier mlp = new MlpClassifier()
                .setValidationIndicatorCol("held")
                .setMaxIter(2)
                .setNumShards(2);
        for (int count : new int[] {40, 200}) {
            Dataset<Row> rows = Flowers.clusters(count, 3, 2);
            assertThat(validationRows(mlp, rows)).isEqualTo(rows.filter("held").count());
        }
    }

    @Test
    void noiseIsNotTrainedOnToTheEnd() {
        Dataset<Row> noise = Flowers.clusters(200, 3, 2)
                .withColumn("label", hash(col("features")).bitwiseAND(1));
        MlpClassifier mlp = new MlpClassifier()
                .setHiddenLayers(32)
                .setMaxIter(120)
                .setMembers(1)
                .setNumShards(2);
        TrainingSummary stopped = mlp.fit(noise).summary().orElseThrow();
        assertThat(stopped.stopReason()).isEqualTo("earlyStopping");
        assertThat(stopped.history()).hasSize(stopped.bestEpoch() + 50).hasSizeLessThan(120);
        for (MlpClassifier other : List.of(
                mlp.copy(new ParamMap()).setPatience(0),
                mlp.copy(new ParamMap()).setValidationFraction(0))) {
            assertThat(other.fit(noise).summary().orElseThrow().stopReason()).isEqualTo("epochs");
        }
    }

    private static long validationRows(MlpClassifier mlp, Dataset<Row> rows) {
        return mlp.fit(rows).summary().orElseThrow().validationRows();
    }

    @Test
    void xorIsLearned() {
        List<Row> corners = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            corners.add(RowFactory.create(i, Vectors.dense(i / 2, i % 2), (double) (i / 2 ^ i % 2), 1.0, false, ""));
        }
        Dataset<Row> xor = LocalSpark.session().createDataFrame(corners, Flowers.SCHEMA);
        assertThat(new MlpClassifier().setNumShards(1).fit(xor).evaluate(xor).accuracy())
                .isEqualTo(1);
    }

    @Test
    void largeTargetsAndFeaturesOfAnyUnitAreLearned() {
        Dataset<Row> rows = Flowers.surface(1000, 3)
                .withColumn("label", col("label").multiply(1e6).plus(5e8));
        Dataset<Row> test = Flowers.surface(400, 4)
                .withColumn("label", col("label").multiply(1e6).plus(5e8));
        MlpRegressionModel model =
                new MlpRegressor().setMembers(1).setNumShards(2).fit(rows);
        assertThat(model.evaluate(test).r2()).isGreaterThan(0.9);
    }

    @Test
    void defaultsGiveWayToWhatTheyDoNotGoWith() {
        Dataset<Row> rows = Flowers.clusters(150, 3, 2);
        MlpClassifier mlp = new MlpClassifier().setHiddenLayers(4).setMaxIter(3).setNumShards(2);
        assertThat(mlp.copy(new ParamMap()).setOptimizer("lbfgs").fit(rows).network())
                .doesNotContain("dropout");
        MlpClassificationModel lowered = mlp.copy(new ParamMap())
                .setPlateau("reduce(factor=0.1, patience=10)")
                .fit(rows);
        assertThat(lowered.summary().orElseThrow().history())
                .allSatisfy(epoch -> assertThat(epoch.learningRate()).isEqualTo(mlp.getStepSize()));
        assertThat(new MlpClassifier()
                        .setArchitecture("dense(3) tanh")
                        .setMaxIter(2)
                        .fit(rows)
                        .network())
                .contains("dense(3) tanh dense(3)");
        new MlpRegressor().setLoss("poisson").setMaxIter(2).fit(rows); // whose targets cannot be scaled
    }

    @Test
    void manyFeaturesAreNotMadeDense() {
        List<Row> data = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            data.add(RowFactory.create(
                    i, Vectors.sparse(5000, new int[] {i}, new double[] {1}), (double) (i % 2), 1.0, false, ""));
        }
        Dataset<Row> wide = LocalSpark.session().createDataFrame(data, Flowers.SCHEMA);
        MlpClassifier mlp = new MlpClassifier().setHiddenLayers(2).setMaxIter(1).setNumShards(1);
        assertThat(mlp.fit(wide).network()).doesNotContain("standardize");
        assertThat(mlp.setStandardize(true).fit(wide).network()).contains("standardize");
    }

    @Test
    void aModelIsContinuedWhereItWas() {
        Dataset<Row> rows = Flowers.surface(300, 3)
                .withColumn("label", col("label").multiply(50).plus(1000));
        MlpRegressionModel first =
                new MlpRegressor().setMaxIter(5).setNumShards(2).fit(rows);
        MlpRegressionModel continued = new MlpRegressor()
                .setInitialModel(first)
                .setStepSize(1e-12)
                .setMaxIter(1)
                .setNumShards(2)
                .fit(rows);
        assertThat(continued.evaluate(rows).rmse())
                .isCloseTo(first.evaluate(rows).rmse(), within(1e-3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"default", "realmlp", "fast", "spark", "none"})
    void everyPresetLearnsClassesAndValues(String preset) {
        Dataset<Row> classes = Flowers.clusters(300, 3, 2);
        MlpClassifier classifier = new MlpClassifier().setPreset(preset).setNumShards(2);
        MlpRegressor regressor = new MlpRegressor().setPreset(preset).setNumShards(2);
        if (preset.equals("realmlp")) { // its 256 epochs of 3 x 256 units take a while
            classifier.setMaxIter(40);
            regressor.setMaxIter(40);
        }
        assertThat(classifier.fit(classes).evaluate(classes).accuracy()).isGreaterThan(0.85);
        Dataset<Row> values = Flowers.surface(300, 3);
        assertThat(regressor.fit(values).evaluate(values).r2()).isGreaterThan(preset.equals("none") ? 0.1 : 0.3);
    }

    @Test
    void presetSparkIsAsGoodAsSparksOwn() {
        Dataset<Row> rows = Flowers.clusters(300, 3, 2);
        Dataset<Row> test = Flowers.clusters(300, 3, 9);
        double sparks = new MultilayerPerceptronClassifier()
                .setLayers(new int[] {4, 5, 3})
                .setSeed(1)
                .fit(rows)
                .transform(test)
                .filter("prediction = label")
                .count();
        MlpClassifier mlp = new MlpClassifier()
                .setPreset("spark")
                .setHiddenLayers(5)
                .setSeed(1)
                .setNumShards(2);
        assertThat(mlp.fit(rows).transform(test).filter("prediction = label").count() / 300.0)
                .isCloseTo(sparks / 300, within(0.05));
    }

    @Test
    void aSingleRowIsNotSetAside() {
        Dataset<Row> one = Flowers.surface(1, 3).withColumn("label", lit(7.0));
        assertThat(new MlpRegressor()
                        .setMaxIter(1)
                        .setNumShards(1)
                        .fit(one)
                        .summary()
                        .orElseThrow()
                        .rows())
                .isEqualTo(1);
    }
}
