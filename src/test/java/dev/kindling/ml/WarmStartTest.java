package dev.kindling.ml;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.InOneJvm;
import dev.kindling.linalg.InvalidInput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training that begins with given weights or where a model ended, weights by class, and what features are worth. */
@Tag("end-to-end")
@Tag("one-line")
@InOneJvm
final class WarmStartTest {
    private static final Dataset<Row> TRAIN = Flowers.clusters(300, 3, 1);
    private static final Dataset<Row> TEST = Flowers.clusters(150, 3, 2);

    @TempDir
    Path folder;

    private static MlpClassifier estimator() {
        return new MlpClassifier()
                .setPreset("none")
                .setHiddenLayers(10)
                .setActivation("tanh")
                .setStandardize(true)
                .setMaxIter(3)
                .setBatchSize(50)
                .setStepSize(0.01)
                .setNumShards(2)
                .setSeed(4);
    }

    @Test
    void aFitGoesOnWhereAModelEnded() {
        MlpClassificationModel first = estimator().fit(TRAIN);
        double reached = first.evaluate(TRAIN).loss();
        MlpClassifier next = new MlpClassifier()
                .setPreset("none")
                .setInitialModel(first)
                .setBatchSize(50)
                .setNumShards(2);
        MlpClassificationModel same = next.setMaxIter(1).setStepSize(1e-30).fit(TRAIN);
        assertThat(same.parameters()).isEqualTo(first.parameters());
        assertThat(same.isSet(same.initialWeights()))
                .as("they are not saved twice")
                .isFalse();
        assertThat(same.network()).isEqualTo(first.network());
        MlpClassificationModel further = next.setMaxIter(3).setStepSize(0.01).fit(TRAIN);
        assertThat(further.summary().orElseThrow().history().get(0).trainingLoss())
                .isLessThan(first.summary().orElseThrow().history().get(2).trainingLoss());
        assertThat(further.evaluate(TRAIN).loss()).isLessThan(reached);
    }

