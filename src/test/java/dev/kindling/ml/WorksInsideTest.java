package dev.kindling.ml;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.InOneJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.classification.OneVsRest;
import org.apache.spark.ml.classification.OneVsRestModel;
import org.apache.spark.ml.evaluation.BinaryClassificationEvaluator;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.evaluation.RegressionEvaluator;
import org.apache.spark.ml.feature.HashingTF;
import org.apache.spark.ml.feature.IndexToString;
import org.apache.spark.ml.feature.OneHotEncoder;
import org.apache.spark.ml.feature.PCA;
import org.apache.spark.ml.feature.StandardScaler;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.feature.Tokenizer;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.functions;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.ml.tuning.TrainValidationSplit;
import org.apache.spark.ml.tuning.TrainValidationSplitModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.Predef$;
import scala.collection.Seq;

/** Kindling's estimators within Spark ML's own: pipelines, tuning, one-vs-rest, and behind and before its transformers. */
@Tag("end-to-end")
@InOneJvm
final class WorksInsideTest {
    private static final Dataset<Row> TRAIN = Flowers.clusters(120, 3, 1);
    private static final Dataset<Row> SURFACE = Flowers.surface(120, 1);

    /** Makes Scala's collections of arrays, in each of its versions. */
    private static final Predef$ SCALA = Predef$.MODULE$;

    @TempDir
    private Path folder;

    private static <T extends MlpEstimatorParams<T>> T small(T estimator) {
        return estimator
                .setHiddenLayers(6)
                .setMaxIter(3)
                .setBatchSize(60)
                .setStepSize(0.1)
                .setNumShards(2)
                .setSeed(3);
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }

    private static float[] parameters(Object model) {
        return ((MlpModel) model).parameters();
    }

    private static List<Row> column(Dataset<Row> rows, String column) {
        return rows.orderBy("id").select(column).collectAsList();
    }

    private static MulticlassClassificationEvaluator accuracy() {
        return new MulticlassClassificationEvaluator().setMetricName("accuracy");
    }

    @Test
    void aPipelineWithinAPipelineIsFittedAndSavedAndLoaded() throws IOException {
        Pipeline inner = new Pipeline().setStages(new PipelineStage[] {
            new StandardScaler().setInputCol("features").setOutputCol("scaled").setWithMean(true),
            small(new MlpClassifier().setPreset("none"))
                    .setFeaturesCol("scaled")
                    .setLabelCol("index")
        });
        Pipeline outer = new Pipeline().setStages(new PipelineStage[] {
            new StringIndexer().setInputCol("name").setOutputCol("index").setStringOrderType("alphabetDesc"), inner
        });
        outer.save(path("pipeline"));
        PipelineModel model = Pipeline.load(path("pipeline")).fit(TRAIN);
        assertThat(accuracy().setLabelCol("index").evaluate(model.transform(TRAIN)))
                .isGreaterThan(0.8);
        assertThat(parameters(((PipelineModel) model.stages()[1]).stages()[1]))
                .isEqualTo(parameters(((PipelineModel) outer.fit(TRAIN).stages()[1]).stages()[1]));
        model.save(path("model"));
        assertThat(column(PipelineModel.load(path("model")).transform(TRAIN), "probability"))
                .isEqualTo(column(model.transform(TRAIN), "probability"));
    }

    @Tag("slow")
    @Tag("smoke")
    @Test
    void aCrossValidatorIsSavedAndLoadedWithItsSubModels() throws IOException {
        MlpClassifier estimator = small(new MlpClassifier().setPreset("none"));
        ParamMap[] grid = new ParamGridBuilder()
                .addGrid(estimator.hiddenLayers(), SCALA.wrapRefArray(new int[][] {{2}, {4, 3}}))
                .addGrid(estimator.optimizer(), SCALA.wrapRefArray(new String[] {"sgd", "adam(beta1=0.8)"}))
                .build();
        assertThat(grid).hasSize(4);
        CrossValidator validator = new CrossValidator()
                .setEstimator(estimator.setMaxIter(1))
                .setEstimatorParamMaps(grid)
                .setEvaluator(accuracy())
                .setNumFolds(2)
                .setParallelism(2)
                .setCollectSubModels(true)
                .setSeed(1);
        validator.save(path("validator"));
        CrossValidatorModel model = CrossValidator.load(path("validator"))
                .setParallelism(2)
                .setCollectSubModels(true)
                .fit(TRAIN);
        assertThat(model.avgMetrics()).isEqualTo(validator.fit(TRAIN).avgMetrics());
        MlpClassificationModel first = (MlpClassificationModel) model.subModels()[0][0];
        MlpClassificationModel last = (MlpClassificationModel) model.subModels()[1][3];
        assertThat(List.of(first.network(), last.network()))
                .containsExactlyInAnyOrder(
                        "4 inputs: dense(2) relu dense(3)", "4 inputs: dense(4) relu dense(3) relu dense(3)");
        model.write().option("persistSubModels", "true").overwrite().save(path("model"));
        CrossValidatorModel loaded = CrossValidatorModel.load(path("model"));
        assertThat(parameters(loaded.bestModel())).isEqualTo(parameters(model.bestModel()));
        for (int fold = 0; fold < 2; fold++) {
            for (int i = 0; i < 4; i++) {
                assertThat(parameters(loaded.subModels()[fold][i])).isEqualTo(parameters(model.subModels()[fold][i]));
            }
        }
        assertThat(column(loaded.transform(TRAIN), "probability"))
                .isEqualTo(column(model.transform(TRAIN), "probability"));
    }

