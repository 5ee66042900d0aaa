package dev.kindling.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.Numeric;
import dev.kindling.linalg.Gemm;
import dev.kindling.linalg.RandomKey;
import dev.kindling.linalg.Rows;
import dev.kindling.linalg.SplitMix64;
import dev.kindling.loss.Batch;
import dev.kindling.loss.Loss;
import dev.kindling.nn.reference.ReferenceNetwork;
import dev.kindling.spec.Spec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The float32 gradients against central differences of a naive network in double. */
@Numeric
class GradientTest {
    private static final int ROWS = 11;
    private static final int INPUTS = 5;
    private static final int[] HIDDEN = {6, 5, 4};
    private static final double STEP = 1e-5;
    private static final double KINK = 1e-3; // no step of a parameter moves an input of a kink so far
    private static final double TOLERANCE = 1e-4; // of the largest magnitude in the block
    private static final double VANISHED = 1e-8; // of the largest magnitude of all
    private static final RandomKey PASS = RandomKey.of(77).fold(RandomKey.DROPOUT);

    private static final List<String> ACTIVATIONS = List.of(
            "identity",
            "relu",
            "leakyRelu(slope=0.2)",
            "elu(alpha=0.7)",
            "selu",
            "sigmoid",
            "hardSigmoid",
            "tanh",
            "softplus",
            "silu",
            "gelu",
            "geluTanh",
            "mish");

    private static final List<String> LOSSES = List.of(
            "softmaxCrossEntropy(labelSmoothing=0.1)",
            "sigmoidCrossEntropy",
            "multiclassHinge(margin=1.5)",
            "focal(gamma=1.5)",
            "squaredError",
            "absoluteError",
            "huber(delta=0.8)",
            "quantile(tau=0.8)",
            "poisson",
            "squaredLogError",
            "standardized(huber(delta=0.8), means=[0.3], deviations=[1.7])");

    /** What comes before a last dense layer: each layer that is no activation first, in the middle, and with others. */
    private static final List<String> LAYERS = List.of(
            "batchNorm",
            "batchNorm dense(6) tanh",
            "dense(6) batchNorm(epsilon=0.1)",
            "dense(6) sigmoid batchNorm dense(5) batchNorm leakyRelu(0.3)",
            "layerNorm",
            "layerNorm dense(6) tanh",
            "dense(6) layerNorm(0.1)",
            "dense(6) relu layerNorm dense(5) layerNorm sigmoid",
            "prelu",
            "prelu(shared=true) dense(6) tanh",
            "dense(6) prelu dense(5) prelu(shared=true)",
            "maxout(5)",
            "dense(6) maxout(2) sigmoid",
            "dense(8) maxout(4) dense(6) tanh maxout(3)",
            "standardize",
            "standardize dense(6) relu",
            "scale",
            "standardize scale dense(6) tanh scale",
            "residual([tanh])",
            "residual([dense(6) relu dense(5)])",
            "residual([dropout(0.3) dense(5) tanh]) residual([dense(4) dropout(0.5) dense(5)])",
            "dense(4) residual([sigmoid dense(6) maxout(2) residual([dense(3)]) dense(4)]) tanh",
            "dense(4) residual([residual([residual([dense(4) dropout(0.3)]) dropout(0.3)]) dropout(0.3)])",
            "standardize residual([batchNorm relu dense(5) batchNorm prelu dense(5)]) layerNorm",
            "embed(dim=2, starts=[1], widths=[3])",
            "embed(dim=3, starts=[0 4], widths=[2 1]) dense(6) tanh",
            "embed(dim=2, starts=[0 3], widths=[3 2]) standardize residual([tanh dense(4)])",
            "plr(frequencies=2, dim=3, starts=[0], widths=[5])",
            "plr(frequencies=3, dim=1, starts=[1 4], widths=[2 1]) dense(6) tanh",
            "dense(6) tanh plr(frequencies=3, dim=2, starts=[1 4], widths=[2 1])",
            "embed(dim=2, starts=[1], widths=[3]) standardize plr(frequencies=2, dim=2, starts=[3], widths=[1])",
            "pbld(frequencies=2, dim=2, starts=[0 3], widths=[2 2])",
            "dense(6) pbld(frequencies=3, dim=4, starts=[0 3], widths=[1 2]) dense(4) sigmoid",
            "batchNorm pbld(frequencies=1, dim=3, starts=[2], widths=[3])",
            "ple(bins=3, starts=[0 3], widths=[2 1])",
            "standardize ple(bins=1, starts=[1], widths=[4]) dense(4) tanh",
            "embed(dim=3, starts=[1], widths=[2]) standardize ple(bins=4, starts=[0 2], widths=[1 2]) dense(4) tanh",
            "dense(6) batchNorm maxout(2) dropout(0.2) layerNorm prelu residual([layerNorm dense(3) tanh])");

    private static double worst;
    private static String worstCase = "";

    @AfterAll
    static void printWorst() {
        System.out.printf("GradientTest, worst relative error: %.1e in %s%n", worst, worstCase);
    }

