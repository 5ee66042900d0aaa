package dev.kindling.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import dev.kindling.Numeric;
import dev.kindling.linalg.Gemm;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.RandomKey;
import dev.kindling.linalg.Rows;
import dev.kindling.linalg.SplitMix64;
import dev.kindling.loss.Batch;
import dev.kindling.loss.Loss;
import dev.kindling.loss.ValueLoss;
import dev.kindling.spec.Spec;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Numeric
class NetworkTest {
    private static final int INPUTS = 6;
    private static final RandomKey PASS = RandomKey.of(11);

    static Stream<Loss> losses() {
        return Spec.names(Loss.class).stream().map(name -> Spec.parse(Loss.class, name));
    }

    static Stream<Loss> smoothedToo() {
        return Stream.concat(losses(), Stream.of(new Loss.SoftmaxCrossEntropy(0.1)));
    }

    @ParameterizedTest
    @MethodSource("smoothedToo")
    void lossAndPredictionsAtOnceHaveTheBitsOfBoth(Loss loss) {
        Network network = small(loss);
        Batch batch = batch(loss, new int[] {0, 1, 2}, 1f, 2f, 0.5f);
        float[] logits = network.forward(parameters(network), batch.features(), network.workspace(Gemm.best(), 3))
                .clone();
        float[] atOnce = logits.clone();
        double sum = loss.evaluateAndLink(batch, network.outputs(), atOnce, new float[logits.length]);
        assertThat(sum).isEqualTo(loss.evaluate(batch, network.outputs(), logits, new float[logits.length]));
        loss.link(batch.rows(), network.outputs(), logits);
        assertThat(atOnce).containsExactly(logits);
    }

    // What a batch adds up to

    @ParameterizedTest
    @MethodSource("losses")
    void weightTwoEqualsTheRowTwice(Loss loss) {
        Network network = small(loss);
        Sum doubled = sum(network, loss, batch(loss, new int[] {0, 1, 2}, 1f, 2f, 1f));
        Sum twice = sum(network, loss, batch(loss, new int[] {0, 1, 1, 2}, 1f, 1f, 1f, 1f));
        assertClose(doubled, twice);
    }

    @ParameterizedTest
    @MethodSource("losses")
    void weightZeroEqualsTheRowAbsent(Loss loss) {
        Network network = small(loss);
        Sum zeroed = sum(network, loss, batch(loss, new int[] {0, 1, 2}, 1f, 0f, 3f));
        Sum absent = sum(network, loss, batch(loss, new int[] {0, 2}, 1f, 3f));
        assertClose(zeroed, absent);
    }

    @ParameterizedTest
    @MethodSource("losses")
    void noWeightsEqualWeightsOfOneToTheBit(Loss loss) {
        Network network = small(loss);
        Batch ones = batch(loss, new int[] {0, 1, 2}, 1f, 1f, 1f);
        Sum none = sum(network, loss, batch(loss, new int[] {0, 1, 2}));
        assertThat(sum(network, loss, ones).gradient).containsExactly(none.gradient);
        assertThat(sum(network, loss, ones).loss).isEqualTo(none.loss);
        assertThat(batch(loss, new int[] {0, 1, 2}).weight()).isEqualTo(3);
        assertThat(batch(loss, new int[] {0, 1, 2}, 0.5f, 0f, 2f).weight()).isEqualTo(2.5);
    }

    @ParameterizedTest
    @MethodSource("losses")
    void microBatchesAddUpToTheWholeBatch(Loss loss) {
        Network network = small(loss);
        Batch whole = batch(loss, new int[] {0, 1, 2, 3, 4, 5, 6}, 1f, 2f, 0.5f, 1f, 0f, 3f, 1f);
        Workspace workspace = network.workspace(Gemm.best(), 3);
        float[] gradient = new float[network.parameterCount()];
        double sum = 0;
        for (Batch part : List.of(
                batch(loss, new int[] {0, 1, 2}, 1f, 2f, 0.5f),
                batch(loss, new int[] {3}, 1f),
                batch(loss, new int[] {}),
                batch(loss, new int[] {4, 5, 6}, 0f, 3f, 1f))) {
            sum += network.accumulate(parameters(network), part, loss, PASS, workspace, gradient);
        }
        assertClose(new Sum(sum, gradient), sum(network, loss, whole));
    }

