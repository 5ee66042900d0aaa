package dev.kindling.optim;

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
import dev.kindling.nn.Block;
import dev.kindling.nn.Layer;
import dev.kindling.nn.Network;
import dev.kindling.nn.Workspace;
import dev.kindling.spec.Spec;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Against what PyTorch computes in float64: {@code src/test/python/golden.py} wrote the file. */
@Numeric
class GoldenTest {
    // Of the largest magnitude in the block; measured: 3e-7 for one pass, 3e-6 after ten steps.
    private static final double PASS_TOLERANCE = 1e-5;
    private static final double TRAINING_TOLERANCE = 1e-5;

    private static final JsonNode GOLDEN = GoldenFile.read("mlp.json");
    private static final int ROWS = GOLDEN.get("rows").asInt();

    private static double worstForward;
    private static double worstGradient;
    private static double worstTraining;

    @AfterAll
    static void printWorst() {
        System.out.printf(
                "GoldenTest, worst relative errors: forward %.1e, gradient %.1e, ten steps %.1e%n",
                worstForward, worstGradient, worstTraining);
    }

    static Stream<Arguments> networks() {
        return Gemm.available().stream().flatMap(gemm -> elements(GOLDEN.get("networks"))
                .map(network -> Arguments.of(
                        gemm,
                        network.get("layers").asText(),
                        network.get("loss").asText(),
                        network)));
    }

    static Stream<Arguments> runs() {
        return Gemm.available().stream()
                .flatMap(gemm -> elements(GOLDEN.get("networks")).flatMap(network -> elements(network.get("runs"))
                        .map(run -> Arguments.of(
                                gemm,
                                network.get("layers").asText(),
                                network.get("loss").asText(),
                                rule(run).toString(),
                                network,
                                run))));
    }

    static Stream<Arguments> steps() {
        return elements(GOLDEN.get("steps"))
                .map(step -> Arguments.of(
                        step.get("optimizer").asText(), step.get("t").asLong(), step));
    }

    static Stream<Arguments> schedules() {
        return elements(GOLDEN.get("schedules"))
                .map(row -> Arguments.of(row.get("schedule").asText(), row));
    }