    @Tag("slow")
    @Test
    void aTrainValidationSplitTunesARegressorWithinAPipelineAndIsSavedAndLoaded() throws IOException {
        MlpRegressor estimator = small(new MlpRegressor().setPreset("none")).setFeaturesCol("scaled");
        Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {
            new StandardScaler().setInputCol("features").setOutputCol("scaled"), estimator
        });
        TrainValidationSplit split = new TrainValidationSplit()
                .setEstimator(pipeline)
                .setEstimatorParamMaps(new ParamGridBuilder()
                        .addGrid(estimator.stepSize(), new double[] {1e-6, 0.1})
                        .addGrid(estimator.standardize())
                        .build())
                .setEvaluator(new RegressionEvaluator().setMetricName("rmse"))
                .setTrainRatio(0.7)
                .setParallelism(3)
                .setCollectSubModels(true)
                .setSeed(2);
        split.save(path("split"));
        TrainValidationSplitModel model = TrainValidationSplit.load(path("split"))
                .setCollectSubModels(true)
                .fit(SURFACE);
        assertThat(model.validationMetrics())
                .containsExactly(split.fit(SURFACE).validationMetrics(), within(1e-12)); // added as tasks end
        MlpRegressionModel best = (MlpRegressionModel) ((PipelineModel) model.bestModel()).stages()[1];
        assertThat(best.getStepSize()).isEqualTo(0.1);
        model.write().option("persistSubModels", "true").save(path("model"));
        TrainValidationSplitModel loaded = TrainValidationSplitModel.load(path("model"));
        assertThat(loaded.subModels()).hasSize(4);
        assertThat(parameters(((PipelineModel) loaded.subModels()[3]).stages()[1]))
                .isEqualTo(parameters(((PipelineModel) model.subModels()[3]).stages()[1]));
        assertThat(column(loaded.transform(SURFACE), "prediction"))
                .isEqualTo(column(model.transform(SURFACE), "prediction"));
    }

    @Test
    void oneVsRestTrainsOneForEachClassAndIsSavedAndLoaded() throws IOException {
        OneVsRest rest = new OneVsRest()
                .setClassifier(small(new MlpClassifier().setPreset("none")).setLoss("sigmoidCrossEntropy"))
                .setParallelism(2);
        rest.save(path("rest"));
        OneVsRestModel model = OneVsRest.load(path("rest")).fit(TRAIN);
        assertThat(model.models()).hasSize(3);
        assertThat(accuracy().evaluate(model.transform(TRAIN))).isGreaterThan(0.8);
        assertThat(parameters(model.models()[1]))
                .isEqualTo(parameters(small(new MlpClassifier().setPreset("none"))
                        .setLoss("sigmoidCrossEntropy")
                        .fit(TRAIN.withColumn("label", col("label").equalTo(1).cast("double")))));
        model.save(path("model"));
        OneVsRestModel loaded = OneVsRestModel.load(path("model"));
        assertThat(column(loaded.transform(TRAIN), "rawPrediction"))
                .isEqualTo(column(model.transform(TRAIN), "rawPrediction"));
    }

    @Test
    void oneVsRestHandsItsWeightsOn() {
        OneVsRest rest = new OneVsRest().setClassifier(small(new MlpClassifier().setPreset("none")));
        float[] plain = parameters(rest.fit(TRAIN).models()[0]);
        float[] weighted = parameters(rest.setWeightCol("weight").fit(TRAIN).models()[0]);
        assertThat(weighted)
                .isNotEqualTo(plain)
                .isEqualTo(parameters(small(new MlpClassifier().setPreset("none"))
                        .setWeightCol("weight")
                        .fit(TRAIN.withColumn("label", col("label").equalTo(0).cast("double")))));
    }

    @Test
    void sparksTransformersPrepareTheFeatures() {
        Dataset<Row> table = TRAIN.withColumn("values", functions.vector_to_array(col("features"), "float64"))
                .select(
                        col("id"),
                        col("name"),
                        col("values").getItem(0).as("length"),
                        col("values").getItem(1).as("width"),
                        col("id").mod(2).cast("string").as("side"));
        PipelineModel model = new Pipeline()
                .setStages(new PipelineStage[] {
                    new StringIndexer()
                            .setInputCols(new String[] {"name", "side"})
                            .setOutputCols(new String[] {"index", "sideIndex"})
                            .setStringOrderType("alphabetAsc"),
                    new OneHotEncoder().setInputCol("sideIndex").setOutputCol("sideVector"),
                    new VectorAssembler()
                            .setInputCols(new String[] {"length", "width", "sideVector"})
                            .setOutputCol("raw"),
                    new StandardScaler()
                            .setInputCol("raw")
                            .setOutputCol("scaled")
                            .setWithMean(true),
                    new PCA().setInputCol("scaled").setOutputCol("components").setK(2),
                    small(new MlpClassifier().setPreset("none"))
                            .setFeaturesCol("components")
                            .setLabelCol("index"),
                    new IndexToString().setInputCol("index").setOutputCol("again")
                })
                .fit(table);
        Dataset<Row> scored = model.transform(table);
        assertThat(((MlpClassificationModel) model.stages()[5]).numFeatures()).isEqualTo(2);
        assertThat(accuracy().setLabelCol("index").evaluate(scored)).isGreaterThan(0.7);
        // by the metadata of the index, which went through the model
        assertThat(scored.filter(col("again").notEqual(col("name"))).count()).isZero();
    }

    @Test
    void hashedTextTrainsAsItStands() {
        Dataset<Row> table = TRAIN.withColumn("text", concat_ws(" ", col("name"), lit("and"), col("id")));
        PipelineModel model = new Pipeline()
                .setStages(new PipelineStage[] {
                    new Tokenizer().setInputCol("text").setOutputCol("words"),
                    new HashingTF().setInputCol("words").setOutputCol("hashed").setNumFeatures(1 << 12),
                    small(new MlpClassifier().setPreset("none"))
                            .setFeaturesCol("hashed")
                            .setMaxIter(6)
                })
                .fit(table);
        Dataset<Row> scored = model.transform(table);
        assertThat((Vector) scored.first().getAs("hashed")).isInstanceOf(SparseVector.class);
        assertThat(accuracy().evaluate(scored)).isGreaterThan(0.95);
    }

    @Test
    void sparksEvaluatorsJudgeIt() {
        Dataset<Row> two = Flowers.clusters(80, 2, 4);
        Dataset<Row> scored =
                small(new MlpClassifier().setPreset("none")).fit(two).transform(two);
        BinaryClassificationEvaluator binary = new BinaryClassificationEvaluator();
        assertThat(binary.evaluate(scored)).isGreaterThan(0.9);
        assertThat(binary.setRawPredictionCol("probability").evaluate(scored))
                .isCloseTo(binary.setRawPredictionCol("rawPrediction").evaluate(scored), within(1e-6));
        Dataset<Row> oneLogit = small(new MlpClassifier().setPreset("none"))
                .setLoss("sigmoidCrossEntropy")
                .fit(two)
                .transform(two);
        assertThat(binary.evaluate(oneLogit)).isGreaterThan(0.9);
        Dataset<Row> guessed =
                small(new MlpRegressor().setPreset("none")).fit(SURFACE).transform(SURFACE);
        assertThat(new RegressionEvaluator().setMetricName("mae").evaluate(guessed))
                .isBetween(0.0, 2.0);
    }

    @Test
    void denseAndSparseAndMixedVectorsGiveTheSameModel() {
        Dataset<Row> dense = stored(Vector::toDense);
        Dataset<Row> sparse = stored(Vector::toSparse);
        assertThat((Vector) sparse.first().getAs("features")).isInstanceOf(SparseVector.class);
        MlpClassificationModel mixed =
                small(new MlpClassifier().setPreset("none")).fit(TRAIN);
        assertThat(small(new MlpClassifier().setPreset("none")).fit(dense).parameters())
                .isEqualTo(mixed.parameters());
        assertThat(small(new MlpClassifier().setPreset("none")).fit(sparse).parameters())
                .isEqualTo(mixed.parameters());
        List<Row> expected = column(mixed.transform(TRAIN), "probability");
        assertThat(column(mixed.transform(dense), "probability")).isEqualTo(expected);
        assertThat(column(mixed.transform(sparse), "probability")).isEqualTo(expected);
    }

    private static Dataset<Row> stored(UDF1<Vector, Vector> form) {
        return TRAIN.withColumn("features", udf(form, SQLDataTypes.VectorType()).apply(col("features")));
    }

    @Test
    void thresholdsOfTheEstimatorAreTheModels() {
        double[] thresholds = {0.01, 0.99, 0.99};
        MlpClassificationModel model = small(new MlpClassifier().setPreset("none"))
                .setThresholds(thresholds)
                .fit(TRAIN);
        assertThat(model.getThresholds()).containsExactly(thresholds);
        for (Row row : model.transform(TRAIN).collectAsList()) {
            double[] p = ((Vector) row.getAs("probability")).toArray();
            double[] scaled = {p[0] / 0.01, p[1] / 0.99, p[2] / 0.99};
            int best = 0;
            for (int i = 1; i < 3; i++) {
                best = scaled[i] > scaled[best] ? i : best;
            }
            assertThat(row.<Double>getAs("prediction")).isEqualTo(best);
        }
    }

    @Test
    void aRowOfWeightTwoIsTheRowTwice() {
        Dataset<Row> weighted = TRAIN.withColumn("times", col("id").mod(2).plus(1));
        Dataset<Row> repeated = weighted.union(weighted.filter("times = 2"));
        MlpClassifier full =
                small(new MlpClassifier().setPreset("none")).setBatchSize(1000).setNumShards(1);
        float[] expected = full.fit(repeated).parameters();
        float[] actual =
                full.copy(new ParamMap()).setWeightCol("times").fit(weighted).parameters();
        for (int i = 0; i < actual.length; i++) {
            assertThat(actual[i]).isCloseTo(expected[i], within(1e-4f));
        }
        assertThat(full.fit(TRAIN).parameters()).isNotEqualTo(actual);
    }

    @Test
    void theRestOfTheRowsTrainWhereAFractionIsHeldOut() {
        TrainingSummary summary = small(new MlpRegressor().setPreset("none"))
                .setValidationFraction(0.25)
                .fit(SURFACE)
                .summary()
                .orElseThrow();
        assertThat(summary.rows() + summary.validationRows()).isEqualTo(120);
        assertThat(summary.validationRows()).isBetween(20L, 40L);
    }

    @Test
    void paramMapsGoBeforeTheParamsOfTheEstimatorAndLeaveThemAlone() {
        MlpClassifier estimator = small(new MlpClassifier().setPreset("none")).setMaxIter(1);
        ParamMap wide = new ParamMap().put(estimator.hiddenLayers(), new int[] {9});
        ParamMap tanh = new ParamMap().put(estimator.activation(), "tanh").put(estimator.maxIter(), 2);
        MlpClassificationModel one = estimator.fit(TRAIN, wide);
        assertThat(one.network()).isEqualTo("4 inputs: dense(9) relu dense(3)");
        assertThat(one.getHiddenLayers()).containsExactly(9);
        Seq<MlpClassificationModel> all = estimator.fit(
                TRAIN, SCALA.wrapRefArray(new ParamMap[] {wide, tanh}).toSeq());
        assertThat(all.apply(0).parameters()).isEqualTo(one.parameters());
        assertThat(all.apply(1).network()).isEqualTo("4 inputs: dense(6) tanh dense(3)");
        assertThat(all.apply(1).parameters())
                .isEqualTo(estimator.copy(tanh).fit(TRAIN).parameters());
        assertThat(all.apply(1).summary().orElseThrow().history()).hasSize(2);
        assertThat(estimator.getHiddenLayers()).containsExactly(6);
        assertThat(estimator.getActivation()).isEqualTo("relu");
        Dataset<Row> scored = one.transform(
                TRAIN, new ParamMap().put(one.predictionCol(), "guess").put(one.probabilityCol(), ""));
        assertThat(scored.columns()).endsWith("rawPrediction", "guess").doesNotContain("probability", "prediction");
        assertThat(one.getPredictionCol()).isEqualTo("prediction");
    }

    @Test
    void columnsOfOneNameArePassedOn() {
        Dataset<Row> twice = TRAIN.select(
                col("id"), col("id"), col("features"), array(col("id")).as("ids"));
        MlpClassificationModel model =
                small(new MlpClassifier().setPreset("none")).fit(TRAIN);
        List<Row> rows = model.transform(twice).collectAsList();
        assertThat(rows.get(7).get(0)).isEqualTo(rows.get(7).get(1));
        assertThat(rows).hasSize(120);
    }
}
