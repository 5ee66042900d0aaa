package dev.kindling.nn.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kindling.GoldenFile;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against rtdl_num_embeddings, the package of the paper's authors: src/test/python/golden_numbers.py wrote the numbers. */
final class PiecewiseLinearTest {
    static Stream<JsonNode> cases() {
        return GoldenFile.elements(GoldenFile.read("numbers.json").get("encodings"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void edgesAndEncodingsAreThoseOfTheAuthors(JsonNode expected) {
        int columns = expected.get("columns").asInt();
        int bins = expected.get("bins").asInt();
        PiecewiseLinear encoding = new PiecewiseLinear(columns, bins);
        int[] places = new Runs(List.of(0), List.of(columns)).places(columns, 0, bins);
        float[] rows = GoldenFile.floats(expected.get("rows"));
        float[] edges = new float[columns * (bins + 1)];
        encoding.measure(places, rows.length / columns, rows, edges, 0);
        isClose(edges, GoldenFile.doubles(expected.get("edges")));

        float[] others = GoldenFile.floats(expected.get("others"));
        float[] encoded = new float[others.length * bins];
        encoding.forward(places, others.length / columns, edges, 0, others, encoded);
        isClose(encoded, GoldenFile.doubles(expected.get("encoded")));
    }

    private static void isClose(float[] found, double[] expected) {
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) found[i]).isCloseTo(expected[i], within(2e-5 * Math.max(1, Math.abs(expected[i]))));
        }
    }

    @Test
    void aBinOfOneValueIsAStepAndOtherInputsPass() {
        PiecewiseLinear encoding = new PiecewiseLinear(1, 3);
        int[] places = new Runs(List.of(1), List.of(1)).places(3, 0, 3);
        float[] edges = {9, 0, 0, 0, 2};
        float[] rows = {7, -1, 8, 7, 0, 8, 7, 1, 8};
        float[] encoded = new float[15];
        encoding.forward(places, 3, edges, 1, rows, encoded);
        assertThat(encoded).containsExactly(7, 0, 0, 0, 8, 7, 1, 1, 0, 8, 7, 1, 1, 0.5f, 8);
    }

    @Test
    void theGradientIsTheSlopeInEveryBinAndBeyond() {
        PiecewiseLinear encoding = new PiecewiseLinear(1, 3);
        int[] places = new Runs(List.of(1), List.of(1)).places(2, 0, 3);
        float[] edges = {0, 1, 3, 7};
        float[] delta = {5, 0.3f, -0.7f, 1.1f};
        for (float x : new float[] {-2, 0.5f, 2, 6, 9}) {
            float[] gradient = new float[2];
            encoding.backward(places, 1, edges, 0, new float[] {4, x}, delta, gradient);
            float[] below = new float[4];
            float[] above = new float[4];
            encoding.forward(places, 1, edges, 0, new float[] {4, x - 0.25f}, below);
            encoding.forward(places, 1, edges, 0, new float[] {4, x + 0.25f}, above);
            double slope = 0;
            for (int j = 1; j < 4; j++) {
                slope += delta[j] * (above[j] - below[j]) / 0.5;
            }
            assertThat(gradient[0]).isEqualTo(5);
            assertThat((double) gradient[1]).as("at %s", x).isCloseTo(slope, within(1e-5));
        }
    }
}
