package dev.kindling.ml;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.InOneJvm;
import dev.kindling.LocalSpark;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.loss.Ranking;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.feature.IndexToString;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("end-to-end")
@Tag("one-line")
@InOneJvm
final class MlpClassifierTest {
    private static final Dataset<Row> TRAIN = Flowers.clusters(240, 3, 1);
    private static final Dataset<Row> TEST = Flowers.clusters(90, 3, 2);

    @TempDir
    Path folder;

    private static MlpClassifier small() {
        return new MlpClassifier()
                .setPreset("none")
                .setHiddenLayers(12)
                .setMaxIter(25)
                .setBatchSize(24)
                .setStepSize(0.01)
                .setNumShards(2);
    }

    @AfterEach
    void nothingStaysCached() {
        assertThat(LocalSpark.session().sparkContext().getPersistentRDDs().isEmpty())
                .isTrue();
    }

    private static void assertParamsBelongTo(Params owner) {
        assertThat(owner.params()).isNotEmpty();
        for (Param<?> param : owner.params()) {
            assertThat(param.parent()).as(param.name()).isEqualTo(owner.uid());
        }
    }

    /** All params with their values; Spark prints arrays by their address, so those are left out. */
    private static String explained(Params params) {
        return params.explainParams().replaceAll("\\[[ID]@\\w+", "array");
    }

    @Test
    void everyParamBelongsToItsOwner() throws IOException {
        MlpClassifier estimator = small();
        MlpClassifier named = new MlpClassifier("given");
        assertThat(named.uid()).isEqualTo("given");
        assertThat(new MlpClassifier().setPreset("none").uid())
                .isNotEqualTo(new MlpClassifier().setPreset("none").uid());
        assertParamsBelongTo(estimator);
        assertParamsBelongTo(named);
        assertParamsBelongTo(estimator.copy(new ParamMap()));
        estimator.save(folder.resolve("estimator").toString());
        MlpClassifier loaded = MlpClassifier.load(folder.resolve("estimator").toString());
        assertParamsBelongTo(loaded);
        assertThat(loaded.uid()).isEqualTo(estimator.uid());
        assertThat(explained(loaded)).isEqualTo(explained(estimator));
        MlpClassificationModel model = estimator.setMaxIter(1).fit(TRAIN);
        assertParamsBelongTo(model);
        assertParamsBelongTo(model.copy(new ParamMap()));
        assertThat(model.parent()).isSameAs(estimator);
        assertThat(model.copy(new ParamMap()).parent()).isSameAs(estimator);
    }

    @Test
    void itLearnsClustersAsWellAsLogisticRegression() {
        MlpClassificationModel model = small().fit(TRAIN);
        double other = new MulticlassClassificationEvaluator()
                .setMetricName("accuracy")
                .evaluate(new LogisticRegression().fit(TRAIN).transform(TEST));
        assertThat(model.evaluate(TEST).accuracy()).isGreaterThan(other - 0.03).isGreaterThan(0.9);
        assertThat(model.numClasses()).isEqualTo(3);
        assertThat(model.numFeatures()).isEqualTo(4);
        TrainingSummary summary = model.summary().orElseThrow();
        assertThat(summary.history()).hasSize(25);
        assertThat(summary.rows()).isEqualTo(240);
        assertThat(summary.steps()).isEqualTo(250);
        assertThat(summary.stopReason()).isEqualTo("epochs");
    }

    @Tag("smoke")
    @Test
    void theEvaluationAgreesWithSparksOwn() {
        MlpClassificationModel model = small().setMaxIter(3).fit(TRAIN);
        Dataset<Row> scored = model.transform(TEST);
        ClassificationEvaluation evaluation = model.evaluate(TEST);
        MulticlassClassificationEvaluator spark = new MulticlassClassificationEvaluator();
        assertThat(evaluation.rows()).isEqualTo(90);
        assertThat(evaluation.accuracy())
                .isCloseTo(spark.setMetricName("accuracy").evaluate(scored), within(1e-9));
        assertThat(evaluation.f1()).isCloseTo(spark.setMetricName("f1").evaluate(scored), within(1e-9));
        assertThat(evaluation.logLoss())
                .isCloseTo(spark.setMetricName("logLoss").evaluate(scored), within(1e-6));
        assertThat(evaluation.loss()).isCloseTo(evaluation.logLoss(), within(1e-6));
        long hits = scored.filter("label = 1 and prediction = 2").count();
        assertThat(evaluation.confusion()[1][2]).isEqualTo(hits);
        Ranking.Reliability groups = evaluation.reliability();
        double right = 0;
        for (int group = 0; group < 10; group++) {
            right += groups.weights()[group] > 0 ? groups.weights()[group] * groups.observed()[group] : 0;
        }
        assertThat(right).isCloseTo(evaluation.accuracy() * 90, within(1e-9));
    }

