package dev.kindling.ml;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.InOneJvm;
import dev.kindling.linalg.InvalidInput;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.functions;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Columns within structs and columns whose names need back-ticks. Spark's own estimators find the first for features
 * alone, from Spark 4 on, and the others only where they hold no dot.
 */
@Tag("end-to-end")
@InOneJvm
final class ColumnNamesTest {
    private static final Dataset<Row> TRAIN = Flowers.clusters(90, 3, 1);

    private static final Dataset<Row> NESTED = TRAIN.select(
            col("id"),
            struct(
                            col("features"),
                            functions
                                    .vector_to_array(col("features"), "float64")
                                    .as("array"),
                            struct(col("label"), col("weight"), col("held")).as("known"))
                    .as("customer"));

    private static final Dataset<Row> DOTTED =
            TRAIN.toDF("id", "my.features", "my.label", "my.weight", "my.held", "name");

    private static final Dataset<Row> SPACED = TRAIN.toDF("id", "a b", "the label", "the `weight`", "was held", "name");

    // what plain columns give
    private static MlpClassificationModel classifier;
    private static List<Row> classes;
    private static double classLoss;
    private static MlpRegressionModel regressor;
    private static List<Row> values;
    private static double valueError;

    @BeforeAll
    static void fitPlainColumns() {
        classifier = plain().fit(TRAIN);
        classes = classifier
                .transform(TRAIN)
                .select("id", "probability", "prediction")
                .collectAsList();
        classLoss = classifier.evaluate(TRAIN).loss();
        regressor = small(new MlpRegressor().setPreset("none")).fit(TRAIN);
        values = regressor.transform(TRAIN).select("prediction").collectAsList();
        valueError = regressor.evaluate(TRAIN).rmse();
    }

    private static <T extends MlpEstimatorParams<T>> T small(T estimator) {
        return estimator
                .setHiddenLayers(5)
                .setMaxIter(2)
                .setBatchSize(30)
                .setStepSize(0.02)
                .setNumShards(2);
    }

    private static MlpClassifier plain() {
        return small(new MlpClassifier().setPreset("none"))
                .setWeightCol("weight")
                .setValidationIndicatorCol("held");
    }

    private static Dataset<Row> named(String kind) {
        return kind.equals("nested") ? NESTED : kind.equals("dotted") ? DOTTED : SPACED;
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            textBlock =
                    """
            nested, customer.features, customer.known.label, customer.known.weight, customer.known.held
            nested, customer.array, customer.known.label, customer.known.weight, customer.known.held
            nested, customer.`features`, `customer`.known.label, `customer`.`known`.`weight`, customer.known.held
            dotted, my.features, my.label, my.weight, my.held
            dotted, `my.features`, `my.label`, `my.weight`, `my.held`
            spaced, a b, the label, `the ``weight```, was held
            spaced, `a b`, `the label`, `the ``weight```, `was held`
            """)
    void areFoundByFitAndTransformAndEvaluate(
            String kind, String features, String label, String weight, String indicator) {
        Dataset<Row> data = named(kind);
        MlpClassificationModel model = small(new MlpClassifier().setPreset("none"))
                .setFeaturesCol(features)
                .setLabelCol(label)
                .setWeightCol(weight)
                .setValidationIndicatorCol(indicator)
                .fit(data);
        assertThat(model.parameters()).isEqualTo(classifier.parameters());
        assertThat(model.summary().orElseThrow().validationRows()).isEqualTo(18);
        Dataset<Row> scored = model.transform(data);
        assertThat(scored.drop("rawPrediction", "probability", "prediction").schema())
                .isEqualTo(data.schema());
        assertThat(scored.select("id", "probability", "prediction").collectAsList())
                .isEqualTo(classes);
        assertThat(model.evaluate(data).loss()).isEqualTo(classLoss);
    }

    @Tag("one-line")
    @ParameterizedTest
    @CsvSource({
        "nested, customer.features, customer.known.label",
        "dotted, my.features, my.label",
        "dotted, `my.features`, `my.label`"
    })
    void areFoundByTheRegressorToo(String kind, String features, String label) {
        Dataset<Row> data = named(kind);
        MlpRegressionModel model = small(new MlpRegressor().setPreset("none"))
                .setFeaturesCol(features)
                .setLabelCol(label)
                .fit(data);
        assertThat(model.parameters()).isEqualTo(regressor.parameters());
        assertThat(model.transform(data).select("prediction").collectAsList()).isEqualTo(values);
        assertThat(model.evaluate(data).rmse()).isEqualTo(valueError);
    }

    @ParameterizedTest
    @CsvSource({"a b, a b", "my.out, my.out", "`my.out`, my.out", "`a b`, a b", "id.label, id.label"})
    void areMadeByTransformAtTheTop(String given, String made) {
        for (String param : List.of("predictionCol", "probabilityCol", "rawPredictionCol", "embeddingCol")) {
            MlpClassifier estimator = small(new MlpClassifier().setPreset("none"));
            estimator.set(param, given);
            MlpClassificationModel model = estimator.fit(TRAIN);
            Dataset<Row> scored = model.transform(TRAIN);
            assertThat(scored.columns()).as(param).contains(made).hasSize(9 + (param.equals("embeddingCol") ? 1 : 0));
            assertThat(model.transformSchema(TRAIN.schema()).fieldNames())
                    .as(param)
                    .containsExactlyInAnyOrder(scored.columns());
            assertThat(scored.select("`" + made + "`").first().get(0)).as(param).isNotNull();
        }
        MlpRegressionModel regression = small(new MlpRegressor().setPreset("none"))
                .setHiddenLayers(3)
                .setPredictionCol(given)
                .fit(TRAIN);
        assertThat(regression.transform(TRAIN).columns()).endsWith(made);
    }

