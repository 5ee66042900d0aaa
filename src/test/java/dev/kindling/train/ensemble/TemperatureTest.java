package dev.kindling.train.ensemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kindling.GoldenFile;
import dev.kindling.linalg.Rows;
import dev.kindling.loss.Batch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Temperatures, against SciPy's minimisation: src/test/python/golden_ensemble.py wrote the numbers. */
final class TemperatureTest {
    static Stream<JsonNode> cases() {
        return GoldenFile.elements(GoldenFile.read("ensemble.json").get("temperatures"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theTemperatureIsThatOfSciPy(JsonNode expected) {
        float[] logits = GoldenFile.floats(expected.get("logits"));
        Batch batch = batch(GoldenFile.floats(expected.get("labels")), GoldenFile.floats(expected.get("weights")));
        AtomicInteger passes = new AtomicInteger();
        double found = Temperature.fit(expected.get("outputs").asInt(), batch.rows(), terms -> {
            passes.incrementAndGet();
            return sums(terms, batch, logits);
        });
        double right = expected.get("temperature").asDouble();
        assertThat(found).isCloseTo(right, within(1e-5 * right));
        assertThat(passes.get()).isLessThan(15);
    }

    @Test
    void rowsThatAreAllRightHaveATemperatureAllTheSame() {
        float[] logits = {3, 0, 0, 3, 3, 0};
        Batch batch = batch(new float[] {0, 1, 0}, new float[] {1, 1, 1});
        // each class's target is 4/5: the logits of a right row are to differ by log 4
        assertThat(Temperature.fit(2, 3, terms -> sums(terms, batch, logits))).isCloseTo(3 / Math.log(4), within(1e-6));
    }

    @Test
    void logitsThatAreAllAlikeStay() {
        Batch batch = batch(new float[] {0, 1}, new float[] {1, 1});
        assertThat(Temperature.fit(2, 2, terms -> sums(terms, batch, new float[4])))
                .isEqualTo(1);
    }

    @Test
    void logitsThatMisleadAreFlattenedWithoutEnd() {
        float[] logits = {-3, 0, 0, -3};
        Batch batch = batch(new float[] {0, 1}, new float[] {1, 1});
        assertThat(Temperature.fit(2, 2, terms -> sums(terms, batch, logits))).isBetween(500.0, 1000.0);
    }

    private static Batch batch(float[] labels, float[] weights) {
        return new Batch(Rows.dense(labels.length, 0, new float[0], 0), labels, 0, weights, 0);
    }

    private static double[] sums(Temperature terms, Batch batch, float[] logits) {
        double[] sums = new double[terms.count()];
        terms.add(batch, logits, sums);
        return sums;
    }
}