    @Test
    void theWeightedEvaluationAgreesWithSparksOwn() {
        MlpClassificationModel model =
                small().setWeightCol("weight").setMaxIter(3).fit(TRAIN);
        MulticlassClassificationEvaluator spark = new MulticlassClassificationEvaluator().setWeightCol("weight");
        Dataset<Row> scored = model.transform(TEST);
        assertThat(model.evaluate(TEST).accuracy())
                .isCloseTo(spark.setMetricName("accuracy").evaluate(scored), within(1e-6));
        assertThat(model.evaluate(TEST).f1())
                .isCloseTo(spark.setMetricName("f1").evaluate(scored), within(1e-6));
    }

    @Test
    void oneVectorIsScoredAsInTransform() {
        MlpClassificationModel model = small().setMaxIter(3).fit(TRAIN);
        for (Row row : model.transform(TEST).limit(10).collectAsList()) {
            Vector features = row.getAs("features");
            assertThat(model.predict(features)).isEqualTo(row.<Double>getAs("prediction"));
            Vector raw = row.getAs("rawPrediction");
            Vector probability = row.getAs("probability");
            assertThat(model.predictRaw(features).toArray()).containsExactly(raw.toArray(), within(1e-5));
            assertThat(model.predictProbability(features).toArray())
                    .containsExactly(probability.toArray(), within(1e-5));
            assertThat(probability.toArray())
                    .satisfies(p -> assertThat(p[0] + p[1] + p[2]).isCloseTo(1, within(1e-5)));
        }
    }

    @Tag("smoke")
    @Test
    void transformKeepsTheOtherColumnsAndWritesOnlyTheAskedForOnes() {
        MlpClassificationModel model = small().setMaxIter(1).fit(TRAIN);
        assertThat(model.transform(TEST).columns())
                .containsExactly(
                        "id",
                        "features",
                        "label",
                        "weight",
                        "held",
                        "name",
                        "rawPrediction",
                        "probability",
                        "prediction");
        model.setRawPredictionCol("");
        model.setProbabilityCol("");
        model.setPredictionCol("guess");
        Dataset<Row> scored = model.transform(TEST.select("features", "name"));
        assertThat(scored.columns()).containsExactly("features", "name", "guess");
        assertThat(scored.count()).isEqualTo(90);
    }

    @Tag("smoke")
    @Test
    void whatIsDroppedBeforeTransformIsNotReadFromTheFile() {
        MlpClassificationModel model = small().setMaxIter(1).fit(TRAIN);
        String path = folder.resolve("rows").toString();
        TEST.write().parquet(path);
        Dataset<Row> scored = model.transform(
                LocalSpark.session().read().parquet(path).filter("id < 40").select("features", "id"));
        assertThat(scored.count()).isEqualTo(40);
        String plan = scored.queryExecution().executedPlan().toString();
        assertThat(plan).contains("PushedFilters: [IsNotNull(id), LessThan(id,40)]");
        assertThat(plan).containsPattern("FileScan parquet \\[id#\\d+,features#\\d+\\]");
    }

    @Tag("smoke")
    @Test
    void thresholdsWorkAsInSparksModels() {
        MlpClassificationModel model = small().setMaxIter(2).fit(TRAIN);
        model.setThresholds(new double[] {0.9, 0.05, 0.4});
        List<Row> rows = model.transform(TEST).collectAsList();
        for (Row row : rows) {
            assertThat(row.<Double>getAs("prediction")).isEqualTo(model.predict(row.getAs("features")));
        }
        assertThat(rows.stream()
                        .filter(row -> row.<Double>getAs("prediction") == 1.0)
                        .count())
                .isGreaterThan(30);
    }

