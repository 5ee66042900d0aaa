package dev.kindling.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kindling.GoldenFile;
import dev.kindling.spec.Spec;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Means of several networks' predictions, against SciPy: src/test/python/golden_ensemble.py wrote the numbers. */
final class AveragingTest {
    static Stream<JsonNode> cases() {
        return GoldenFile.elements(GoldenFile.read("ensemble.json").get("averages"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theMeansAreThoseOfSciPy(JsonNode expected) {
        Loss loss = Spec.parse(Loss.class, expected.get("loss").asText());
        int outputs = expected.get("outputs").asInt();
        float[][] networks = GoldenFile.elements(expected.get("networks"))
                .map(GoldenFile::floats)
                .toArray(float[][]::new);
        int rows = networks[0].length / outputs;
        float[] mean = new float[rows * outputs];
        loss.average(rows, outputs, networks, mean);
        isClose(mean, GoldenFile.doubles(expected.get("logits")));
        loss.link(rows, outputs, mean);
        isClose(mean, GoldenFile.doubles(expected.get("predictions")));
    }

    private static void isClose(float[] found, double[] expected) {
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) found[i]).isCloseTo(expected[i], within(3e-6 * Math.max(1, Math.abs(expected[i]))));
        }
    }
}