    static Stream<Arguments> networks() {
        List<Arguments> cases = new ArrayList<>();
        List<String> losses = new ArrayList<>(LOSSES);
        losses.add("softmaxCrossEntropy");
        losses.add("focal(gamma=0)");
        for (String loss : losses) {
            int outputs = Spec.parse(Loss.class, loss).fits(3, 3) ? 3 : 1;
            for (String activation : ACTIVATIONS) {
                for (String dropout : List.of("", "dropout(0.3) ")) {
                    StringBuilder hidden = new StringBuilder();
                    for (int units : HIDDEN) {
                        hidden.append("dense(" + units + ") " + activation + " " + dropout);
                        cases.add(Arguments.of(hidden + "dense(" + outputs + ")", loss));
                    }
                }
            }
            String last = " dense(" + outputs + ")";
            cases.add(Arguments.of(last.strip(), loss));
            cases.add(Arguments.of("dropout(0.2) dense(4) tanh" + last, loss));
            cases.add(Arguments.of("tanh dropout(0.2)" + last, loss));
            cases.add(Arguments.of("dense(4)" + last + " leakyRelu(0.5)", loss));
            cases.add(Arguments.of("dense(9) tanh sigmoid dropout(0.5) dropout(0.1) dense(2) tanh" + last, loss));
            for (String layers : LAYERS) {
                cases.add(Arguments.of(layers + last, loss));
            }
            cases.add(Arguments.of("dense(4) batchNorm tanh" + last + " batchNorm", loss));
            cases.add(Arguments.of("dense(4) relu" + last + " residual([prelu" + last + "])", loss));
        }
        return cases.stream();
    }

    @Test
    void everyActivationIsInTheTable() {
        assertThat(ACTIVATIONS.stream()
                        .map(text -> Spec.name(Spec.parse(Activation.class, text)))
                        .toList())
                .containsExactlyElementsOf(Spec.names(Activation.class));
    }