    @Test
    void twoClassesTrainWithOneLogitToo() {
        Dataset<Row> two = Flowers.clusters(160, 2, 5);
        MlpClassificationModel sigmoid = small().setLoss("sigmoidCrossEntropy").fit(two);
        assertThat(sigmoid.network()).endsWith("relu dense(1)");
        assertThat(sigmoid.evaluate(two).accuracy()).isGreaterThan(0.95);
        Vector features = Vectors.dense(0, 2, 0, 0);
        assertThat(sigmoid.predictProbability(features).apply(1)).isGreaterThan(0.8);
        assertThat(sigmoid.predictRaw(features).apply(0))
                .isEqualTo(-sigmoid.predictRaw(features).apply(1));
        assertThatThrownBy(() -> small().setLoss("sigmoidCrossEntropy").fit(TRAIN))
                .hasMessage("sigmoidCrossEntropy tells two classes apart, but the labels have 3; use"
                        + " softmaxCrossEntropy");
    }

    @Tag("smoke")
    @Test
    void aSavedModelIsTheSameModel() throws IOException {
        MlpClassificationModel model =
                small().setMaxIter(2).setThresholds(new double[] {1, 2, 3}).fit(TRAIN);
        String path = folder.resolve("model").toString();
        model.save(path);
        MlpClassificationModel loaded = MlpClassificationModel.load(path);
        assertThat(loaded.parameters()).isEqualTo(model.parameters());
        assertThat(loaded.uid()).isEqualTo(model.uid());
        assertThat(explained(loaded)).isEqualTo(explained(model));
        assertThat(loaded.gemm()).isEqualTo(model.gemm());
        assertThat(loaded.shards()).isEqualTo(2);
        assertParamsBelongTo(loaded);
        assertThat(loaded.transform(TEST).collectAsList())
                .isEqualTo(model.transform(TEST).collectAsList());
        assertThatThrownBy(() -> model.save(path)).isInstanceOf(IOException.class);
        model.write().overwrite().save(path);
        assertThatThrownBy(() -> MlpRegressionModel.load(path))
                .isInstanceOf(InvalidInput.class)
                .hasMessage(path + " must hold a dev.kindling.ml.MlpRegressionModel, but holds a"
                        + " dev.kindling.ml.MlpClassificationModel; load it with that class");
        assertThatThrownBy(() -> MlpClassificationModel.load(folder.toString()))
                .isInstanceOf(InvalidInput.class)
                .hasMessage(folder + " must hold a saved model, but has no folder metadata");
    }