    static Stream<Arguments> plateaus() {
        return elements(GOLDEN.get("plateaus"))
                .map(row -> Arguments.of(row.get("plateau").asText(), row));
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("networks")
    void forwardAndBackwardMatchPyTorch(String gemm, String layers, String loss, JsonNode golden) {
        Network network = network(golden);
        Batch batch = batch(loss);
        Workspace workspace = network.workspace(Gemm.named(gemm), ROWS);
        float[] gradient = new float[network.parameterCount()];

        double sum = network.accumulate(
                floats(golden.get("parameters")),
                batch,
                Spec.parse(Loss.class, loss),
                RandomKey.of(0),
                workspace,
                gradient);

        double forward = Math.max(
                error(doubles(golden.get("logits")), workspace.logits(), 0),
                relative(golden.get("lossSum").asDouble(), sum));
        worstForward = Math.max(worstForward, forward);
        assertThat(forward).as("logits and loss").isLessThan(PASS_TOLERANCE);
        JsonNode gradients = golden.get("gradients");
        assertThat(network.layout().stream().map(Block::name)).containsExactlyElementsOf(() -> gradients.fieldNames());
        for (Block block : network.layout()) {
            double[] expected = doubles(gradients.get(block.name()));
            assertThat(expected).as(block.name()).hasSize(block.size());
            double error = error(expected, gradient, block.offset());
            worstGradient = Math.max(worstGradient, error);
            assertThat(error).as(block.name()).isLessThan(PASS_TOLERANCE);
        }
    }

    @ParameterizedTest(name = "{0} {1} {2} {3}")
    @MethodSource("runs")
    void tenStepsMatchPyTorch(
            String gemm, String layers, String lossName, String ruleText, JsonNode golden, JsonNode run) {
        Network network = network(golden);
        Batch batch = batch(lossName);
        Loss loss = Spec.parse(Loss.class, lossName);
        UpdateRule rule = rule(run);
        Workspace workspace = network.workspace(Gemm.named(gemm), ROWS);
        float[] parameters = floats(golden.get("parameters"));
        float[] gradient = new float[parameters.length];
        Slots slots = new Slots(rule.optimizer(), parameters.length);
        double[] losses = doubles(run.get("losses"));
        assertThat(losses).hasSize(10);

        for (int step = 0; step < losses.length; step++) {
            Arrays.fill(gradient, 0f);
            double sum = network.accumulate(parameters, batch, loss, RandomKey.of(step), workspace, gradient);
            double error = relative(losses[step], sum / batch.weight());
            worstTraining = Math.max(worstTraining, error);
            assertThat(error).as("loss before step %d", step).isLessThan(TRAINING_TOLERANCE);
            Horizon horizon = new Horizon(1, losses.length);
            double rate = rule.rate(step, horizon);
            rule.apply(network.layout(), batch.weight(), rate, step, horizon, parameters, gradient, slots);
        }

        double[] expected = doubles(run.get("parameters"));
        for (Block block : network.layout()) {
            double[] part = Arrays.copyOfRange(expected, block.offset(), block.offset() + block.size());
            double error = error(part, parameters, block.offset());
            worstTraining = Math.max(worstTraining, error);
            assertThat(error).as(block.name()).isLessThan(TRAINING_TOLERANCE);
        }
    }

    @ParameterizedTest(name = "{0} t = {1}")
    @MethodSource("steps")
    void oneStepFromARandomStateMatchesPyTorch(String optimizerText, long t, JsonNode golden) {
        FirstOrder optimizer = Spec.parse(FirstOrder.class, optimizerText);
        float[] parameters = floats(golden.get("parameters"));
        float[] gradient = floats(golden.get("gradient"));
        float[] given = gradient.clone();
        Slots slots = new Slots(optimizer, parameters.length);
        // PyTorch leaves out the state that an option does not need
        List<String> names = slots.names().stream()
                .filter(name -> golden.get("slots").has(name))
                .toList();
        assertThat(names).hasSize(golden.get("slots").size());
        for (String name : names) {
            float[] before = floats(golden.get("slots").get(name));
            System.arraycopy(before, 0, slots.vector(slots.names().indexOf(name)), 0, before.length);
        }
        List<Block> layout = List.of(new Block("weight", Block.Role.WEIGHT, 0, parameters.length, 1));

        // by way of the rule, which has the decoupled decay
        new UpdateRule(optimizer, 1)
                .apply(layout, 1, golden.get("rate").asDouble(), t - 1, new Horizon(1, t), parameters, gradient, slots);

        assertThat(gradient).as("the gradient is left as it is").containsExactly(given);
        assertEachIsNear(doubles(golden.get("parametersAfter")), golden.get("parameters"), parameters);
        for (String name : names) {
            assertEachIsNear(
                    doubles(golden.get("slotsAfter").get(name)),
                    golden.get("slots").get(name),
                    slots.vector(slots.names().indexOf(name)));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("schedules")
    void scheduleMatchesTheTable(String text, JsonNode golden) {
        Schedule schedule = Spec.parse(Schedule.class, text);
        for (int i = 0; i < golden.get("steps").size(); i++) {
            int step = golden.get("steps").get(i).asInt();
            Horizon horizon = new Horizon(
                    golden.get("stepsPerEpoch").asLong(), golden.get("last").asLong());
            assertThat(schedule.at(step, horizon))
                    .as("step %d", step)
                    .isCloseTo(golden.get("factors").get(i).asDouble(), within(1e-12));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("plateaus")
    void plateausLowerTheRateWherePyTorchDoes(String text, JsonNode golden) {
        Plateau plateau = Spec.parse(Plateau.class, text);
        Plateau.State state = new Plateau.State();
        for (int i = 0; i < golden.get("losses").size(); i++) {
            plateau.observe(golden.get("losses").get(i).asDouble(), state);
            assertThat(state.factor)
                    .as("after loss %d", i)
                    .isCloseTo(golden.get("factors").get(i).asDouble(), within(1e-12));
        }
    }

    @Test
    void everyOptimizerAndScheduleIsInTheFile() {
        assertThat(names(GOLDEN.get("steps"), "optimizer")).containsAll(Spec.names(FirstOrder.class));
        assertThat(elements(GOLDEN.get("networks"))
                        .flatMap(network -> names(network.get("runs"), "optimizer").stream())
                        .collect(Collectors.toSet()))
                .containsAll(Spec.names(FirstOrder.class));
        assertThat(names(GOLDEN.get("schedules"), "schedule")).containsAll(Spec.names(Schedule.class));
    }

    /** The names of the specs in a field of an array's elements. */
    private static Set<String> names(JsonNode array, String field) {
        return elements(array)
                .map(element -> element.get(field).asText().replaceFirst("\\(.*", ""))
                .collect(Collectors.toSet());
    }

    private static Network network(JsonNode golden) {
        return Network.of(
                GOLDEN.get("inputs").asInt(),
                Spec.parseAll(Layer.class, golden.get("layers").asText()));
    }

    private static Batch batch(String loss) {
        Rows features = Rows.dense(ROWS, GOLDEN.get("inputs").asInt(), floats(GOLDEN.get("features")), 0);
        return new Batch(features, floats(GOLDEN.get("targets").get(loss)), 0, floats(GOLDEN.get("weights")), 0);
    }

    private static UpdateRule rule(JsonNode run) {
        return new UpdateRule(
                Spec.parse(Optimizer.class, run.get("optimizer").asText()),
                run.get("learningRate").asDouble(),
                Spec.parse(Schedule.class, run.get("schedule").asText()),
                new Penalty(run.get("l1").asDouble(), run.get("l2").asDouble()),
                Spec.parse(Clip.class, run.get("clip").asText()),
                0);
    }

    /** The largest difference, in units of the largest expected magnitude. */
    private static double error(double[] expected, float[] actual, int offset) {
        double largest = 0;
        double difference = 0;
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[offset + i]).isFinite();
            largest = Math.max(largest, Math.abs(expected[i]));
            difference = Math.max(difference, Math.abs(expected[i] - actual[offset + i]));
        }
        return difference / largest;
    }

    private static double relative(double expected, double actual) {
        return Math.abs(actual - expected) / Math.abs(expected);
    }

    /** Elementwise, for magnitudes that differ by powers of ten; where a step cancels, the value before it counts. */
    private static void assertEachIsNear(double[] expected, JsonNode before, float[] actual) {
        assertThat(actual).hasSize(expected.length);
        for (int i = 0; i < expected.length; i++) {
            double magnitude =
                    Math.max(Math.abs(expected[i]), Math.abs(before.get(i).asDouble()));
            assertThat((double) actual[i]).isCloseTo(expected[i], within(1e-6 * magnitude));
        }
    }
}