    @Test
    void everyLossIsInTheTable() {
        assertThat(LOSSES.stream()
                        .map(text -> Spec.name(Spec.parse(Loss.class, text)))
                        .toList())
                .containsExactlyElementsOf(Spec.names(Loss.class));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("networks")
    void gradientIsThatOfCentralDifferences(String layersText, String lossText) {
        List<Layer> layers = Spec.parseAll(Layer.class, layersText);
        Loss loss = Spec.parse(Loss.class, lossText);
        Network network = Network.of(INPUTS, layers);
        for (long seed = 0; ; seed++) {
            Problem problem = Problem.of(network, loss, seed);
            double[] parameters = widened(problem.parameters);
            ReferenceNetwork reference = problem.reference(layers, loss);
            double expectedLoss = reference.loss(parameters);
            if (reference.nearestKink() < KINK) {
                assertThat(seed).as("seeds tried").isLessThan(100);
                continue;
            }
            double[] expected = IntStream.range(0, parameters.length)
                    .mapToDouble(i -> reference.slope(parameters, i, STEP))
                    .toArray();

            float[] gradient = new float[network.parameterCount()];
            double actualLoss = network.accumulate(
                    problem.parameters, problem.batch, loss, PASS, network.workspace(Gemm.best(), ROWS), gradient);

            assertThat(actualLoss).isCloseTo(expectedLoss, within(1e-5 * Math.abs(expectedLoss)));
            for (Block block : trained(network)) {
                double error = error(block, network.usesBatchStatistics(), expected, gradient);
                assertThat(error)
                        .as(
                                "%s with seed %d: %s instead of %s",
                                block, seed, part(block, gradient), part(block, expected))
                        .isLessThan(TOLERANCE);
                if (error > worst) {
                    worst = error;
                    worstCase = block.name() + " of " + layersText + " " + lossText;
                }
            }
            return;
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dense(6) tanh dense(3)",
                "dense(3)",
                "dropout(0.3) dense(6) relu dense(3)",
                "sigmoid dense(3)",
                "tanh dropout(0.5) dense(3)",
                "batchNorm dense(3)",
                "layerNorm dense(3)",
                "prelu dense(3)",
                "maxout(5) dense(3)",
                "standardize dense(3)",
                "embed(dim=2, starts=[0 3], widths=[2 2]) dense(3)",
                "embed(dim=2, starts=[1], widths=[4]) standardize dense(3)",
                "plr(frequencies=2, dim=3, starts=[1], widths=[3]) dense(3)",
                "embed(dim=2, starts=[1], widths=[3]) pbld(frequencies=2, starts=[0 3], widths=[1 1]) dense(3)",
                "residual([dense(5)]) dense(3)",
                "residual([dropout(0.3) residual([dense(5)])]) dense(3)",
            })
    void sparseRowsAndOffsetRowsGiveTheGradientOfDenseRows(String layersText) {
        Network network = Network.of(INPUTS, Spec.parseAll(Layer.class, layersText));
        Loss loss = new Loss.SoftmaxCrossEntropy();
        Problem problem = Problem.of(network, loss, 5);
        float[] values = problem.batch.features().values();
        for (int i = 0; i < values.length; i++) {
            boolean stored = i % 3 == 0 && i / INPUTS != 4; // row 4 is empty
            values[i] = stored ? values[i] : 0f;
        }
        float[] expected = new float[network.parameterCount()];
        double expectedLoss = network.accumulate(
                problem.parameters, problem.batch, loss, PASS, network.workspace(Gemm.best(), ROWS), expected);

        float[] shifted = new float[values.length + 7];
        Arrays.fill(shifted, Float.NaN);
        System.arraycopy(values, 0, shifted, 7, values.length);
        for (Rows rows : List.of(sparse(values), Rows.dense(ROWS, INPUTS, shifted, 7))) {
            float[] gradient = new float[network.parameterCount()];
            Workspace workspace = network.workspace(Gemm.best(), ROWS + 2);
            double sum = network.accumulate(problem.parameters, problem.with(rows), loss, PASS, workspace, gradient);

            assertThat(sum).isCloseTo(expectedLoss, within(1e-6 * expectedLoss));
            for (Block block : trained(network)) {
                assertThat(error(block, false, widened(expected), gradient)).isLessThan(1e-6);
            }
        }
    }

    /** Compressed rows whose starts, indices and values begin in the middle of their arrays. */
    private static Rows sparse(float[] dense) {
        int before = 2;
        int[] starts = new int[before + ROWS + 1];
        int[] indices = new int[3 + dense.length];
        float[] values = new float[3 + dense.length];
        int at = 3;
        for (int row = 0; row < ROWS; row++) {
            starts[before + row] = at;
            for (int column = 0; column < INPUTS; column++) {
                if (dense[row * INPUTS + column] != 0) {
                    indices[at] = column;
                    values[at++] = dense[row * INPUTS + column];
                }
            }
        }
        starts[before + ROWS] = at;
        return Rows.sparse(ROWS, INPUTS, starts, before, indices, values);
    }

    private static List<Block> trained(Network network) {
        return network.layout().stream()
                .filter(block -> block.role() != Block.Role.STATISTIC)
                .toList();
    }

    /** @param mayVanish whether batchNorm may stand behind, which takes a bias away and leaves rounding for a gradient */
    private static double error(Block block, boolean mayVanish, double[] expected, float[] actual) {
        double largest = 0;
        double difference = 0;
        for (int i = block.offset(); i < block.offset() + block.size(); i++) {
            assertThat(actual[i]).isFinite();
            largest = Math.max(largest, Math.abs(expected[i]));
            difference = Math.max(difference, Math.abs(expected[i] - actual[i]));
        }
        double largestOfAll = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
        double unit = mayVanish && largest < VANISHED * largestOfAll ? largestOfAll : largest;
        assertThat(unit).as("a gradient of %s that can be wrong", block.name()).isPositive();
        return difference / unit;
    }

    private static String part(Block block, float[] values) {
        return part(block, widened(values));
    }

    private static String part(Block block, double[] values) {
        return Arrays.toString(Arrays.copyOfRange(values, block.offset(), block.offset() + block.size()));
    }

    private static double[] widened(float[] values) {
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    }

    /** Random parameters and a random weighted batch. */
    private record Problem(float[] parameters, Batch batch, float[] targets, float[] weights) {

        static Problem of(Network network, Loss loss, long seed) {
            SplitMix64 random = RandomKey.of(seed).generator();
            float[] parameters = new float[network.parameterCount()];
            for (int i = 0; i < parameters.length; i++) {
                parameters[i] = (float) (0.7 * random.nextGaussian());
            }
            for (Block block : network.layout()) {
                for (int i = block.offset(); i < block.offset() + block.size(); i++) {
                    boolean statistic = block.role() == Block.Role.STATISTIC; // may be a deviation
                    parameters[i] = statistic ? 0.5f + Math.abs(parameters[i]) : parameters[i];
                }
            }
            float[] features = new float[ROWS * INPUTS];
            for (int i = 0; i < features.length; i++) {
                features[i] = (float) random.nextGaussian();
            }
            float[] targets = new float[ROWS];
            float[] weights = new float[ROWS];
            for (int row = 0; row < ROWS; row++) {
                targets[row] = loss.isClassification()
                        ? random.nextInt(Math.max(2, network.outputs()))
                        : (float) random.nextGaussian();
                if (loss.targetProblem(targets[row]) != null) {
                    targets[row] = -targets[row];
                }
                weights[row] = row == 2 ? 0f : 0.25f + 2 * random.nextFloat();
            }
            Rows rows = Rows.dense(ROWS, INPUTS, features, 0);
            return new Problem(parameters, new Batch(rows, targets, 0, weights, 0), targets, weights);
        }

        Batch with(Rows rows) {
            return new Batch(rows, targets, 0, weights, 0);
        }

        ReferenceNetwork reference(List<Layer> layers, Loss loss) {
            double[][] features = new double[ROWS][INPUTS];
            for (int i = 0; i < ROWS * INPUTS; i++) {
                features[i / INPUTS][i % INPUTS] = batch.features().values()[i];
            }
            double[][] column = Arrays.stream(widened(targets))
                    .mapToObj(target -> new double[] {target})
                    .toArray(double[][]::new);
            return new ReferenceNetwork(layers, loss, features, column, widened(weights), PASS);
        }
    }
}
