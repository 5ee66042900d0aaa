package dev.kindling.ml;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.kindling.InOneJvm;
import dev.kindling.LocalSpark;
import dev.kindling.check.Checkup;
import dev.kindling.check.Finding;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.SplitMix64;
import dev.kindling.ml.search.MlpSearch;
import dev.kindling.ml.search.RandomParamGrid;
import dev.kindling.ml.search.SearchResult;
import dev.kindling.table.ColumnDecision;
import dev.kindling.table.TableVectorizer;
import dev.kindling.table.TableVectorizerModel;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Date;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.Predictor;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.classification.OneVsRest;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.evaluation.RegressionEvaluator;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.TrainValidationSplit;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Estimators that take a table's columns, against a pipeline of a table vectorizer and the estimator. */
@Tag("end-to-end")
@Tag("one-line")
@InOneJvm
final class FeaturesColsTest {
    private static final SparkSession SPARK = LocalSpark.session();
    private static final String[] COLUMNS = {"age", "city", "joined", "row id"};

    private static final StructType SCHEMA = new StructType()
            .add("age", DataTypes.IntegerType)
            .add("city", DataTypes.StringType)
            .add("joined", DataTypes.DateType)
            .add("row id", DataTypes.LongType)
            .add("held", DataTypes.BooleanType)
            .add("weight", DataTypes.DoubleType)
            .add("species", DataTypes.StringType)
            .add("label", DataTypes.DoubleType);

    @TempDir
    private Path folder;