    @Tag("smoke")
    @Test
    void weightsAreGivenAsSparksPerceptronTakesThem() throws IOException {
        float[] parameters = estimator().fit(TRAIN).parameters();
        double[] weights = new double[parameters.length];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = parameters[i];
        }
        MlpClassifier given =
                estimator().setInitialWeights(Vectors.dense(weights)).setStepSize(1e-30);
        assertThat(given.fit(TRAIN).parameters()).isEqualTo(parameters);
        String path = folder.resolve("estimator").toString();
        given.save(path);
        assertThat(MlpClassifier.load(path).fit(TRAIN).parameters()).isEqualTo(parameters);
        assertThat(given.copy(new ParamMap()).fit(TRAIN).parameters()).isEqualTo(parameters);
    }

    @Test
    void weightsThatDoNotFitAreRefused() {
        assertThatThrownBy(() ->
                        estimator().setInitialWeights(Vectors.dense(1, 2, 3)).fit(TRAIN))
                .isInstanceOf(InvalidInput.class)
                .hasMessage("initialWeights must be the 91 parameters of the network with 4 inputs: standardize"
                        + " dense(10) tanh dense(3), but are 3");
        double[] weights = new double[91];
        weights[7] = Double.NaN;
        assertThatThrownBy(() ->
                        estimator().setInitialWeights(Vectors.dense(weights)).fit(TRAIN))
                .isInstanceOf(InvalidInput.class)
                .hasMessage("initialWeights must be finite numbers, but are NaN in place 7");
        MlpRegressionModel regression =
                new MlpRegressor().setPreset("none").setMaxIter(1).fit(TRAIN);
        assertThatThrownBy(() -> new MlpClassifier()
                        .setPreset("none")
                        .setInitialModel(regression)
                        .fit(TRAIN))
                .isInstanceOf(InvalidInput.class);
    }

    @Test
    void aCheckpointOfOtherFirstWeightsIsRefused() {
        String path = folder.resolve("checkpoints").toString();
        MlpClassificationModel model = estimator().setCheckpointDir(path).fit(TRAIN);
        assertThatThrownBy(() -> estimator()
                        .setCheckpointDir(path)
                        .setInitialWeights(model.trained().vector())
                        .fit(TRAIN))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("first parameters");
    }

    @Test
    void aRegressorKeepsTheScaleOfTheModelsTargets() {
        Dataset<Row> train = Flowers.surface(200, 1)
                .withColumn("label", col("label").multiply(100).plus(1000));
        MlpRegressionModel first = new MlpRegressor()
                .setPreset("none")
                .setStandardizeTarget(true)
                .setNumShards(2)
                .setMaxIter(3)
                .fit(train);
        MlpRegressionModel same = new MlpRegressor()
                .setPreset("none")
                .setInitialModel(first)
                .setNumShards(2)
                .setMaxIter(1)
                .setStepSize(1e-30)
                .setStandardizeTarget(true)
                .fit(train.filter("id < 50"));
        assertThat(same.transform(train).collectAsList())
                .isEqualTo(first.transform(train).collectAsList());
    }

    @Tag("smoke")
    @Test
    void aStreamTrainsTheModelOnABatchAtATime() throws Exception {
        String source = folder.resolve("stream").toString();
        TRAIN.filter("label < 2").limit(60).coalesce(1).write().parquet(source);
        TRAIN.filter("id >= 100").coalesce(1).write().mode("append").parquet(source);
        List<MlpClassificationModel> models = new ArrayList<>();
        models.add(estimator().fit(TRAIN.filter("id < 60")));
        VoidFunction2<Dataset<Row>, Long> learn = (batch, id) -> models.add(
                estimator().setInitialModel(models.get(models.size() - 1)).fit(batch));
        StreamingQuery query = TRAIN.sparkSession()
                .readStream()
                .schema(TRAIN.schema())
                .option("maxFilesPerTrigger", 1)
                .parquet(source)
                .writeStream()
                .trigger(Trigger.AvailableNow())
                .option("checkpointLocation", folder.resolve("query").toString())
                .foreachBatch(learn)
                .start();
        query.awaitTermination();
        assertThat(models).hasSize(3).allSatisfy(model -> assertThat(model.numClasses())
                .as("also of the batch without the last class")
                .isEqualTo(3));
        assertThat(models.get(2).evaluate(TEST).accuracy())
                .isGreaterThan(models.get(0).evaluate(TEST).accuracy())
                .isGreaterThan(0.85);
    }

    @Test
    void theCountOfClassesMayBeGiven() {
        assertThat(estimator().setClassCount(5).fit(TRAIN).numClasses()).isEqualTo(5);
        assertThatThrownBy(() -> estimator().setClassCount(2).fit(TRAIN))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("must hold class indices below 2, the number of classes");
    }

    @Test
    void classWeightsByClassAreThoseInOrder() {
        float[] inOrder =
                estimator().setClassWeights("factors([1 4 1])").fit(TRAIN).parameters();
        assertThat(estimator().setClassWeights(Map.of(1, 4.0)).fit(TRAIN).parameters())
                .isEqualTo(inOrder);
        assertThat(estimator().setClassWeights("byClass([1], [4])").fit(TRAIN).parameters())
                .isEqualTo(inOrder);
        assertThatThrownBy(() -> estimator().setClassWeights(Map.of(3, 4.0)).fit(TRAIN))
                .isInstanceOf(InvalidInput.class)
                .hasMessage("class weights must be for the classes 0 to 2, but one is for 3");
    }

    @Test
    void theFeaturesThatTellTheClassesApartAreTheImportantOnes() {
        MlpClassificationModel model = estimator().setMaxIter(15).fit(TRAIN); // of four features the last is noise
        List<FeatureImportance> importances = model.permutationImportance(TEST, 5, 1);
        assertThat(importances).hasSize(4);
        assertThat(importances.get(3).index()).isEqualTo(3);
        assertThat(importances.get(3).name()).isEqualTo("feature 3");
        assertThat(importances.get(3).mean()).isCloseTo(0, within(0.03));
        assertThat(importances.get(0).mean()).isBetween(0.1, 0.6);
        assertThat(importances.get(0).deviation()).isBetween(1e-4, 0.1);
        assertThat(model.permutationImportance(TEST, 5, 1)).isEqualTo(importances);
    }

    @Test
    void aLineKnowsItsImportancesInClosedForm() {
        Dataset<Row> data = Flowers.surface(600, 3)
                .withColumn("x", org.apache.spark.ml.functions.vector_to_array(col("features"), "float64"))
                .withColumn("label", col("x").getItem(0).multiply(3).plus(col("x").getItem(1)));
        MlpRegressionModel line = new MlpRegressor()
                .setPreset("none")
                .setHiddenLayers()
                .setOptimizer("lbfgs(tolerance=1e-12)")
                .setMaxIter(50)
                .setNumShards(2)
                .fit(data);
        List<FeatureImportance> importances = line.permutationImportance(data, 20, 1);
        // independent features: R² falls by twice their share of the variance, 9/10 and 1/10
        assertThat(importances.get(0).index()).isZero();
        assertThat(importances.get(0).mean()).isCloseTo(1.8, within(0.15));
        assertThat(importances.get(1).index()).isEqualTo(1);
        assertThat(importances.get(1).mean()).isCloseTo(0.2, within(0.05));
        assertThat(importances.get(2).mean()).isCloseTo(0, within(1e-3));
    }
}
