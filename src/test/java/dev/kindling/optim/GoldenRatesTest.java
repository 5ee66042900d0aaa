package dev.kindling.optim;

import static dev.kindling.GoldenFile.doubles;
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
import dev.kindling.nn.Layer;
import dev.kindling.nn.Network;
import dev.kindling.nn.Workspace;
import dev.kindling.spec.Spec;
import java.util.Arrays;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Rates by kind of parameter and a schedule of weight decay against PyTorch's parameter groups: {@code golden_rates.py} wrote the file. */
@Numeric
final class GoldenRatesTest {
    private static final Network NETWORK = Network.of(5, Spec.parseAll(Layer.class, "scale dense(6) prelu dense(3)"));

    static Stream<Arguments> runs() {
        return StreamSupport.stream(GoldenFile.read("rates.json").spliterator(), false)
                .map(run -> Arguments.of(run.get("optimizer").asText(), run));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("runs")
    void stepsAreThoseOfPyTorchsParameterGroups(String optimizer, JsonNode run) {
        JsonNode factors = run.get("factors");
        UpdateRule rule = new UpdateRule(
                        Spec.parse(Optimizer.class, optimizer), run.get("rate").asDouble())
                .withRateFactors(new RateFactors.ByKind(
                        factors.get("weight").asDouble(),
                        factors.get("bias").asDouble(),
                        factors.get("gain").asDouble(),
                        factors.get("scale").asDouble(),
                        1))
                .withDecaySchedule(new Schedule.FlatCosine());
        float[] parameters = floats(run.get("parameters"));
        float[] gradient = new float[parameters.length];
        float[] targets = floats(run.get("targets"));
        Rows rows = Rows.dense(targets.length, NETWORK.inputs(), floats(run.get("features")), 0);
        Batch batch = new Batch(rows, targets, 0, null, 0);
        Workspace workspace = NETWORK.workspace(Gemm.named("java"), targets.length);
        Slots slots = new Slots(rule.optimizer(), parameters.length);
        Horizon horizon = new Horizon(1, run.get("steps").asInt());
        for (int step = 0; step < horizon.steps(); step++) {
            Arrays.fill(gradient, 0f);
            NETWORK.accumulate(parameters, batch, new Loss.SoftmaxCrossEntropy(), RandomKey.of(0), workspace, gradient);
            rule.apply(
                    NETWORK.layout(), batch.weight(), rule.learningRate(), step, horizon, parameters, gradient, slots);
        }
        double[] expected = doubles(run.get("after"));
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) parameters[i]).as("parameter %d", i).isCloseTo(expected[i], within(2e-5));
        }
    }
}