    @ParameterizedTest
    @MethodSource("losses")
    void aUsedAndLargerWorkspaceGivesTheBitsOfAFreshOne(Loss loss) {
        Network network = small(loss);
        Workspace used = network.workspace(Gemm.best(), 9);
        float[] junk = new float[network.parameterCount()];
        network.accumulate(parameters(network), batch(loss, new int[] {8, 7, 6, 5, 4, 3}), loss, PASS, used, junk);
        Batch batch = batch(loss, new int[] {0, 1}, 1f, 2f);
        float[] gradient = new float[network.parameterCount()];
        double sum = network.accumulate(parameters(network), batch, loss, PASS, used, gradient);
        assertThat(sum).isEqualTo(sum(network, loss, batch).loss);
        assertThat(gradient).containsExactly(sum(network, loss, batch).gradient);
    }

    @Test
    void aPassLeavesParametersAndInputAsTheyAre() {
        Network network = network("tanh dropout(0.5) dense(3) relu dense(2)");
        Batch batch = batch(new Loss.SoftmaxCrossEntropy(), new int[] {0, 1});
        float[] parameters = parameters(network);
        float[] parametersBefore = parameters.clone();
        float[] valuesBefore = batch.features().values().clone();
        network.accumulate(
                parameters,
                batch,
                new Loss.SoftmaxCrossEntropy(),
                PASS,
                network.workspace(Gemm.best(), 2),
                new float[parameters.length]);
        assertThat(parameters).containsExactly(parametersBefore);
        assertThat(batch.features().values()).containsExactly(valuesBefore);
    }

    // Extreme logits

    @ParameterizedTest
    @CsvSource({
        "softmaxCrossEntropy, 3, 10000,     0, -10000, 0, 0",
        "softmaxCrossEntropy, 3, 10000,     0, -10000, 1, 10000",
        "softmaxCrossEntropy, 3, 10000,     0, -10000, 2, 20000",
        "softmaxCrossEntropy, 3, 10000, 10000,  10000, 2, 1.0986122886681098",
        "softmaxCrossEntropy, 3, -10000, -10000, -10000, 0, 1.0986122886681098",
        "sigmoidCrossEntropy, 1, 10000,  0, 0, 1, 0",
        "sigmoidCrossEntropy, 1, 10000,  0, 0, 0, 10000",
        "sigmoidCrossEntropy, 1, -10000, 0, 0, 1, 10000",
        "sigmoidCrossEntropy, 1, -10000, 0, 0, 0, 0",
        "squaredError,        1, 10000,  0, 0, -10000, 4e8",
        "softmaxCrossEntropy(labelSmoothing=0.3), 3, 10000, 0, -10000, 2, 17000",
        "softmaxCrossEntropy(labelSmoothing=0.3), 3, 10000, 0, -10000, 0, 3000",
        "focal,               3, 10000,     0, -10000, 0, 0",
        "focal,               3, 10000,     0, -10000, 2, 20000",
        "focal(gamma=0.5),    3, 10000,     0, -10000, 0, 0",
        "focal,               3, 10000, 10000,  10000, 2, 0.488272128296938",
        "multiclassHinge,     3, 10000,     0, -10000, 0, 0",
        "multiclassHinge,     3, 10000,     0, -10000, 2, 30002",
        "absoluteError,       1, 10000,  0, 0, -10000, 20000",
        "huber,               1, 10000,  0, 0, -10000, 19999.5",
        "quantile,            1, 10000,  0, 0, -10000, 10000",
        "quantile(tau=0.25),  1, -10000, 0, 0,  10000, 5000",
        "poisson,             1, -10000, 0, 0,      2, 20000",
        "squaredLogError,     1, -10000, 0, 0,      0, 1e8",
    })
    void lossesAtLogitsOfTenThousandAreExact(
            String name, int outputs, float first, float second, float third, float target, double expected) {
        Loss loss = Spec.parse(Loss.class, name);
        float[] logits = Arrays.copyOf(new float[] {first, second, third}, outputs);
        float[] delta = new float[outputs];
        Batch batch = new Batch(Rows.dense(1, 1, new float[1], 0), new float[] {target}, 0, new float[] {2f}, 0);

        assertThat(loss.evaluate(batch, outputs, logits, delta)).isCloseTo(2 * expected, within(1e-12 * expected));
        double gradients = 0;
        for (float each : delta) {
            assertThat(each).isFinite();
            gradients += each;
        }
        if (outputs > 1) {
            assertThat(gradients).as("probabilities less one").isCloseTo(0, within(1e-6));
        }
        loss.link(1, outputs, logits);
        for (float each : logits) {
            assertThat(each).isFinite();
        }
    }

