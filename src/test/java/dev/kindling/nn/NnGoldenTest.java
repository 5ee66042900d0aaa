package dev.kindling.nn;

import static dev.kindling.GoldenFile.doubles;
import static dev.kindling.GoldenFile.elements;
import static dev.kindling.GoldenFile.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kindling.GoldenFile;
import dev.kindling.Numeric;
import dev.kindling.linalg.Rows;
import dev.kindling.loss.Batch;
import dev.kindling.loss.Loss;
import dev.kindling.spec.Spec;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each activation and loss by itself, against PyTorch in float64: {@code golden_nn.py} wrote the file. */
@Numeric
class NnGoldenTest {
    private static final double TOLERANCE = 1e-5;

    /**
     * Of a derivative and of a gradient's element for a weight of 1: those computed as 1 - s or s - t in float32 are right
     * to an ulp of 1, not of themselves.
     */
    private static final double ABSOLUTE = 2e-7;

    /** Of a value: 1 + erf in double has no digits left where gelu is smaller; ExponentialTest knows the tails. */
    private static final double PYTORCH = 1e-14;

    private static final JsonNode GOLDEN = GoldenFile.read("nn.json");

    private static double worstValue;
    private static double worstDerivative;
    private static double worstLoss;
    private static double worstGradient;

    @AfterAll
    static void printWorst() {
        System.out.printf(
                "NnGoldenTest, worst errors: activations %.1e relative, derivatives %.1e absolute,"
                        + " losses %.1e relative, gradients %.1e of the row's weight%n",
                worstValue, worstDerivative, worstLoss, worstGradient);
    }

    static Stream<Arguments> activations() {
        return elements(GOLDEN.get("activations"))
                .map(golden -> Arguments.of(golden.get("activation").asText(), golden));
    }

    static Stream<Arguments> losses() {
        return elements(GOLDEN.get("losses"))
                .map(golden -> Arguments.of(golden.get("loss").asText(), golden));
    }

    @Test
    void everyActivationAndEveryLossIsInTheFile() {
        assertThat(activations()
                        .map(row -> Spec.name(Spec.parse(Activation.class, (String) row.get()[0])))
                        .distinct()
                        .toList())
                .containsExactlyElementsOf(Spec.names(Activation.class));
        assertThat(losses().map(row -> Spec.name(Spec.parse(Loss.class, (String) row.get()[0])))
                        .distinct()
                        .toList())
                .containsExactlyElementsOf(Spec.names(Loss.class));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("activations")
    void valuesAndDerivativesAreThoseOfPyTorch(String spec, JsonNode golden) {
        Activation activation = Spec.parse(Activation.class, spec);
        float[] in = floats(GOLDEN.get("inputs"));
        float[] out = new float[in.length];
        float[] delta = new float[in.length];
        activation.apply(in.length, in, out);
        for (int i = 0; i < in.length; i++) {
            delta[i] = i % 2 == 0 ? 1 : -2;
        }
        activation.chain(in.length, in, out, delta);
        for (int i = 0; i < in.length; i++) {
            double value = golden.get("values").get(i).asDouble();
            double derivative = golden.get("derivatives").get(i).asDouble();
            double error = Math.abs(out[i] - value);
            assertThat(error).as("%s(%s)", spec, in[i]).isLessThanOrEqualTo(TOLERANCE * Math.abs(value) + PYTORCH);
            double slope = delta[i] / (i % 2 == 0 ? 1 : -2);
            assertThat(slope)
                    .as("the derivative of %s at %s", spec, in[i])
                    .isCloseTo(derivative, within(TOLERANCE * Math.abs(derivative) + ABSOLUTE));
            worstValue = Math.max(worstValue, Math.abs(value) < 1e-8 ? 0 : error / Math.abs(value));
            worstDerivative = Math.max(worstDerivative, Math.abs(slope - derivative));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("losses")
    void lossesAndGradientsAreThoseOfPyTorch(String spec, JsonNode golden) {
        Loss loss = Spec.parse(Loss.class, spec);
        int outputs = golden.get("outputs").asInt();
        float[] logits = floats(golden.get("logits"));
        float[] targets = floats(golden.get("targets"));
        float[] weights = floats(golden.get("weights"));
        int rows = weights.length;
        double[] expected = doubles(golden.get("losses"));
        double[] expectedGradient = doubles(golden.get("gradient"));
        float[] delta = new float[logits.length];
        Rows features = Rows.dense(rows, 1, new float[rows], 0);

        Batch batch = new Batch(features, targets, 0, targets.length / rows, weights, 0);
        double sum = loss.evaluate(batch, outputs, logits, delta);

        double expectedSum = 0;
        for (int row = 0; row < rows; row++) {
            expectedSum += weights[row] * expected[row];
        }
        assertThat(sum).isCloseTo(expectedSum, within(TOLERANCE * expectedSum));
        worstLoss = Math.max(worstLoss, Math.abs(sum - expectedSum) / expectedSum);
        for (int i = 0; i < logits.length; i++) {
            float weight = weights[i / outputs];
            assertThat((double) delta[i])
                    .as("gradient of row %d, output %d", i / outputs, i % outputs)
                    .isCloseTo(
                            expectedGradient[i], within(TOLERANCE * Math.abs(expectedGradient[i]) + ABSOLUTE * weight));
            double scale = Math.max(1, Math.abs(expectedGradient[i] / weight));
            worstGradient = weight == 0
                    ? worstGradient
                    : Math.max(worstGradient, Math.abs(delta[i] - expectedGradient[i]) / weight / scale);
        }
    }

    @Test
    void hingeOfTwoClassesIsThatOfScikitLearn() {
        JsonNode golden = GOLDEN.get("twoClassHinge");
        float[] scores = floats(golden.get("scores"));
        float[] logits = new float[2 * scores.length];
        for (int row = 0; row < scores.length; row++) {
            logits[2 * row] = -scores[row] / 2;
            logits[2 * row + 1] = scores[row] / 2;
        }
        Rows features = Rows.dense(scores.length, 1, new float[scores.length], 0);
        Batch batch = new Batch(features, floats(golden.get("targets")), 0, floats(golden.get("weights")), 0);
        double sum = new Loss.MulticlassHinge().evaluate(batch, 2, logits, new float[logits.length]);
        assertThat(sum / batch.weight()).isCloseTo(golden.get("mean").asDouble(), within(1e-6));
    }
}