    @Tag("smoke")
    @Test
    void itWorksInAPipelineThatIsSavedAndLoaded() throws IOException {
        Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {
            new StringIndexer().setInputCol("name").setOutputCol("index").setStringOrderType("alphabetAsc"),
            small().setLabelCol("index"),
            new IndexToString().setInputCol("prediction").setOutputCol("guess").setLabels(new String[] {
                "kind 0", "kind 1", "kind 2"
            })
        });
        PipelineModel model = pipeline.fit(TRAIN);
        Dataset<Row> scored = model.transform(TEST);
        assertThat(scored.filter(col("name").equalTo(col("guess"))).count()).isGreaterThan(81);
        String path = folder.resolve("pipeline").toString();
        model.save(path);
        assertThat(PipelineModel.load(path).transform(TEST).select("guess").collectAsList())
                .isEqualTo(scored.select("guess").collectAsList());
    }

    @Test
    void aCrossValidatorChoosesTheBetterSettings() {
        MlpClassifier estimator = small().setMaxIter(4);
        ParamMap[] grid = new ParamGridBuilder()
                .addGrid(estimator.stepSize(), new double[] {1e-6, 0.02})
                .build();
        ParamMap[] grids = {
            grid[0],
            grid[1],
            new ParamMap().put(estimator.optimizer(), "sgd"),
            new ParamMap().put(estimator.hiddenLayers(), new int[] {3, 3})
        };
        CrossValidatorModel model = new CrossValidator()
                .setEstimator(estimator)
                .setEstimatorParamMaps(grids)
                .setEvaluator(new MulticlassClassificationEvaluator().setMetricName("accuracy"))
                .setNumFolds(2)
                .setParallelism(2)
                .setSeed(1)
                .fit(TRAIN);
        MlpClassificationModel best = (MlpClassificationModel) model.bestModel();
        assertThat(best.getStepSize()).isEqualTo(0.02);
        assertThat(model.avgMetrics()).hasSize(4);
    }

    @Test
    void fittingLeavesTheEstimatorAsItWasAndTwoFitsAtOnceGiveTheSameBits() {
        MlpClassifier estimator = small().setMaxIter(3);
        String before = estimator.explainParams();
        CompletableFuture<MlpClassificationModel> one = CompletableFuture.supplyAsync(() -> estimator.fit(TRAIN));
        CompletableFuture<MlpClassificationModel> two = CompletableFuture.supplyAsync(() -> estimator.fit(TRAIN));
        assertThat(one.join().parameters()).isEqualTo(two.join().parameters());
        assertThat(estimator.explainParams()).isEqualTo(before);
    }

    @Test
    void validationRowsComeFromAColumn() {
        MlpClassificationModel model =
                small().setMaxIter(3).setValidationIndicatorCol("held").fit(TRAIN);
        TrainingSummary summary = model.summary().orElseThrow();
        assertThat(summary.validationRows()).isEqualTo(48);
        assertThat(summary.rows()).isEqualTo(192);
        assertThat(summary.history().get(2).validationLoss()).isPositive();
    }

    @Tag("smoke")
    @Test
    void missingAndMistypedColumnsAreRefusedBeforeAnyJob() {
        assertThatThrownBy(() -> small().setFeaturesCol("featurse").fit(TRAIN))
                .isInstanceOf(InvalidInput.class)
                .hasMessage(
                        "featuresCol \"featurse\" must be a column of the data; did you mean \"features\"? The columns"
                                + " are: id, features, label, weight, held, name");
        assertThatThrownBy(() -> small().setLabelCol("name").fit(TRAIN))
                .isInstanceOf(InvalidInput.class)
                .hasMessage(
                        "labelCol \"name\" must hold numbers, but holds string; StringIndexer makes class indices of"
                                + " strings");
        assertThatThrownBy(() -> small().setFeaturesCol("id").fit(TRAIN))
                .isInstanceOf(InvalidInput.class)
                .hasMessage("featuresCol \"id\" must hold vectors or arrays of float or double, but holds int;"
                        + " setFeaturesCols takes plain columns");
        assertThatThrownBy(() -> small().setWeightCol("nothing").fit(TRAIN))
                .isInstanceOf(InvalidInput.class)
                .hasMessageStartingWith("weightCol \"nothing\" must be a column of the data");
        assertThatThrownBy(() -> small().setValidationIndicatorCol("id").fit(TRAIN))
                .isInstanceOf(InvalidInput.class)
                .hasMessage("validationIndicatorCol \"id\" must hold booleans, but holds int");
        MlpClassificationModel model = small().setMaxIter(1).fit(TRAIN);
        assertThatThrownBy(() -> model.transform(TEST.withColumnRenamed("features", "f")))
                .isInstanceOf(InvalidInput.class)
                .hasMessageStartingWith("featuresCol \"features\" must be a column of the data");
    }

    @Test
    void badSettingsAreRefusedByName() {
        assertThatThrownBy(() -> small().setHiddenLayers(8, 0).fit(TRAIN))
                .isInstanceOf(InvalidInput.class)
                .hasMessage("the width of hidden layer 2 must be positive, but is 0");
        assertThatThrownBy(() -> small().setOptimizer("adma"))
                .isInstanceOf(InvalidInput.class)
                .hasMessageStartingWith("optimizer must be one of sgd, momentum, nesterov, ")
                .hasMessageEndingWith(", but is \"adma\"; did you mean adam?");
        assertThatThrownBy(() -> small().setSchedule("warmup(steps())"))
                .isInstanceOf(InvalidInput.class)
                .hasMessage("steps needs count, as in steps(count=…)");
        assertThatThrownBy(() -> small().setMaxIter(-1)).hasMessageContaining("maxIter given invalid value -1");
    }

    @Test
    void aModelRefusesVectorsOfAnotherSizeAndNulls() {
        MlpClassificationModel model = small().setMaxIter(1).fit(TRAIN);
        assertThatThrownBy(() -> model.predict(Vectors.dense(1, 2)))
                .isInstanceOf(InvalidInput.class)
                .hasMessage("the model takes vectors of 4 values, but one has 2");
        Dataset<Row> holed = TEST.withColumn(
                "features",
                functions.when(col("id").equalTo(3), functions.lit(null)).otherwise(col("features")));
        assertThatThrownBy(() -> model.transform(holed).collectAsList())
                .hasStackTraceContaining("column \"features\" must have a vector in every row, but is null");
    }
}