    @Test
    void linksGiveProbabilitiesOfEachRow() {
        float[] logits = {1f, 2f, 3f, -1f, -1f, -1f};
        new Loss.SoftmaxCrossEntropy().link(2, 3, logits);
        double total = Math.exp(1) + Math.exp(2) + Math.exp(3);
        float[] expected = {
            (float) (Math.exp(1) / total),
            (float) (Math.exp(2) / total),
            (float) (Math.exp(3) / total),
            1 / 3f,
            1 / 3f,
            1 / 3f
        };
        assertThat(logits).containsExactly(expected, within(1e-7f));
        float[] binary = {0f, 2f};
        new Loss.SigmoidCrossEntropy().link(2, 1, binary);
        assertThat(binary).containsExactly(new float[] {0.5f, (float) (1 / (1 + Math.exp(-2)))}, within(1e-7f));
        float[] plain = {4f, -5f};
        new ValueLoss.SquaredError().link(2, 1, plain);
        assertThat(plain).containsExactly(4f, -5f);
    }

    @Test
    void lossesAskForTheirOutputs() {
        assertThat(new Loss.SoftmaxCrossEntropy().outputs(7)).isEqualTo(7);
        assertThat(new Loss.SigmoidCrossEntropy().outputs(2)).isEqualTo(1);
        assertThat(new ValueLoss.SquaredError().outputs(1)).isEqualTo(1);
        assertThatThrownBy(() -> new Loss.SigmoidCrossEntropy().outputs(3))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("labels have 3")
                .hasMessageContaining("softmaxCrossEntropy");
    }

    // Allocation

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aThousandPassesAllocateNearlyNothing(boolean sparse) {
        int rows = 64;
        Loss loss = new Loss.SoftmaxCrossEntropy();
        Network network = network("dense(32) relu dropout(0.2) dense(16) tanh dense(8) sigmoid dense(3)");
        SplitMix64 random = RandomKey.of(5).generator();
        float[] values = new float[rows * INPUTS];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        float[] targets = new float[rows];
        for (int row = 0; row < rows; row++) {
            targets[row] = random.nextInt(3);
        }
        Batch batch =
                new Batch(sparse ? allStored(rows, values) : Rows.dense(rows, INPUTS, values, 0), targets, 0, null, 0);
        Workspace workspace = network.workspace(Gemm.best(), rows);
        float[] parameters = parameters(network);
        float[] gradient = new float[parameters.length];
        for (int pass = 0; pass < 300; pass++) {
            network.accumulate(parameters, batch, loss, PASS, workspace, gradient);
        }

        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long id = Thread.currentThread().getId();
        long before = threads.getThreadAllocatedBytes(id);
        for (int pass = 0; pass < 1000; pass++) {
            network.accumulate(parameters, batch, loss, PASS, workspace, gradient);
        }
        long bytes = threads.getThreadAllocatedBytes(id) - before;

        // A key for each layer and a generator for dropout; one array of the smallest layer would be 768 bytes.
        System.out.printf("NetworkTest: %d bytes a pass%n", bytes / 1000);
        assertThat(bytes / 1000).isLessThan(400);
    }

    private static Rows allStored(int rows, float[] values) {
        int[] starts = new int[rows + 1];
        int[] indices = new int[values.length];
        for (int row = 0; row < rows; row++) {
            starts[row + 1] = (row + 1) * INPUTS;
            for (int column = 0; column < INPUTS; column++) {
                indices[row * INPUTS + column] = column;
            }
        }
        return Rows.sparse(rows, INPUTS, starts, 0, indices, values);
    }

    // Layout

    @Test
    void theLayoutNamesEveryPieceInOrderWithoutGaps() {
        Network network = network("dense(4) relu dropout(0.1) dense(3) tanh dense(2)");
        assertThat(network.layout())
                .containsExactly(
                        new Block("dense1.weight", Block.Role.WEIGHT, 0, INPUTS, 4),
                        new Block("dense1.bias", Block.Role.BIAS, 24, 1, 4),
                        new Block("dense2.weight", Block.Role.WEIGHT, 28, 4, 3),
                        new Block("dense2.bias", Block.Role.BIAS, 40, 1, 3),
                        new Block("dense3.weight", Block.Role.WEIGHT, 43, 3, 2),
                        new Block("dense3.bias", Block.Role.BIAS, 49, 1, 2));
        assertThat(network.parameterCount()).isEqualTo(51);
        assertThat(network.inputs()).isEqualTo(6);
        assertThat(network.outputs()).isEqualTo(2);
        assertThat(network).hasToString("6 inputs: dense(4) relu dropout(0.1) dense(3) tanh dense(2)");
    }

