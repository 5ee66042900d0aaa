package dev.kindling.ml;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.InOneJvm;
import dev.kindling.linalg.InvalidInput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.evaluation.RegressionEvaluator;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.functions;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.regression.LinearRegression;
import org.apache.spark.ml.regression.LinearRegressionModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Regression of several targets, and of targets scaled while training. */
@Tag("end-to-end")
@Tag("one-line")
@InOneJvm
final class SeveralTargetsTest {
    private static final Dataset<Row> TRAIN = withTargets(Flowers.surface(200, 1));
    private static final Dataset<Row> TEST = withTargets(Flowers.surface(120, 2));

    @TempDir
    Path folder;

    /** {@code label} and two more, of other sizes; all of them as an array and as a vector. */
    private static Dataset<Row> withTargets(Dataset<Row> data) {
        Dataset<Row> wide = data.withColumn("x", functions.vector_to_array(col("features"), "float64"))
                .withColumn("second", col("label").multiply(-3).plus(col("x").getItem(0)))
                .withColumn("third", col("x").getItem(1).multiply(2000).plus(10_000))
                .withColumn("targets", array(col("label"), col("second"), col("third")));
        return wide.withColumn("vector", functions.array_to_vector(col("targets")));
    }

    private static MlpRegressor linear() {
        return new MlpRegressor()
                .setPreset("none")
                .setHiddenLayers()
                .setOptimizer("lbfgs(tolerance=1e-12)")
                .setMaxIter(100)
                .setNumShards(3)
                .setStandardizeTarget(true);
    }

    private static MlpRegressor curved() {
        return new MlpRegressor()
                .setPreset("none")
                .setHiddenLayers(24, 12)
                .setActivation("tanh")
                .setMaxIter(30)
                .setBatchSize(32)
                .setStepSize(0.01)
                .setNumShards(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"targets", "vector"})
    void aLinearNetworkOfThreeTargetsIsThreeOfSparksLinearRegressions(String label) {
        MlpRegressionModel model = linear().setLabelCol(label).fit(TRAIN);
        assertThat(model.numTargets()).isEqualTo(3);
        List<Row> scored = model.transform(TEST).collectAsList();
        List<String> targets = List.of("label", "second", "third");
        for (int j = 0; j < 3; j++) {
            LinearRegressionModel spark =
                    new LinearRegression().setLabelCol(targets.get(j)).fit(TRAIN);
            double scale = j == 2 ? 2000 : 1;
            for (Row row : scored) {
                Vector all = row.getAs("predictions");
                assertThat(all.apply(j)).isCloseTo(spark.predict(row.getAs("features")), within(2e-3 * scale));
            }
        }
        Row first = scored.get(0);
        Vector all = first.getAs("predictions");
        assertThat((Double) first.getAs("prediction")).isEqualTo(all.apply(0));
        assertThat(model.predict(first.<Vector>getAs("features"))).isCloseTo(all.apply(0), within(1e-5));
        assertThat(model.predictAll(first.getAs("features")).toArray()).containsExactly(all.toArray(), within(1e-2));
    }

    @Test
    void theEvaluationOfEachTargetIsSparksOwn() {
        MlpRegressionModel model = linear().setLabelCol("targets").setMaxIter(2).fit(TRAIN);
        RegressionEvaluation evaluation = model.evaluate(TEST);
        Dataset<Row> scored =
                model.transform(TEST).withColumn("each", functions.vector_to_array(col("predictions"), "float64"));
        List<String> targets = List.of("label", "second", "third");
        double mean = 0;
        for (int j = 0; j < 3; j++) {
            RegressionEvaluator spark = new RegressionEvaluator().setLabelCol(targets.get(j));
            Dataset<Row> one = scored.withColumn("prediction", col("each").getItem(j));
            RegressionEvaluation.Target own = evaluation.targets().get(j);
            double r2 = spark.setMetricName("r2").evaluate(one);
            assertThat(own.r2()).isCloseTo(r2, within(1e-4));
            assertThat(own.rmse() / spark.setMetricName("rmse").evaluate(one)).isCloseTo(1, within(1e-4));
            assertThat(own.mae() / spark.setMetricName("mae").evaluate(one)).isCloseTo(1, within(1e-4));
            mean += r2 / 3;
        }
        assertThat(evaluation.r2()).isCloseTo(mean, within(1e-4));
        assertThat(evaluation.rows()).isEqualTo(120);
    }

