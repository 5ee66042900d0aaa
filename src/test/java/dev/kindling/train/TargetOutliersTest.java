package dev.kindling.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.LocalSpark;
import dev.kindling.Samples;
import dev.kindling.Samples.Sample;
import dev.kindling.data.Packing;
import dev.kindling.data.Shards;
import dev.kindling.loss.Loss;
import dev.kindling.loss.ValueLoss;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

final class TargetOutliersTest {
    private static final Loss SQUARED = new ValueLoss.SquaredError();

    private final JavaSparkContext context =
            JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());

    /** What is said of 400 rows with these targets; those of every seventh row have no weight. */
    private Optional<String> advice(IntToDoubleFunction target, Loss loss) {
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            samples.add(new Sample(new double[] {i, 1}, target.applyAsDouble(i), i % 7 == 0 ? 0.0 : 1.0, false));
        }
        Packing packing = new Packing(3, 7, loss, 0, 0, Samples.COLUMNS);
        try (Shards shards = Samples.pack(context, samples, 2, packing)) {
            return TargetOutliers.advice(
                    shards, loss.isClassification() ? loss : shards.standardized((ValueLoss) loss));
        }
    }

    @Test
    void targetsOverPowersOfTenAreToldWithALoss() {
        // as NumPy has it: 342 rows of weight 1, their deviation 53.95
        assertThat(advice(i -> i == 5 ? 1000 : i % 3, SQUARED))
                .contains(
                        "the target ranges from 0.000 to 1000, 18.46 deviations from its mean 3.918: with squared error,"
                                + " such rows outweigh all others; the loss squaredLogError compares logarithms instead");
        assertThat(advice(i -> i == 5 ? 1000 : i % 3 - 1, SQUARED).orElseThrow())
                .contains("the loss huber");
        assertThat(advice(i -> i == 5 ? 1001e9 : 1e9 * (1 + i % 3), SQUARED).orElseThrow())
                .contains("from 1.000e+09 to 1.001e+12");
    }

    @Test
    void othersAreNot() {
        assertThat(advice(i -> i % 100, SQUARED)).isEmpty();
        assertThat(advice(i -> 5, SQUARED)).isEmpty();
        assertThat(advice(i -> i == 7 ? 1000 : i % 3, SQUARED)).isEmpty(); // a row without weight
        assertThat(advice(i -> i == 5 ? 1000 : i % 3, new ValueLoss.Huber(1))).isEmpty();
        assertThat(advice(i -> i % 3, new Loss.SoftmaxCrossEntropy())).isEmpty();
    }
}