    @Test
    void aNetworkWithoutParametersHasAnEmptyLayout() {
        Network network = network("relu");
        assertThat(network.layout()).isEmpty();
        assertThat(network.forward(
                        new float[0],
                        Rows.dense(1, 6, new float[] {-1, 2, -3, 4, -5, 6}, 0),
                        network.workspace(Gemm.best(), 1)))
                .containsExactly(0, 2, 0, 4, 0, 6);
    }

    // Initial parameters

    static Stream<Arguments> initialisers() {
        double in = 300;
        double both = 300 + 200;
        return Stream.of(
                // spec of the dense layer, what follows, standard deviation, bound
                Arguments.of("dense(200)", "relu", Math.sqrt(2 / in), 0),
                Arguments.of("dense(200)", "dropout(0.5) relu", Math.sqrt(2 / in), 0),
                Arguments.of("dense(200)", "leakyRelu(0.5)", Math.sqrt(2 / 1.25 / in), 0),
                Arguments.of("dense(200)", "tanh", Math.sqrt(2 / both), Math.sqrt(6 / both)),
                Arguments.of("dense(200)", "sigmoid", 4 * Math.sqrt(2 / both), 4 * Math.sqrt(6 / both)),
                Arguments.of("dense(200)", "identity", Math.sqrt(2 / both), Math.sqrt(6 / both)),
                Arguments.of("dense(200)", "", Math.sqrt(2 / both), Math.sqrt(6 / both)),
                Arguments.of("dense(200)", "dense(1) relu", Math.sqrt(2 / both), Math.sqrt(6 / both)),
                Arguments.of("dense(200, initializer=glorotNormal)", "tanh", Math.sqrt(2 / both), 0),
                Arguments.of("dense(200, initializer=glorotNormal)", "sigmoid", 4 * Math.sqrt(2 / both), 0),
                Arguments.of(
                        "dense(200, initializer=glorotUniform)", "relu", Math.sqrt(4 / both), Math.sqrt(12 / both)),
                Arguments.of("dense(200, initializer=heUniform)", "relu", Math.sqrt(2 / in), Math.sqrt(6 / in)),
                Arguments.of("dense(200, initializer=heNormal)", "tanh", Math.sqrt(1 / in), 0),
                Arguments.of("dense(200)", "selu", Math.sqrt(1 / in), 0),
                Arguments.of("dense(200)", "silu", 1.62332 / Math.sqrt(in), 0),
                Arguments.of("dense(200)", "hardSigmoid", 6 * Math.sqrt(2 / both), 6 * Math.sqrt(6 / both)),
                Arguments.of("dense(200, initializer=lecunNormal)", "relu", Math.sqrt(1 / in), 0),
                Arguments.of("dense(200, initializer=lecunUniform)", "relu", Math.sqrt(1 / in), Math.sqrt(3 / in)),
                Arguments.of("dense(200, initializer=uniform)", "relu", Math.sqrt(1 / in / 3), Math.sqrt(1 / in)),
                Arguments.of("dense(200, initializer=normal)", "relu", 0.01, 0),
                Arguments.of("dense(200, initializer=normal(0.5))", "sigmoid", 0.5, 0),
                Arguments.of("dense(200, initializer=orthogonal)", "relu", Math.sqrt(2 / in), 0),
                Arguments.of("dense(200, initializer=constant(0))", "relu", 0, 0),
                Arguments.of("dense(200, initializer=zeros)", "relu", 0, 0));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("initialisers")
    void firstWeightsHaveTheDeviationAndBoundThatTheActivationAsksFor(
            String dense, String following, double deviation, double bound) {
        Network network = Network.of(300, Spec.parseAll(Layer.class, dense + " " + following));
        float[] parameters = network.initialize(RandomKey.of(3));
        int n = 300 * 200;
        double sum = 0;
        double squares = 0;
        double largest = 0;
        for (int i = 0; i < n; i++) {
            sum += parameters[i];
            squares += (double) parameters[i] * parameters[i];
            largest = Math.max(largest, Math.abs(parameters[i]));
        }
        // five standard errors: of a mean, and of a normal's deviation
        assertThat(sum / n).isCloseTo(0, within(5 * deviation / Math.sqrt(n)));
        assertThat(Math.sqrt(squares / n)).isCloseTo(deviation, within(5 * deviation / Math.sqrt(2 * n)));
        if (bound > 0) {
            assertThat(largest).isBetween(0.999 * bound, bound * (1 + 1e-7));
        } else {
            assertThat(largest).as("a normal's largest of %d", n).isGreaterThanOrEqualTo(3.5 * deviation);
        }
        for (int i = n; i < n + 200; i++) {
            assertThat(parameters[i]).as("bias").isZero();
        }
    }

    @Test
    void oneKeyGivesTheSameBitsAndAnotherKeyOthers() {
        Network network = network("dense(5) relu dense(3)");
        float[] first = network.initialize(RandomKey.of(1));
        assertThat(network.initialize(RandomKey.of(1))).containsExactly(first);
        float[] second = network.initialize(RandomKey.of(2));
        for (Block block : network.layout()) {
            for (int i = block.offset(); i < block.offset() + block.size() && block.role() == Block.Role.WEIGHT; i++) {
                assertThat(second[i]).isNotEqualTo(first[i]);
            }
        }
    }

    @Test
    void changingOneLayerLeavesTheDrawsOfTheOthers() {
        float[] narrow = network("dense(5) relu dense(4) relu dense(3)").initialize(RandomKey.of(1));
        float[] other = network("dense(5) relu dense(4, initializer=zeros) relu dense(3)")
                .initialize(RandomKey.of(1));
        int second = INPUTS * 5 + 5;
        int third = second + 5 * 4 + 4;
        assertThat(Arrays.copyOf(other, second)).containsExactly(Arrays.copyOf(narrow, second));
        assertThat(Arrays.copyOfRange(other, third, other.length))
                .containsExactly(Arrays.copyOfRange(narrow, third, narrow.length));
    }

    // Dropout

    @Test
    void dropoutZeroesItsShareAndScalesTheRestByWhatIsKept() {
        int rows = 500;
        float[] ones = new float[rows * INPUTS];
        Arrays.fill(ones, 1f);
        Network network = network("dropout(0.2) identity");
        float[] first = dropped(network, ones, PASS);
        int zeros = 0;
        for (float value : first) {
            assertThat(value).isIn(0f, 1.25f);
            zeros += value == 0 ? 1 : 0;
        }
        double n = first.length;
        assertThat(zeros / n).isCloseTo(0.2, within(5 * Math.sqrt(0.2 * 0.8 / n)));
        assertThat(dropped(network, ones, PASS)).containsExactly(first);
        assertThat(dropped(network, ones, RandomKey.of(12))).isNotEqualTo(first);
    }

    /** The outputs of a training pass. */
    private static float[] dropped(Network network, float[] features, RandomKey key) {
        int rows = features.length / INPUTS;
        Workspace workspace = network.workspace(Gemm.best(), rows);
        Batch batch = new Batch(Rows.dense(rows, INPUTS, features, 0), new float[rows], 0, null, 0);
        network.accumulate(new float[0], batch, new Loss.SoftmaxCrossEntropy(), key, workspace, new float[0]);
        return workspace.logits().clone();
    }

    @Test
    void twoDropoutsOfANetworkDrawDifferentMasks() {
        float[] ones = new float[600];
        Arrays.fill(ones, 1f);
        float[] both = dropped(network("dropout(0.5) dropout(0.5)"), ones, PASS);
        int kept = 0;
        for (float value : both) {
            kept += value == 4f ? 1 : 0;
        }
        assertThat(kept / 600.0).isCloseTo(0.25, within(5 * Math.sqrt(0.25 * 0.75 / 600)));
    }

    @Test
    void dropoutDoesNothingAtInference() {
        Loss loss = new Loss.SoftmaxCrossEntropy();
        Network with = network("dropout(0.5) dense(5) relu dropout(0.9) dense(3)");
        Network without = network("dense(5) relu dense(3)");
        Batch batch = batch(loss, new int[] {0, 1, 2}, 1f, 2f, 0.5f);
        float[] parameters = parameters(without);
        Workspace workspace = with.workspace(Gemm.best(), 3);
        Workspace plain = without.workspace(Gemm.best(), 3);
        // a training pass before must leave no key behind
        with.accumulate(parameters, batch, loss, PASS, workspace, new float[parameters.length]);
        assertThat(with.forward(parameters, batch.features(), workspace))
                .containsExactly(without.forward(parameters, batch.features(), plain));
        assertThat(with.loss(parameters, batch, loss, workspace))
                .isEqualTo(without.loss(parameters, batch, loss, plain))
                .isEqualTo(without.accumulate(parameters, batch, loss, PASS, plain, new float[parameters.length]));
    }

    // Refusals

    @Test
    void wrongWidthsAreRefusedWithBothNumbers() {
        Network network = network("dense(2)");
        Workspace workspace = network.workspace(Gemm.best(), 3);
        float[] parameters = new float[network.parameterCount()];
        assertThatThrownBy(() -> network.forward(parameters, Rows.dense(1, 5, new float[5], 0), workspace))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the network takes 6 inputs, 14 parameters and at most 3 rows, but got 5, 14 and 1");
        assertThatThrownBy(() -> network.forward(new float[13], Rows.dense(1, 6, new float[6], 0), workspace))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("14 parameters")
                .hasMessageContaining("but got 6, 13 and 1");
        assertThatThrownBy(() -> network.forward(parameters, Rows.dense(4, 6, new float[24], 0), workspace))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most 3 rows")
                .hasMessageContaining("but got 6, 14 and 4");
    }

    @Test
    void networksThatCannotBeAreRefused() {
        assertThatThrownBy(() -> Network.of(0, List.of(new Dense(1))))
                .isInstanceOf(InvalidInput.class)
                .hasMessage("the number of inputs of a network must be positive, but is 0");
        assertThatThrownBy(() -> Network.of(3, List.of()))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("at least one layer");
        assertThatThrownBy(() -> Network.of(100_000, Spec.parseAll(Layer.class, "dense(10) relu dense(1000000000)")))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("2147483639")
                .hasMessageContaining("dense2")
                .hasMessageContaining("10001000010");
        // the weights alone would fit
        assertThatThrownBy(() -> Network.of(1, List.of(new Dense(Integer.MAX_VALUE - 8))))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("dense1");
    }

    // Building blocks

    private record Sum(double loss, float[] gradient) {}

    private static Network network(String layers) {
        return Network.of(INPUTS, Spec.parseAll(Layer.class, layers));
    }

    private static Network small(Loss loss) {
        return network("dense(5) tanh dense(4) relu dense(" + (loss.isClassification() ? loss.outputs(2) : 1) + ")");
    }

    private static float[] parameters(Network network) {
        float[] parameters = network.initialize(RandomKey.of(9));
        for (Block block : network.layout()) {
            for (int i = 0; i < block.size() && block.role() == Block.Role.BIAS; i++) {
                parameters[block.offset() + i] = 0.1f * (i + 1);
            }
        }
        return parameters;
    }

    /** Of rows that are the same each time their number is given. */
    private static Batch batch(Loss loss, int[] rows, float... weights) {
        float[] features = new float[rows.length * INPUTS];
        float[] targets = new float[rows.length];
        for (int i = 0; i < rows.length; i++) {
            SplitMix64 random = RandomKey.of(rows[i]).generator();
            for (int column = 0; column < INPUTS; column++) {
                features[i * INPUTS + column] = (float) random.nextGaussian();
            }
            targets[i] = loss.isClassification() ? random.nextInt(2) : (float) random.nextGaussian();
            targets[i] = loss.targetProblem(targets[i]) == null ? targets[i] : -targets[i];
        }
        Rows dense = Rows.dense(rows.length, INPUTS, features, 0);
        return new Batch(dense, targets, 0, weights.length == 0 ? null : weights, 0);
    }

    private static Sum sum(Network network, Loss loss, Batch batch) {
        float[] gradient = new float[network.parameterCount()];
        double sum = network.accumulate(
                parameters(network), batch, loss, PASS, network.workspace(Gemm.best(), batch.rows()), gradient);
        return new Sum(sum, gradient);
    }

    private static void assertClose(Sum actual, Sum expected) {
        assertThat(actual.loss).isCloseTo(expected.loss, within(1e-6 * Math.abs(expected.loss)));
        float largest = 0;
        for (float each : expected.gradient) {
            largest = Math.max(largest, Math.abs(each));
        }
        assertThat(largest).isPositive();
        assertThat(actual.gradient).containsExactly(expected.gradient, within(1e-6f * largest));
    }
}
