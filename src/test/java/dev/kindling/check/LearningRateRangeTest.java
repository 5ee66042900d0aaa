package dev.kindling.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kindling.InOneJvm;
import dev.kindling.LocalSpark;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.ml.MlpClassifier;
import dev.kindling.ml.MlpRegressor;
import dev.kindling.report.Chromium;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Learning-rate range tests: of made-up curves, and of networks that are trained with what they suggest. */
@Tag("one-line")
@InOneJvm
final class LearningRateRangeTest {
    private static final Dataset<Row> DIGITS = vectors("digits", "digit");
    private static final Dataset<Row> DIABETES = vectors("diabetes", "progression");

    @TempDir
    Path folder;

    private static Dataset<Row> vectors(String name, String label) {
        Dataset<Row> table = LocalSpark.session()
                .read()
                .option("header", true)
                .option("inferSchema", true)
                .csv("src/main/resources/dev/kindling/" + name + ".csv.gz");
        String[] features = Arrays.stream(table.columns())
                .filter(column -> !column.equals(label))
                .toArray(String[]::new);
        return new VectorAssembler()
                .setInputCols(features)
                .setOutputCol("features")
                .transform(table)
                .withColumnRenamed(label, "label");
    }

    private static MlpClassifier classifier() {
        return new MlpClassifier()
                .setPreset("none")
                .setStandardize(true)
                .setHiddenLayers(32)
                .setBatchSize(64)
                .setNumShards(2)
                .setSeed(3);
    }

    /** A hundred points of a curve over the rate's decimal logarithm. */
    private static List<LearningRateRange.Point> curve(DoubleUnaryOperator loss) {
        List<LearningRateRange.Point> points = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            double logarithm = -7 + 8 * i / 99.0;
            double value = loss.applyAsDouble(logarithm);
            points.add(new LearningRateRange.Point(Math.pow(10, logarithm), value, value));
        }
        return points;
    }

    @Test
    void theRateIsWhereTheCurveFallsFastest() {
        // a logistic fall from 2 to 1 around 1e-3, and an explosion from 1 on
        LearningRateRange range =
                LearningRateRange.judge(curve(x -> 1 + 1 / (1 + Math.exp(4 * (x + 3))) + (x > 0 ? 20 * x : 0)), false);
        assertThat(Math.log10(range.suggested())).isCloseTo(-3, within(0.1));
        assertThat(Math.log10(range.low())).isBetween(-4.2, -3.5);
        assertThat(Math.log10(range.high())).isBetween(0.0, 0.2);
        assertThat(range.advice())
                .matches("suggested learning rate \\S+, where the loss falls fastest; below"
                        + " \\S+ it hardly moves; the loss explodes from 1(\\.\\d)?");
    }

    @Test
    void noiseIsNoFall() {
        LearningRateRange range = LearningRateRange.judge(curve(x -> 2 + 0.01 * Math.sin(50 * x)), false);
        assertThat(range.suggested()).isNaN();
        assertThat(range.high()).isInfinite();
        assertThat(range.advice())
                .startsWith("no learning rate lowered the loss by more than 5 %, and the loss does not explode");
    }

    @Test
    void whatItSuggestsTrainsBetterThanWhatItCallsTooLowOrTooHigh() {
        MlpClassifier mlp = classifier();
        LearningRateRange range = mlp.learningRateRange(DIGITS);
        assertThat(range.suggested()).isBetween(1e-3, 0.1);
        assertThat(range.low()).isLessThan(range.suggested());
        assertThat(range.high()).isGreaterThan(range.suggested());
        double suggested = loss(range.suggested());
        assertThat(suggested).isLessThan(0.2);
        assertThat(loss(range.low() / 3)).isGreaterThan(5 * suggested);
        assertThat(loss(range.high() * 3)).isGreaterThan(5 * suggested);
        assertThat(mlp.getStepSize()).as("nothing of the estimator changes").isEqualTo(0.001);
        assertThat(mlp.learningRateRange(DIGITS)).as("the same bits").isEqualTo(range);
    }

    private static double loss(double rate) {
        return classifier()
                .setMaxIter(4)
                .setStepSize(rate)
                .fit(DIGITS)
                .evaluate(DIGITS)
                .loss();
    }

    @Test
    void regressionNeedsTheRateItSuggests() throws IOException {
        LearningRateRange range = new MlpRegressor()
                .setPreset("none")
                .setStandardize(true)
                .setHiddenLayers(16)
                .setBatchSize(32)
                .setNumShards(2)
                .learningRateRange(DIABETES);
        assertThat(range.suggested()).as("of targets that are not standardized").isBetween(0.03, 3.0);
        JsonNode json = new ObjectMapper().readTree(range.toJson());
        assertThat(json.get("points")).hasSize(range.points().size());
        assertThat(json.get("suggested").asDouble()).isEqualTo(range.suggested());
    }

    @Tag("slow")
    @Test
    void thePageSaysWhatTheCurveTells() throws Exception {
        LearningRateRange falls =
                LearningRateRange.judge(curve(x -> 1 + 1 / (1 + Math.exp(4 * (x + 3))) + (x > 0 ? 20 * x : 0)), false);
        Chromium shown = Chromium.draws(falls.page(), folder);
        assertThat(shown.texts("<h1>Suggested learning rate (.*?)</h1>"))
                .containsExactly(falls.advice().replaceAll("suggested learning rate (\\S+),.*", "$1"));
        assertThat(shown.dom()).contains(falls.advice().substring(1));
        assertThat(shown.texts("<td>([^<]*)</td>")).hasSize(300);

        LearningRateRange flat = LearningRateRange.judge(curve(x -> 2), false);
        flat.write(folder.resolve("deep/range.html"));
        shown = Chromium.draws(Files.readString(folder.resolve("deep/range.html")), folder);
        assertThat(shown.dom()).contains("<h1>No learning rate lowered the loss</h1>");
    }

    @Test
    void hugeFeaturesExplodeAtOnceAndItSaysSo() {
        Dataset<Row> huge = DIABETES.withColumn(
                "features", functions.expr("transform(array(age, bmi, bp), x -> double(x) * 1e18)"));
        assertThatThrownBy(() -> new MlpRegressor()
                        .setPreset("none")
                        .setOptimizer("sgd")
                        .setNumShards(2)
                        .learningRateRange(huge))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("training diverged")
                .hasMessageContaining("features with huge values");
    }

    @Test
    void anOptimizerWithoutARateIsRefused() {
        assertThatThrownBy(() -> classifier().setOptimizer("lbfgs").learningRateRange(DIGITS))
                .isInstanceOf(InvalidInput.class)
                .hasMessage("lbfgs has no learning rate to search for: use another optimizer");
    }
}
