package dev.kindling.nn;

import static dev.kindling.GoldenFile.doubles;
import static dev.kindling.GoldenFile.elements;
import static dev.kindling.GoldenFile.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kindling.GoldenFile;
import dev.kindling.Numeric;
import dev.kindling.linalg.Gemm;
import dev.kindling.linalg.RandomKey;
import dev.kindling.linalg.Rows;
import dev.kindling.loss.Batch;
import dev.kindling.loss.Loss;
import dev.kindling.nn.embedding.TouchedRows;
import dev.kindling.optim.Horizon;
import dev.kindling.optim.Optimizer;
import dev.kindling.optim.Slots;
import dev.kindling.optim.UpdateRule;
import dev.kindling.spec.Spec;
import java.util.Arrays;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Steps over the rows of weights that a batch touches against PyTorch's Embedding(sparse=True) with SparseAdam, SGD and
 * Adagrad in float64: {@code src/test/python/golden_sparse.py} wrote the file.
 */
@Numeric
class GoldenSparseTest {
    private static final JsonNode GOLDEN = GoldenFile.read("sparse.json");
    private static final int INPUTS = GOLDEN.get("inputs").asInt();
    private static final int ROWS = GOLDEN.get("rows").asInt();

    static Stream<Arguments> cases() {
        return elements(GOLDEN.get("cases"))
                .map(each -> Arguments.of(
                        each.get("optimizer").asText(), each.get("layers").asText(), each));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("cases")
    void stepsOfWhatABatchTouchesMatchPyTorch(String optimizerText, String layers, JsonNode golden) {
        Network network = Network.of(INPUTS, Spec.parseAll(Layer.class, layers));
        Optimizer optimizer = Spec.parse(Optimizer.class, optimizerText);
        UpdateRule rule = new UpdateRule(optimizer, golden.get("learningRate").asDouble());
        assertThat(rule.skipsUntouched()).isTrue();
        float[] parameters = floats(golden.get("parameters"));
        Slots slots = new Slots(optimizer, parameters.length);
        double[] losses = doubles(golden.get("losses"));
        for (int step = 0; step < losses.length; step++) {
            JsonNode batch = golden.get("batches").get(step);
            double loss = step(network, rule, step, batch, parameters, slots);
            assertThat(loss).as("loss of step " + step).isCloseTo(losses[step], within(2e-6));
        }
        double[] expected = doubles(golden.get("parametersAfter"));
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) parameters[i]).as("parameter " + i).isCloseTo(expected[i], within(2e-6));
        }
    }

    private static double step(
            Network whole, UpdateRule rule, int step, JsonNode golden, float[] parameters, Slots slots) {
        int[] inputs = elements(golden.get("inputs")).mapToInt(JsonNode::asInt).toArray();
        float[] values = floats(golden.get("values"));
        TreeSet<Integer> touched = new TreeSet<>();
        for (int p = 0; p < inputs.length; p++) {
            if (values[p] != 0) {
                touched.add(inputs[p]);
            }
        }
        TouchedRows rows = whole.touched(
                        touched.stream().mapToInt(Integer::intValue).toArray())
                .orElseThrow();
        Network network = whole.over(rows);
        float[] part = new float[network.parameterCount()];
        Arrays.fill(part, Float.NaN); // as arrays that are used again hold anything
        rows.gather(parameters, part);
        Slots partSlots = new Slots(rule.optimizer(), part.length);
        partSlots.gather(rows, slots);
        float[] gradient = new float[part.length];
        Batch batch = new Batch(features(rows, inputs, values), floats(golden.get("labels")), 0, null, 0);
        Workspace workspace = network.workspace(Gemm.named("java"), ROWS);
        double sum =
                network.accumulate(part, batch, new Loss.SoftmaxCrossEntropy(), RandomKey.of(0), workspace, gradient);
        rule.apply(network.layout(), ROWS, rule.learningRate(), step, new Horizon(1, 1), part, gradient, partSlots);
        rows.scatter(part, parameters);
        partSlots.scatter(rows, slots);
        return sum / ROWS;
    }

    private static Rows features(TouchedRows rows, int[] inputs, float[] values) {
        int[] map = new int[INPUTS];
        rows.writePlaces(map);
        int[] starts = new int[ROWS + 1];
        int[] indices = new int[inputs.length];
        float[] stored = new float[inputs.length];
        int next = 0;
        for (int p = 0; p < inputs.length; p++) {
            if (values[p] != 0) {
                indices[next] = map[inputs[p]];
                stored[next++] = values[p];
            }
            starts[p / (inputs.length / ROWS) + 1] = next;
        }
        return Rows.sparse(ROWS, rows.columns(), starts, 0, indices, stored);
    }
}