    @Test
    void whatTransformAppendsDescribesItselfAsSparksModelsDo() {
        StructType spark = new LogisticRegression().setMaxIter(1).fit(TRAIN).transformSchema(TRAIN.schema());
        assertThat(small(new MlpClassifier().setPreset("none")).fit(TRAIN).transformSchema(TRAIN.schema()))
                .isEqualTo(spark);
        StructType nested = small(new MlpClassifier().setPreset("none"))
                .setFeaturesCol("customer.features")
                .setLabelCol("customer.known.label")
                .setPredictionCol("my.prediction")
                .fit(NESTED)
                .transform(NESTED)
                .schema();
        assertThat(((NominalAttribute) Attribute.fromStructField(nested.apply("my.prediction")))
                        .getNumValues()
                        .get())
                .isEqualTo(3);
        assertThat(AttributeGroup.fromStructField(nested.apply("probability")).size())
                .isEqualTo(3);
    }

    @Test
    void aPipelineHandsThemOn() {
        Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {
            new StringIndexer().setInputCol("name").setOutputCol("my.index").setStringOrderType("alphabetAsc"),
            small(new MlpClassifier().setPreset("none"))
                    .setFeaturesCol("my.features")
                    .setLabelCol("my.index")
                    .setPredictionCol("my.guess")
        });
        PipelineModel model = pipeline.fit(DOTTED);
        assertThat(model.transform(DOTTED).select("`my.guess`").collectAsList())
                .isEqualTo(small(new MlpClassifier().setPreset("none"))
                        .fit(TRAIN)
                        .transform(TRAIN)
                        .select("prediction")
                        .collectAsList());
    }

    @Test
    void thatAreMissingAreRefusedWithTheNearest() {
        assertThatThrownBy(() -> plain().setFeaturesCol("customer.featurse")
                        .setLabelCol("id")
                        .fit(NESTED))
                .isInstanceOf(InvalidInput.class)
                .hasMessage("featuresCol \"customer.featurse\" must be a column of the data; did you mean"
                        + " \"customer.features\"? The columns are: id, customer, customer.features, customer.array,"
                        + " customer.known, customer.known.label, customer.known.weight, customer.known.held");
        assertThatThrownBy(() -> plain().setFeaturesCol("id.features").fit(TRAIN))
                .isInstanceOf(InvalidInput.class)
                .hasMessageStartingWith("featuresCol \"id.features\" must be a column of the data");
        assertThatThrownBy(() -> plain().setFeaturesCol("`features").fit(TRAIN))
                .isInstanceOf(InvalidInput.class)
                .hasMessageStartingWith("featuresCol \"`features\" must be a column of the data");
        assertThatThrownBy(() -> plain().setFeaturesCol("customer.known")
                        .setLabelCol("id")
                        .fit(NESTED))
                .isInstanceOf(InvalidInput.class)
                .hasMessageStartingWith(
                        "featuresCol \"customer.known\" must hold vectors or arrays of float or double");
    }

    @Test
    void withinAMissingStructAreMissing() {
        MlpClassificationModel model = small(new MlpClassifier().setPreset("none"))
                .setFeaturesCol("customer.features")
                .setLabelCol("customer.known.label")
                .fit(NESTED);
        Dataset<Row> holed = NESTED.withColumn(
                "customer", when(col("id").equalTo(3), lit(null)).otherwise(col("customer")));
        assertThatThrownBy(() -> model.transform(holed).collectAsList())
                .hasStackTraceContaining("column \"customer.features\" must have a vector in every row, but is null");
        assertThatThrownBy(() -> model.evaluate(holed))
                .hasStackTraceContaining("column \"customer.features\" must have a vector in every row, but is null");
    }

    @ParameterizedTest
    @ValueSource(strings = {"predictionCol", "probabilityCol", "rawPredictionCol"})
    void thatTheDataHaveAlreadyAreNotWrittenOver(String param) {
        MlpClassifier ours = small(new MlpClassifier().setPreset("none"));
        ours.set(param, "name");
        LogisticRegression spark = new LogisticRegression();
        spark.set(param, "name");
        assertThatThrownBy(() -> spark.fit(TRAIN)).hasMessage("requirement failed: Column name already exists.");
        assertThatThrownBy(() -> ours.fit(TRAIN)).hasMessage("requirement failed: Column name already exists.");
        ours.set(param, "`name`");
        assertThatThrownBy(() -> ours.fit(TRAIN)).hasMessage("requirement failed: Column name already exists.");
    }

    @Tag("one-line")
    @Test
    void ofNoNameAreNone() {
        float[] expected =
                small(new MlpClassifier().setPreset("none")).fit(TRAIN).parameters();
        MlpClassificationModel model = small(new MlpClassifier().setPreset("none"))
                .setWeightCol("")
                .setValidationIndicatorCol("")
                .setEmbeddingCol("")
                .fit(TRAIN);
        assertThat(model.parameters()).isEqualTo(expected);
        assertThat(model.transform(TRAIN).columns()).hasSize(9);
        assertThat(model.evaluate(TRAIN).rows()).isEqualTo(90);
    }

    @Tag("one-line")
    @Test
    void thatOnlyTrainingNeedsAreNotNeededToEvaluate() {
        MlpClassificationModel model = small(new MlpClassifier().setPreset("none"))
                .setValidationIndicatorCol("held")
                .fit(TRAIN);
        assertThat(model.evaluate(TRAIN.drop("held")).loss())
                .isEqualTo(model.evaluate(TRAIN).loss());
    }
}