    private static Dataset<Row> rows(int count, long seed) {
        SplitMix64 random = new SplitMix64(seed);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int town = (int) (3 * random.nextDouble());
            int age = 20 + (int) (50 * random.nextDouble());
            boolean old = age > 45 || town == 2;
            rows.add(RowFactory.create(
                    i % 9 == 0 ? null : age,
                    i % 11 == 0 ? null : List.of("Aachen", "Bonn", "Celle").get(town),
                    Date.valueOf("20" + (10 + i % 15) + "-0" + (1 + i % 9) + "-11"),
                    1000L + i,
                    i % 4 == 0,
                    1 + random.nextDouble(),
                    old ? "owl" : "lark",
                    old ? 1.0 : 0.0));
        }
        return SPARK.createDataFrame(rows, SCHEMA);
    }

    private static MlpClassifier classifier() {
        return new MlpClassifier()
                .setHiddenLayers(8)
                .setMaxIter(4)
                .setStepSize(0.02)
                .setBatchSize(40);
    }

    private static MlpRegressor regressor() {
        return new MlpRegressor()
                .setHiddenLayers(8)
                .setMaxIter(4)
                .setStepSize(0.02)
                .setBatchSize(40);
    }

    private static PipelineModel pipeline(Dataset<Row> rows, TableVectorizer vectorizer, PipelineStage estimator) {
        return new Pipeline()
                .setStages(new PipelineStage[] {vectorizer.setOutputCol("features"), estimator})
                .fit(rows);
    }

    private static List<Row> scores(Transformer model, Dataset<Row> rows, String column) {
        return model.transform(rows).select(column).collectAsList();
    }

    @Test
    void aModelOfRawColumnsHasTheBitsOfThePipeline() {
        Dataset<Row> rows = rows(200, 1);
        MlpClassificationModel model = classifier().setFeaturesCols(COLUMNS).fit(rows);
        PipelineModel pipeline = pipeline(rows, new TableVectorizer().setInputCols(COLUMNS), classifier());
        MlpClassificationModel behind = (MlpClassificationModel) pipeline.stages()[1];
        assertThat(model.parameters()).isEqualTo(behind.parameters());
        Dataset<Row> test = rows(50, 2).withColumn("city", lit("Zwickau"));
        assertThat(scores(model, test, "probability")).isEqualTo(scores(pipeline, test, "probability"));
        Dataset<Row> prepared = pipeline.stages()[0].transform(test);
        assertThat(model.evaluate(test).logLoss())
                .isEqualTo(behind.evaluate(prepared).logLoss());
        assertThat(model.permutationImportance(rows, 2, 1))
                .isEqualTo(behind.permutationImportance(pipeline.stages()[0].transform(rows), 2, 1))
                .extracting(FeatureImportance::name)
                .containsExactlyInAnyOrder("age", "city", "joined");

        MlpRegressionModel values =
                regressor().setFeaturesCols(COLUMNS).setLabelCol("weight").fit(rows);
        PipelineModel valuesPipeline = pipeline(
                rows, new TableVectorizer().setInputCols(COLUMNS), regressor().setLabelCol("weight"));
        assertThat(scores(values, test, "prediction")).isEqualTo(scores(valuesPipeline, test, "prediction"));
        assertThat(values.evaluate(test).rmse())
                .isEqualTo(((MlpRegressionModel) valuesPipeline.stages()[1])
                        .evaluate(valuesPipeline.stages()[0].transform(test))
                        .rmse());
    }

    @Tag("smoke")
    @Test
    void rowsComeOutWithTheirOwnColumnsAndTheModelsAlone() {
        Dataset<Row> rows = rows(100, 1).withColumn("features", lit("text")).withColumn("kindling_features", lit(1));
        MlpClassificationModel model =
                classifier().setFeaturesCols("features", "age").fit(rows);
        Dataset<Row> scored = model.transform(rows);
        List<String> expected = new ArrayList<>(List.of(rows.columns()));
        expected.addAll(List.of("rawPrediction", "probability", "prediction"));
        assertThat(scored.columns()).containsExactlyElementsOf(expected);
        assertThat(model.transformSchema(rows.schema()).fieldNames()).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(model.getVectorizerModel().decisions())
                .extracting(ColumnDecision::column, ColumnDecision::features)
                .contains(tuple("age", 2));
        assertThat(model.getVectorizerModel().describe().count()).isEqualTo(2);
        assertThat(model.predict(Vectors.dense(0.5, 0))).isBetween(0.0, 1.0);
    }

    @Tag("smoke")
    @Test
    void aSavedModelTakesRawRowsAndSoDoCopies() throws IOException {
        Dataset<Row> rows = rows(120, 1);
        MlpClassificationModel model = classifier()
                .setVectorizer(new TableVectorizer().setScale("robust").setDropCols("joined"))
                .setFeaturesCols(COLUMNS)
                .fit(rows);
        String path = folder.resolve("model").toString();
        model.save(path);
        MlpClassificationModel loaded = MlpClassificationModel.load(path);
        List<Row> expected = scores(model, rows, "probability");
        assertThat(scores(loaded, rows, "probability")).isEqualTo(expected);
        assertThat(scores(loaded.copy(new ParamMap()), rows, "probability")).isEqualTo(expected);
        assertThat(loaded.getVectorizerModel().decisions())
                .isEqualTo(model.getVectorizerModel().decisions())
                .extracting(ColumnDecision::reason)
                .anyMatch(reason -> reason.contains("dropCols names it"));
        MlpRegressionModel values =
                regressor().setFeaturesCols(COLUMNS).setLabelCol("weight").fit(rows);
        String other = folder.resolve("values").toString();
        values.save(other);
        assertThat(scores(MlpRegressionModel.load(other), rows, "prediction"))
                .isEqualTo(scores(values, rows, "prediction"));
    }

    @Tag("smoke")
    @Test
    void aSavedEstimatorKnowsItsVectorizer() throws IOException {
        Dataset<Row> rows = rows(120, 1);
        MlpClassifier estimator = classifier()
                .setVectorizer(new TableVectorizer().setInputCols("age", "city").setMinCategoryRows(3));
        String path = folder.resolve("estimator").toString();
        estimator.save(path);
        assertThat(MlpClassifier.load(path).fit(rows).parameters())
                .isEqualTo(estimator.fit(rows).parameters());
        TableVectorizer own = estimator.getVectorizer().setInputCols("joined");
        assertThat(estimator.getVectorizer().getInputCols()).isNotEqualTo(own.getInputCols());
    }

    @Tag("smoke")
    @Test
    void aStreamOfRawRowsIsScored() throws Exception {
        Dataset<Row> rows = rows(60, 1);
        MlpClassificationModel model = classifier().setFeaturesCols(COLUMNS).fit(rows);
        Path data = folder.resolve("data");
        rows.write().parquet(data.toString());
        var query = model.transform(SPARK.readStream().schema(rows.schema()).parquet(data.toString()))
                .select("probability")
                .writeStream()
                .format("memory")
                .queryName("scored")
                .start();
        query.processAllAvailable();
        query.stop();
        assertThat(SPARK.table("scored").collectAsList())
                .containsExactlyInAnyOrderElementsOf(scores(model, rows, "probability"));
    }

    @Tag("smoke")
    @Test
    void sparksOwnSearchesFitIt() {
        Dataset<Row> rows = rows(120, 1);
        MlpClassifier estimator = classifier().setFeaturesCols("age");
        ParamMap[] grid = {
            new ParamMap().put(estimator.featuresCols(), new String[] {"joined"}),
            new ParamMap().put(estimator.featuresCols(), new String[] {"age", "city"})
        };
        CrossValidatorModel best = new CrossValidator()
                .setEstimator(estimator)
                .setEstimatorParamMaps(grid)
                .setEvaluator(new MulticlassClassificationEvaluator().setMetricName("logLoss"))
                .setNumFolds(2)
                .setParallelism(2)
                .fit(rows);
        assertThat(((MlpClassificationModel) best.bestModel())
                        .getVectorizerModel()
                        .inputCols())
                .containsExactly("age", "city");
        assertThat(scores(best, rows, "prediction")).hasSize(120);
        assertThat(new TrainValidationSplit()
                        .setEstimator(regressor().setFeaturesCols("age", "city").setLabelCol("weight"))
                        .setEstimatorParamMaps(new ParamMap[] {new ParamMap()})
                        .setEvaluator(new RegressionEvaluator().setLabelCol("weight"))
                        .fit(rows)
                        .validationMetrics())
                .hasSize(1);
        OneVsRest rest = new OneVsRest().setClassifier(classifier().setFeaturesCols("age"));
        assertThatThrownBy(() -> rest.fit(rows)).hasMessageContaining("features"); // it takes no column but vectors
    }

    @Test
    void ourSearchFitsIt() {
        Dataset<Row> rows = rows(120, 1);
        MlpClassifier estimator = classifier().setFeaturesCols(COLUMNS);
        RandomParamGrid space = new RandomParamGrid(1).add(estimator.stepSize(), "logUniform(1e-3, 1e-1)");
        SearchResult result =
                new MlpSearch(estimator, space).setTrials(2).setFolds(2).run(rows);
        MlpClassifier behind = classifier();
        Dataset<Row> prepared =
                new TableVectorizer().setInputCols(COLUMNS).fit(rows).transform(rows);
        SearchResult expected = new MlpSearch(
                        behind, new RandomParamGrid(1).add(behind.stepSize(), "logUniform(1e-3, 1e-1)"))
                .setTrials(2)
                .setFolds(2)
                .run(prepared);
        assertThat(result.trials().get(0).result().score())
                .isEqualTo(expected.trials().get(0).result().score());
        assertThat(estimator.fit(rows, result.bestParams()).getVectorizerModel().inputCols())
                .containsExactly("age", "city", "joined");
        assertThatThrownBy(() -> new MlpSearch(
                        estimator,
                        new RandomParamGrid(1).add(estimator.featuresCols(), List.<String[]>of(new String[] {"age"}))))
                .hasMessageStartingWith("featuresCols must be the same for all trials");
    }

    @Test
    void nothingIsLearnedFromValidationRows() {
        Dataset<Row> rows = rows(120, 1);
        Dataset<Row> odd = rows.withColumn("age", when(col("held"), 1000).otherwise(col("age")));
        MlpClassifier estimator = classifier().setFeaturesCols("age", "city").setValidationIndicatorCol("held");
        TableVectorizerModel learned = estimator.fit(odd).getVectorizerModel();
        TableVectorizerModel expected =
                new TableVectorizer().setInputCols("age", "city").fit(rows.filter("not held"));
        assertThat(scores(learned, rows, "features")).isEqualTo(scores(expected, rows, "features"));
        MlpClassificationModel all = classifier()
                .setVectorizer(new TableVectorizer())
                .setValidationIndicatorCol("held")
                .setWeightCol("weight")
                .fit(rows.drop("species"));
        assertThat(all.getVectorizerModel().inputCols()).containsExactly("age", "city", "joined");
    }

    @Test
    void theColumnThatTheLabelWasMadeOfIsLeftOut() {
        Dataset<Row> raw = rows(120, 1).drop("label").withColumn("also", col("species"));
        Dataset<Row> rows = new StringIndexer()
                .setInputCol("species")
                .setOutputCol("label")
                .fit(raw)
                .transform(raw);
        MlpClassificationModel model = classifier()
                .setVectorizer(new TableVectorizer().setDropCols("weight"))
                .fit(rows);
        assertThat(model.getVectorizerModel().inputCols()).containsExactly("age", "city", "joined", "held");
        assertThat(model.getVectorizerModel()
                        .describe()
                        .filter("column = 'species'")
                        .first()
                        .<String>getAs("reason"))
                .isEqualTo(
                        "left out: has the label's own values, the classes of column \"label\"; categorical keeps it");
        assertThat(scores(model, raw, "prediction")).hasSize(120);
        // numbers, as StringIndexer takes them, and the user's own word
        Dataset<Row> numbers = new StringIndexer()
                .setInputCol("age")
                .setOutputCol("label")
                .setHandleInvalid("keep")
                .fit(raw)
                .transform(raw);
        assertThat(new TableVectorizer().fit(numbers).inputCols())
                .doesNotContain("age")
                .contains("species");
        assertThat(new TableVectorizer().setCategoricalCols("age").fit(numbers).inputCols())
                .contains("age");
        assertThat(new TableVectorizer().setLabelCol("other").fit(rows).inputCols())
                .contains("species");
        // one row that differs
        Dataset<Row> nearly = rows.withColumn(
                "species",
                org.apache
                        .spark
                        .sql
                        .functions
                        .when(col("row id").equalTo(1117), "owl?")
                        .otherwise(col("species")));
        assertThat(new TableVectorizer().fit(nearly).inputCols())
                .contains("species")
                .doesNotContain("also");
    }

    @Test
    void trainingContinuesWithTheFeaturesOfTheModel() {
        Dataset<Row> rows = rows(120, 1);
        MlpClassificationModel model =
                classifier().setFeaturesCols("age", "city").fit(rows);
        Dataset<Row> few = rows.filter("city = 'Bonn'");
        MlpClassificationModel further =
                classifier().setInitialModel(model).setMaxIter(1).fit(few);
        assertThat(further.network()).isEqualTo(model.network());
        assertThat(further.getVectorizerModel().decisions())
                .isEqualTo(model.getVectorizerModel().decisions());
        assertThat(scores(further, rows, "prediction")).hasSize(120);
        assertThatThrownBy(() -> classifier()
                        .setInitialModel(model)
                        .setFeaturesCols("age")
                        .fit(few))
                .isInstanceOf(InvalidInput.class)
                .hasMessage("vectorizerModel says what was learned of a table, so featuresCols and vectorizer must not"
                        + " be set too");
    }

    @Test
    void aRunResumesFromItsCheckpoint() {
        Dataset<Row> rows = rows(120, 1);
        MlpClassifier estimator =
                classifier().setSchedule("constant").setFeaturesCols(COLUMNS).setNumShards(2);
        String path = folder.resolve("checkpoints").toString();
        estimator.setCheckpointDir(path).setMaxIter(2).fit(rows);
        MlpClassificationModel resumed = estimator.setMaxIter(4).fit(rows);
        assertThat(resumed.parameters())
                .isEqualTo(classifier()
                        .setSchedule("constant")
                        .setFeaturesCols(COLUMNS)
                        .setNumShards(2)
                        .fit(rows)
                        .parameters());
    }

    @Test
    void checkAndRangeTestLookAtTheColumns() {
        Dataset<Row> rows = rows(200, 1);
        MlpClassifier estimator = classifier().setFeaturesCols(COLUMNS);
        Checkup checkup = estimator.check(rows, rows.limit(20), 1000);
        assertThat(checkup.findings()).extracting(Finding::name).contains("rowsInTrainAndTest");
        assertThat(checkup.toString()).contains("data.dropDuplicates(new String[] {\"age\", \"city\", \"joined\"})");
        assertThat(estimator.learningRateRange(rows).suggested()).isPositive();
    }

    @Tag("smoke")
    @Test
    void aRowThatCannotBeReadIsTreatedAsHandleInvalidSays() {
        Dataset<Row> rows = rows(60, 1);
        MlpClassificationModel model =
                classifier().setFeaturesCols("age", "city").fit(rows);
        Dataset<Row> odd = rows.withColumn("age", col("age").cast("string"))
                .withColumn("age", when(col("row id").equalTo(1003), "old").otherwise(col("age")));
        assertThatThrownBy(() -> scores(model, odd, "prediction"))
                .rootCause()
                .hasMessageContaining("column \"age\" must hold numbers, but holds \"old\"");
        List<Row> kept = scores(model.copy(new ParamMap()).setHandleInvalid("keep"), odd, "prediction");
        assertThat(kept).hasSize(60);
        assertThat(kept.get(3).isNullAt(0)).isTrue();
        MlpClassificationModel skipping = model.copy(new ParamMap()).setHandleInvalid("skip");
        assertThat(scores(skipping, odd, "probability"))
                .isEqualTo(scores(model, rows.filter(col("row id").notEqual(1003)), "probability"));
        assertThat(skipping.evaluate(odd).rows()).isEqualTo(59);
    }

    @Test
    void whatIsWrongIsToldInASentenceBeforeAnyJob() {
        Dataset<Row> rows = rows(60, 1);
        assertRefused(
                new MlpClassifier(),
                rows,
                "featuresCol \"features\" must be a column of the data; setFeaturesCols takes plain columns. The"
                        + " columns are: age, city, joined, row id, held, weight, species, label");
        assertRefused(
                new MlpClassifier().setFeaturesCol("city"),
                rows,
                "featuresCol \"city\" must hold vectors or arrays of float or double, but holds string;"
                        + " setFeaturesCols takes plain columns");
        assertRefused(
                new MlpClassifier().setFeaturesCols("age", "citi"),
                rows,
                "inputCols must name columns of the table, but there is no \"citi\"; did you mean \"city\"?");
        assertRefused(
                new MlpClassifier().setFeaturesCols("age", "label"),
                rows,
                "featuresCols must not name the labelCol, but have \"label\"");
        assertRefused(
                new MlpRegressor().setFeaturesCols("age", "weight").setWeightCol("weight"),
                rows,
                "featuresCols must not name the weightCol, but have \"weight\"");
        assertRefused(
                new MlpClassifier().setFeaturesCols("age").setLabelCol("species"),
                rows,
                "labelCol \"species\" must hold numbers, but holds string; StringIndexer makes class indices of"
                        + " strings");
        assertRefused(
                new MlpClassifier().setVectorizer(new TableVectorizer().setLabelCol("species")),
                rows,
                "labelCol of the vectorizer must be that of the estimator, \"label\", but is \"species\"; dropCols"
                        + " leaves a column out");
        assertRefused(
                new MlpClassifier().setFeaturesCols("row id"),
                rows,
                "the table must have a column to learn from, but each is left out: \"row id\" (left out: whole"
                        + " numbers that name rows; numeric keeps it)");
        assertRefused(
                new MlpClassifier().setFeaturesCols("age").setLoss("squaredError"),
                rows,
                "the loss of a classifier must be one of");
        MlpClassificationModel model =
                classifier().setFeaturesCols("age", "city").fit(rows);
        assertThatThrownBy(() -> model.transform(rows.drop("city")))
                .hasMessage("the table must have the columns that the model takes, but there is no \"city\"");
        assertThatThrownBy(() -> model.evaluate(rows.withColumn("age", array(lit(1)))))
                .hasMessageStartingWith("column \"age\" must hold single values");
        Dataset<Row> nested = rows.withColumn("s", struct(col("label")));
        assertThat(classifier()
                        .setFeaturesCols("age")
                        .setLabelCol("s.label")
                        .fit(nested)
                        .numClasses())
                .isEqualTo(2);
    }

    private static void assertRefused(MlpEstimatorParams<?> estimator, Dataset<Row> rows, String sentence) {
        assertThatThrownBy(() -> ((Predictor<?, ?, ?>) estimator).fit(rows))
                .isInstanceOf(InvalidInput.class)
                .hasMessageStartingWith(sentence);
    }
}
