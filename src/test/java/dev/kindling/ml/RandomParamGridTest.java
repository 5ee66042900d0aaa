package dev.kindling.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.InOneJvm;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.ml.search.RandomParamGrid;
import dev.kindling.search.Distribution;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Params drawn at random: as their distributions say, and as Spark's CrossValidator takes them. */
@InOneJvm
final class RandomParamGridTest {
    private final MlpClassifier mlp = new MlpClassifier().setPreset("none");

    private RandomParamGrid grid(long seed) {
        return new RandomParamGrid(seed)
                .add(mlp.stepSize(), "logUniform(1e-4, 1e-1)")
                .add(mlp.dropout(), "uniform(0, 0.5)")
                .add(mlp.localSteps(), "int(1, 3)")
                .add(mlp.optimizer(), List.of("adam", "lion"))
                .add(mlp.hiddenLayers(), List.of(new int[] {4}, new int[] {8, 4}));
    }

    private DoubleStream drawn(ParamMap[] maps, String name) {
        return Arrays.stream(maps)
                .mapToDouble(map -> ((Number) map.get(mlp.getParam(name)).get()).doubleValue());
    }

    @Test
    void valuesAreDrawnAsTheirDistributionsSay() {
        ParamMap[] maps = grid(1).build(4000);
        assertThat(drawn(maps, "stepSize")).allSatisfy(rate -> assertThat(rate).isBetween(1e-4, 1e-1));
        // a third of each decade, half of each half, a third of each whole number
        for (double decade : new double[] {1e-4, 1e-3, 1e-2}) {
            double share = drawn(maps, "stepSize")
                            .filter(x -> x >= decade && x < 10 * decade)
                            .count()
                    / 4000.0;
            assertThat(share).isCloseTo(1.0 / 3, within(0.03));
        }
        assertThat(drawn(maps, "dropout").average().orElse(0)).isCloseTo(0.25, within(0.01));
        for (int steps = 1; steps <= 3; steps++) {
            int own = steps;
            assertThat(drawn(maps, "localSteps").filter(x -> x == own).count() / 4000.0)
                    .isCloseTo(1.0 / 3, within(0.03));
        }
        long lions = Arrays.stream(maps)
                .filter(map -> map.get(mlp.optimizer()).get().equals("lion"))
                .count();
        assertThat(lions / 4000.0).isCloseTo(0.5, within(0.03));
    }

    @Test
    void theSameSeedDrawsTheSameAndMoreTrialsBeginWithTheSame() {
        assertThat(texts(grid(7).build(5))).isEqualTo(texts(grid(7).build(5))).isNotEqualTo(texts(grid(8).build(5)));
        assertThat(texts(grid(7).build(9)).subList(0, 5)).isEqualTo(texts(grid(7).build(5)));
    }

    private List<String> texts(ParamMap[] maps) {
        return Arrays.stream(maps)
                .map(map -> map.get(mlp.stepSize()).get() + " "
                        + map.get(mlp.optimizer()).get() + " "
                        + Arrays.toString(map.get(mlp.hiddenLayers()).get()))
                .toList();
    }

    @Test
    void sparksCrossValidatorTriesThem() {
        Dataset<Row> train = Flowers.clusters(120, 3, 1);
        CrossValidatorModel model = new CrossValidator()
                .setEstimator(mlp.setMaxIter(2).setNumShards(2))
                .setEstimatorParamMaps(grid(3).build(4))
                .setEvaluator(new MulticlassClassificationEvaluator().setMetricName("accuracy"))
                .setNumFolds(2)
                .fit(train);
        assertThat(model.avgMetrics()).hasSize(4);
        MlpClassificationModel best = (MlpClassificationModel) model.bestModel();
        assertThat(best.getStepSize()).isBetween(1e-4, 1e-1);
        assertThat(best.getOptimizer()).matches("adam.*|lion.*");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    logUniform(0, 1)   | the low of logUniform must be positive
                    uniform(1, 1)      | the low of uniform must be below its high
                    int(3, 2)          | the low of int must not be above its high
                    normal(0, 1)       | uniform, logUniform, int
                    """)
    void aBadDistributionIsRefused(String spec, String sentence) {
        assertThatThrownBy(() -> new RandomParamGrid(1).add(mlp.stepSize(), spec))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining(sentence);
    }

    @Test
    void whatAParamDoesNotAllowIsRefused() {
        assertThatThrownBy(() -> new RandomParamGrid(1)
                        .add(mlp.dropout(), new Distribution.Uniform(2, 3))
                        .build(1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("dropout given invalid value 2.");
        assertThatThrownBy(() -> new RandomParamGrid(1)
                        .add(mlp.optimizer(), List.of("adamm"))
                        .build(1))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("did you mean adam");
    }
}