    @Tag("smoke")
    @Test
    void aSavedModelAndItsPipelinePredictTheSame() throws IOException {
        Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {
            new VectorAssembler()
                    .setInputCols(new String[] {"features", "weight"})
                    .setOutputCol("all"),
            curved().setMaxIter(1)
                    .setFeaturesCol("all")
                    .setLabelCol("targets")
                    .setPredictionsCol("every")
                    .setStandardizeTarget(true)
        });
        PipelineModel model = pipeline.fit(TRAIN);
        String path = folder.resolve("pipeline").toString();
        model.save(path);
        Dataset<Row> scored = PipelineModel.load(path).transform(TEST);
        assertThat(scored.schema().simpleString())
                .isEqualTo(model.transformSchema(TEST.schema()).simpleString());
        assertThat(scored.schema().apply("every").dataType()).isEqualTo(SQLDataTypes.VectorType());
        assertThat(pipeline.transformSchema(TRAIN.schema()).fieldNames()).contains("every", "prediction");
        assertThat(scored.collectAsList()).isEqualTo(model.transform(TEST).collectAsList());
    }

    @Test
    void standardizedTargetsAreLearnedWhateverTheirSize() {
        Dataset<Row> train =
                TRAIN.withColumn("large", col("label").multiply(5000).plus(40_000));
        Dataset<Row> test = TEST.withColumn("large", col("label").multiply(5000).plus(40_000));
        MlpRegressor large = curved().setLabelCol("large");
        MlpRegressionModel model = large.setStandardizeTarget(true).fit(train);
        assertThat(model.evaluate(test).r2()).isGreaterThan(0.85);
        assertThat(large.setStandardizeTarget(false).fit(train).evaluate(test).r2())
                .isLessThan(0.3);
        double shown = model.summary().orElseThrow().history().get(29).trainingMetric();
        assertThat(shown).as("rmse in the target's unit").isBetween(200.0, 5000.0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"absoluteError", "huber(delta=0.5)", "quantile(tau=0.9)"})
    void otherLossesStandardizeToo(String loss) {
        MlpRegressionModel model = curved().setLabelCol("third")
                .setLoss(loss)
                .setStandardizeTarget(true)
                .fit(TRAIN);
        RegressionEvaluation evaluation = model.evaluate(TEST);
        assertThat(evaluation.r2()).isGreaterThan(0.8);
        if (loss.startsWith("quantile")) {
            long below = model.transform(TEST)
                    .filter(col("third").leq(col("prediction")))
                    .count();
            assertThat(below / 120.0).isBetween(0.7, 1.0);
        }
    }

    @Test
    void aConstantTargetIsPredictedAsItIs() {
        Dataset<Row> train = TRAIN.withColumn("constant", lit(7.5));
        MlpRegressionModel model = curved().setMaxIter(5)
                .setLabelCol("constant")
                .setStandardizeTarget(true)
                .fit(train);
        assertThat(model.predict(TEST.first().<Vector>getAs("features"))).isCloseTo(7.5, within(0.2));
    }

    @Test
    void poissonKeepsItsLinkAndTakesSeveralCounts() {
        Dataset<Row> counts = TRAIN.withColumn(
                "counts", array(lit(3), when(col("label").gt(0), 8).otherwise(2)));
        // by the likelihood equations of the canonical link the predictions of each target have its mean
        MlpRegressor poisson =
                linear().setStandardizeTarget(false).setLabelCol("counts").setLoss("poisson");
        Dataset<Row> scored = poisson.fit(counts)
                .transform(counts)
                .withColumn("each", functions.vector_to_array(col("predictions"), "float64"));
        Row means = scored.selectExpr("avg(each[0])", "avg(each[1])", "avg(counts[1])", "min(each[1])")
                .first();
        assertThat(means.getDouble(0)).isCloseTo(3, within(1e-3));
        assertThat(means.getDouble(1)).isCloseTo(means.getDouble(2), within(1e-3));
        assertThat(means.getDouble(3)).isPositive();
        assertThatThrownBy(() -> poisson.setStandardizeTarget(true).fit(counts))
                .isInstanceOf(InvalidInput.class)
                .hasMessage("targets can be standardized for losses whose predictions are the outputs themselves, but"
                        + " not for poisson");
    }

    @Test
    void labelsThatDoNotFitAreRefusedWithTheirPlace() {
        MlpRegressor regressor = curved().setLabelCol("targets");
        Dataset<Row> uneven = TRAIN.coalesce(1)
                .withColumn(
                        "targets", when(col("id").equalTo(5), array(lit(1.0))).otherwise(col("targets")));
        assertThatThrownBy(() -> regressor.fit(uneven))
                .isInstanceOf(InvalidInput.class)
                .hasMessageStartingWith(
                        "label column \"targets\" must hold 3 values in every row, as in the first, but has 1 in row");
        assertThatThrownBy(() -> regressor.fit(TRAIN.withColumn("targets", array().cast("array<double>"))))
                .isInstanceOf(InvalidInput.class)
                .hasMessage("label column \"targets\" must have at least one value in every row, but has none in the"
                        + " first");
        assertThatThrownBy(() -> regressor.fit(TRAIN.limit(0)))
                .isInstanceOf(InvalidInput.class)
                .hasMessage("the data must have at least one row, but are empty");
        assertThatThrownBy(() -> regressor.setPredictionsCol("x").fit(TRAIN))
                .isInstanceOf(InvalidInput.class)
                .hasMessage("predictionsCol \"x\" must be a new column, but the data have it already");
        assertThatThrownBy(() -> new MlpClassifier()
                        .setPreset("none")
                        .setLabelCol("targets")
                        .fit(TRAIN))
                .isInstanceOf(InvalidInput.class)
                .hasMessageStartingWith("labelCol \"targets\" must hold numbers, but holds array<double>");
    }

    @Tag("smoke")
    @ParameterizedTest
    @ValueSource(strings = {"targets", "vector"})
    void theFeaturesMayBeColumnsOfATable(String label) {
        Dataset<Row> table = TRAIN.select(
                col("x").getItem(0).as("a"),
                col("x").getItem(1).as("b"),
                when(col("x").getItem(0).gt(0), "up").otherwise("down").as("c"),
                col(label));
        MlpRegressionModel model = curved().setFeaturesCols("a", "b", "c")
                .setLabelCol(label)
                .setStandardizeTarget(true)
                .fit(table);
        Row row = model.transform(table).select("predictions", "prediction").first();
        assertThat(row.<Vector>getAs(0).size()).isEqualTo(3);
        assertThat(row.getDouble(1)).isEqualTo(row.<Vector>getAs(0).apply(0));
        assertThat(model.evaluate(table).rmse()).isPositive();
    }
}
