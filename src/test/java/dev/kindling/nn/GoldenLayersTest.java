package dev.kindling.nn;

import static dev.kindling.GoldenFile.doubles;
import static dev.kindling.GoldenFile.elements;
import static dev.kindling.GoldenFile.floats;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kindling.GoldenFile;
import dev.kindling.Numeric;
import dev.kindling.linalg.Gemm;
import dev.kindling.linalg.RandomKey;
import dev.kindling.linalg.Rows;
import dev.kindling.loss.Batch;
import dev.kindling.loss.Loss;
import dev.kindling.spec.Spec;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each kind of layer against PyTorch in float64: {@code src/test/python/golden_layers.py} wrote the file. */
@Numeric
class GoldenLayersTest {
    private static final double TOLERANCE = 1e-5; // of the largest magnitude in the block; measured: 9e-7
    private static final double VANISHED = 1e-9; // of the largest in the gradient: a bias that batchNorm takes away

    private static final JsonNode GOLDEN = GoldenFile.read("layers.json");
    private static final int ROWS = GOLDEN.get("rows").asInt();
    private static final int INPUTS = GOLDEN.get("inputs").asInt();
    private static final float[] WEIGHTS = floats(GOLDEN.get("weights"));

    private static double worst;
    private static String worstCase = "";

    @AfterAll
    static void printWorst() {
        System.out.printf("GoldenLayersTest, worst relative error: %.1e in %s%n", worst, worstCase);
    }

    static Stream<Arguments> networks() {
        return Gemm.available().stream().flatMap(gemm -> elements(GOLDEN.get("networks"))
                .map(golden -> Arguments.of(gemm, golden.get("layers").asText(), golden)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("networks")
    void trainingMatchesPyTorch(String gemm, String layers, JsonNode golden) {
        Network network = network(layers);
        String lossName = golden.get("loss").asText();
        Batch batch = new Batch(features(), floats(GOLDEN.get("targets").get(lossName)), 0, WEIGHTS, 0);
        Workspace workspace = network.workspace(Gemm.named(gemm), ROWS);
        float[] parameters = floats(golden.get("parameters"));
        float[] gradient = new float[parameters.length];

        double sum = network.accumulate(
                parameters, batch, Spec.parse(Loss.class, lossName), RandomKey.of(0), workspace, gradient);

        double[] expectedLogits = doubles(golden.get("logits"));
        assertNear(layers + ": logits", expectedLogits, repeated(workspace.logits(), network.outputs()), 0, 0);
        double expectedSum = golden.get("lossSum").asDouble();
        assertThat(Math.abs(sum - expectedSum) / expectedSum).as("loss").isLessThan(TOLERANCE);

        JsonNode gradients = golden.get("gradients");
        double largest = elements(gradients)
                .mapToDouble(each -> largest(doubles(each)))
                .max()
                .orElseThrow();
        JsonNode statistics = golden.get("statisticsAfter");
        assertThat(network.layout()).hasSize(gradients.size() + statistics.size());
        for (Block block : network.layout()) {
            String name = layers + ": " + block.name();
            if (block.role() == Block.Role.STATISTIC) {
                for (int i = block.offset(); i < block.offset() + block.size(); i++) {
                    parameters[i] -= (float) (gradient[i] / batch.weight());
                }
                assertNear(name, doubles(statistics.get(block.name())), parameters, block.offset(), 0);
            } else {
                assertNear(name, doubles(gradients.get(block.name())), gradient, block.offset(), largest);
            }
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("networks")
    void inferenceMatchesPyTorch(String gemm, String layers, JsonNode golden) {
        Network network = network(layers);
        Workspace workspace = network.workspace(Gemm.named(gemm), ROWS);
        float[] logits = network.forward(floats(golden.get("parameters")), features(), workspace);
        assertNear(
                layers + ": logits", doubles(golden.get("inferenceLogits")), repeated(logits, network.outputs()), 0, 0);
    }

    private static Network network(String layers) {
        return Network.of(INPUTS, Spec.parseAll(Layer.class, layers));
    }

    private static Rows features() {
        return Rows.dense(ROWS, INPUTS, floats(GOLDEN.get("features")), 0);
    }

    /** Each row as often as it weighs. */
    private static float[] repeated(float[] rows, int columns) {
        float[] result = new float
                [elements(GOLDEN.get("weights")).mapToInt(JsonNode::asInt).sum() * columns];
        int to = 0;
        for (int row = 0; row < ROWS; row++) {
            for (int time = 0; time < WEIGHTS[row]; time++) {
                System.arraycopy(rows, row * columns, result, to, columns);
                to += columns;
            }
        }
        return result;
    }

    /** @param largestOfAll the unit where the block's own values are zero but for rounding */
    private static void assertNear(String name, double[] expected, float[] actual, int offset, double largestOfAll) {
        double unit = largest(expected);
        if (unit < VANISHED * largestOfAll) {
            unit = largestOfAll;
        }
        double error = 0;
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[offset + i]).as(name).isFinite();
            error = Math.max(error, Math.abs(expected[i] - actual[offset + i]) / unit);
        }
        if (error > worst) {
            worst = error;
            worstCase = name;
        }
        assertThat(error)
                .as(
                        "%s: %s instead of %s",
                        name,
                        Arrays.toString(Arrays.copyOfRange(actual, offset, offset + expected.length)),
                        Arrays.toString(expected))
                .isLessThan(TOLERANCE);
    }

    private static double largest(double[] values) {
        return Arrays.stream(values).map(Math::abs).max().orElseThrow();
    }
}
