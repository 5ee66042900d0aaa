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
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Normalisation, residual blocks, maxout and learned slopes, beyond their formulas (which have golden numbers). */
@Numeric
class LayersTest {
    private static final int INPUTS = 6;
    private static final RandomKey PASS = RandomKey.of(11);
    private static final Loss LOSS = new Loss.SoftmaxCrossEntropy();

    /** Each of them alone, as a whole network over six inputs. */
    static Stream<String> layers() {
        return Stream.of(
                "batchNorm",
                "layerNorm",
                "maxout(2)",
                "maxout(3)",
                "prelu",
                "prelu(shared=true)",
                "standardize",
                "embed(dim=2, starts=[1], widths=[3])",
                "embed(dim=3, starts=[0 4], widths=[2 2]) standardize",
                "standardize plr(frequencies=3, dim=2, starts=[0 4], widths=[2 2])",
                "pbld(starts=[1], widths=[4])",
                "standardize ple(bins=5, starts=[1], widths=[4])",
                "residual([tanh])",
                "residual([relu dense(6)])",
                "residual([batchNorm relu])");
    }

    // Layout

    @Test
    void blocksOfNestedLayersAreNamedByTheirPath() {
        Network network = network("standardize residual([batchNorm dense(3) prelu residual([layerNorm dense(3)]) "
                + "prelu(shared=true) dense(6)]) maxout(2) dense(2) residual([dense(2)])");
        assertThat(network.layout())
                .containsExactly(
                        new Block("standardize1.mean", Block.Role.STATISTIC, 0, 1, 6),
                        new Block("standardize1.deviation", Block.Role.STATISTIC, 6, 1, 6),
                        new Block("residual1.batchNorm1.gain", Block.Role.GAIN, 12, 1, 6),
                        new Block("residual1.batchNorm1.bias", Block.Role.BIAS, 18, 1, 6),
                        new Block("residual1.batchNorm1.mean", Block.Role.STATISTIC, 24, 1, 6),
                        new Block("residual1.batchNorm1.variance", Block.Role.STATISTIC, 30, 1, 6),
                        new Block("residual1.dense1.weight", Block.Role.WEIGHT, 36, 6, 3),
                        new Block("residual1.dense1.bias", Block.Role.BIAS, 54, 1, 3),
                        new Block("residual1.prelu1.slope", Block.Role.GAIN, 57, 1, 3),
                        new Block("residual1.residual1.layerNorm1.gain", Block.Role.GAIN, 60, 1, 3),
                        new Block("residual1.residual1.layerNorm1.bias", Block.Role.BIAS, 63, 1, 3),
                        new Block("residual1.residual1.dense1.weight", Block.Role.WEIGHT, 66, 3, 3),
                        new Block("residual1.residual1.dense1.bias", Block.Role.BIAS, 75, 1, 3),
                        new Block("residual1.prelu2.slope", Block.Role.GAIN, 78, 1, 1),
                        new Block("residual1.dense2.weight", Block.Role.WEIGHT, 79, 3, 6),
                        new Block("residual1.dense2.bias", Block.Role.BIAS, 97, 1, 6),
                        new Block("dense1.weight", Block.Role.WEIGHT, 103, 3, 2),
                        new Block("dense1.bias", Block.Role.BIAS, 109, 1, 2),
                        new Block("residual2.dense1.weight", Block.Role.WEIGHT, 111, 2, 2),
                        new Block("residual2.dense1.bias", Block.Role.BIAS, 115, 1, 2));
        assertThat(network.parameterCount()).isEqualTo(117);
        assertThat(network.outputs()).isEqualTo(2);
    }

    @Test
    void batchStatisticsAreFoundInsideResiduals() {
        assertThat(network("dense(4) residual([residual([batchNorm])])").usesBatchStatistics())
                .isTrue();
        assertThat(network("standardize residual([layerNorm])").usesBatchStatistics())
                .isFalse();
    }

    @Test
    void aDeserialisedNetworkComputesTheSame() throws IOException, ClassNotFoundException {
        Network network = network("standardize residual([batchNorm dense(6)]) maxout(3) prelu layerNorm");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(network);
        }
        Network copy;
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            copy = (Network) in.readObject();
        }
        assertThat(copy.layout()).isEqualTo(network.layout());
        assertThat(copy).hasToString(network.toString());
        float[] parameters = parameters(network);
        assertThat(infer(copy, parameters, features(3))).containsExactly(infer(network, parameters, features(3)));
    }

    @Test
    void aWideLayerWithoutWeightsFits() {
        Network network = Network.of(1 << 18, Spec.parseAll(Layer.class, "dropout(0.2) relu dense(2)"));
        assertThat(network.parameterCount()).isEqualTo((1 << 19) + 2);
    }

    // Refusals

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dense(5) maxout(2) | maxout(2) needs a multiple of 2 inputs, but has 5",
                "residual([maxout(4)]) | maxout(4) needs a multiple of 4 inputs, but has 6",
                "residual([dense(5)]) | a residual block must return to the width of its input, 6, but its layers have 5 outputs",
                "dense(4) residual([residual([dense(3)])]) | a residual block must return to the width of its input, 4, but its layers have 3 outputs",
                "maxout(2) residual([maxout(3)]) | a residual block must return to the width of its input, 3, but its layers have 1 outputs",
                "embed | embed must know the inputs of its columns, from the features' metadata or as in embed(starts=[0], widths=[100])",
                "dense(6) ple(starts=[1], widths=[2]) | ple must be the first layer of a network, or follow embed and standardize",
                "ple | ple must begin an architecture, or state its numbers as in (starts=[0], widths=[20])",
                "pbld | pbld must begin an architecture, or state its numbers as in (starts=[0], widths=[20])",
                "plr(starts=[2], widths=[5]) | plr takes inputs 2 to 6 as numbers, but there are 6 inputs",
                "embed(starts=[2], widths=[5]) | embed takes inputs 2 to 6 for a column, but there are 6 inputs",
                "dense(4) embed(starts=[0], widths=[2]) | embed must be the first layer of a network",
                "standardize embed(starts=[0], widths=[2]) | embed must be the first layer of a network",
                "residual([embed(starts=[0], widths=[2])]) | embed must be the first layer of a network",
                "embed(starts=[0], widths=[2]) relu standardize | standardize must be the first layer of a network, or follow embed",
                "dense(4) standardize | standardize must be the first layer of a network, or follow embed",
                "standardize standardize | standardize must be the first layer of a network, or follow embed",
                "residual([standardize]) | standardize must be the first layer of a network, or follow embed",
                "dense(4) residual([relu residual([standardize])]) | standardize must be the first layer of a network, or follow embed"
            })
    void layersThatDoNotFitAreRefusedWithASentence(String layers, String message) {
        assertThatThrownBy(() -> network(layers))
                .isInstanceOf(InvalidInput.class)
                .hasMessage(message);
    }

    static Stream<Arguments> refusedSpecs() {
        return Stream.of(
                Arguments.of("maxout(1)", "pieces of maxout must be at least 2, but are 1"),
                Arguments.of("maxout", "maxout needs pieces"),
                Arguments.of("residual([])", "a residual block needs at least one layer, but has none"),
                Arguments.of("residual", "residual needs layers"),
                Arguments.of("prelu(slope=1.5)", "the slope of prelu must be between 0 and 1, but is 1.5"),
                Arguments.of("prelu(shared=yes)", "shared of prelu must be one of true, false, but is \"yes\""),
                Arguments.of("batchNorm(momentum=0)", "momentum of batchNorm must be above 0 and at most 1, but is 0"),
                Arguments.of("batchNorm(momentum=1.1)", "at most 1, but is 1.1"),
                Arguments.of("batchNorm(epsilon=0)", "epsilon of batchNorm, as a float32, must be positive, but is 0"),
                Arguments.of("layerNorm(epsilon=1e-60)", "epsilon of layerNorm, as a float32, must be positive"),
                Arguments.of("standardize(1)", "standardize takes no arguments"),
                Arguments.of("plr(0)", "the frequencies of plr must be between 1 and 1048576, but is 0"),
                Arguments.of("plr(dim=0)", "the dim of plr must be between 1 and 1048576, but is 0"),
                Arguments.of("ple(bins=0)", "the bins of ple must be between 1 and 1048576, but is 0"),
                Arguments.of("pbld(dim=1)", "the dim of pbld must be between 2 and 1048576, but is 1"),
                Arguments.of("pbld(sigma=0)", "the sigma of pbld must be positive, but is 0"),
                Arguments.of("plr(starts=[3 4], widths=[2 2])", "but input 4 comes after 4"),
                Arguments.of("embed(0)", "the dim of embed must be positive, but is 0"),
                Arguments.of("embed(oneHotUpTo=0)", "oneHotUpTo of embed must be positive, but is 0"),
                Arguments.of("embed(starts=[1])", "embed needs as many starts as widths, but has 1 and 0"),
                Arguments.of("embed(starts=[1], widths=[0])", "each width of embed must be positive, but is 0"),
                Arguments.of("embed(starts=[-1], widths=[2])", "must not overlap"),
                Arguments.of("embed(starts=[3 4], widths=[2 2])", "but input 4 comes after 4"),
                Arguments.of("embed(starts=[3 0], widths=[2 2])", "but input 0 comes after 4"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusedSpecs")
    void settingsOutOfRangeAreRefusedWithASentence(String spec, String message) {
        assertThatThrownBy(() -> Spec.parse(Layer.class, spec))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining(message);
    }

    @Test
    void aWorkspaceOfAnotherNetworkIsRefused() {
        Network network = network("dense(6)");
        Workspace other = network("dense(6)").workspace(Gemm.best(), 1);
        assertThatThrownBy(() -> network.forward(parameters(network), features(1), other))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a pass needs a workspace of its own network, but got another's");
    }

    // Initial parameters

    @Test
    void firstValuesLeaveNormalisedValuesAsTheyAre() {
        Network network = network("standardize batchNorm layerNorm prelu(slope=0.3) prelu(slope=0.7, shared=true) "
                + "residual([batchNorm prelu])");
        float[] parameters = network.initialize(RandomKey.of(1));
        for (Block block : network.layout()) {
            String name = block.name().replaceFirst(".*\\.", "");
            float expected =
                    switch (name) {
                        case "gain", "variance", "deviation" -> 1f;
                        case "bias", "mean" -> 0f;
                        default ->
                            switch (block.name()) {
                                case "prelu1.slope" -> 0.3f;
                                case "prelu2.slope" -> 0.7f;
                                default -> 0.25f;
                            };
                    };
            for (int i = block.offset(); i < block.offset() + block.size(); i++) {
                assertThat(parameters[i]).as(block.name()).isEqualTo(expected);
            }
        }
    }

    /** As the papers' code does: PyTorch draws a Linear's weights and biases from U(-1/√waves, 1/√waves). */
    @Test
    void wavesAreDrawnWithDeviationSigmaAndPhasesFromTheWholeCircle() {
        Network network = Network.of(
                500, Spec.parseAll(Layer.class, "pbld(frequencies=16, dim=4, sigma=0.3, starts=[0], widths=[500])"));
        assertThat(network.layout())
                .containsExactly(
                        new Block("pbld1.frequency", Block.Role.GAIN, 0, 500, 16),
                        new Block("pbld1.phase", Block.Role.BIAS, 8000, 500, 16),
                        new Block("pbld1.weight", Block.Role.WEIGHT, 16_000, 16, 1500),
                        new Block("pbld1.bias", Block.Role.BIAS, 40_000, 1, 1500));
        float[] parameters = network.initialize(RandomKey.of(3));
        assertMoments(parameters, 0, 8000, 0.3);
        assertMoments(parameters, 8000, 16_000, Math.PI / Math.sqrt(3));
        assertMoments(parameters, 16_000, 40_000, 0.25 / Math.sqrt(3));
        assertMoments(parameters, 40_000, 41_500, 0.25 / Math.sqrt(3));
    }

    private static void assertMoments(float[] parameters, int from, int to, double deviation) {
        double sum = 0;
        double squares = 0;
        for (int i = from; i < to; i++) {
            sum += parameters[i];
            squares += (double) parameters[i] * parameters[i];
        }
        int n = to - from;
        assertThat(sum / n).isCloseTo(0, within(4 * deviation / Math.sqrt(n)));
        assertThat(Math.sqrt(squares / n)).isCloseTo(deviation, within(4 * deviation / Math.sqrt(n)));
    }

    @Test
    void anEmbeddingOfNumbersTakesThoseThatAreNumbersAndKeepsTheOrderOfInputs() {
        NumberEmbedding pbld = Spec.parse(NumberEmbedding.class, "pbld(frequencies=2, dim=3)");
        assertThat(pbld.over(new boolean[] {true, true, false, true}))
                .contains(new NumberEmbedding.Pbld(2, 3, 0.1, List.of(0, 3), List.of(2, 1)));
        assertThat(pbld.over(new boolean[3])).isEmpty();
        NumberEmbedding known = new NumberEmbedding.Plr(2, 3, 0.1, List.of(1), List.of(1));
        assertThat(known.over(new boolean[3])).contains((Layer) known);
        assertThat(new NumberEmbedding.None().over(new boolean[] {true})).isEmpty();
        Embed embed = new Embed(2, 3, List.of(1), List.of(4));
        assertThat(embed.passing(new boolean[] {true, true, true, true, true, false, true}))
                .containsExactly(true, false, false, false, true);

        Network network =
                Network.of(3, Spec.parseAll(Layer.class, "pbld(frequencies=1, dim=2, starts=[1], widths=[1])"));
        float[] parameters = {0.25f, (float) Math.PI, 3, 10}; // 10 + 3 cos(π x/2 + π)
        Rows rows = Rows.dense(1, 3, new float[] {7, 2, 8}, 0);
        float[] out = network.forward(parameters, rows, network.workspace(Gemm.best(), 1));
        assertThat(out).containsExactly(7, 2, 13, 8);
    }

    /** As PyTorch's Embedding and RealMLP do: N(0, 1), whatever the widths and the activation. */
    @Test
    void embeddingsAreDrawnFromTheStandardNormalDistribution() {
        Network network =
                Network.of(3000, Spec.parseAll(Layer.class, "embed(dim=8, starts=[5 2010], widths=[2000 900]) relu"));
        assertThat(network.layout())
                .containsExactly(
                        new Block("embed1.weight1", Block.Role.WEIGHT, 0, 2000, 8),
                        new Block("embed1.weight2", Block.Role.WEIGHT, 16_000, 900, 8));
        float[] parameters = network.initialize(RandomKey.of(3));
        for (int moment = 1; moment <= 4; moment++) {
            int power = moment;
            double[] expected = {0, 1, 0, 3};
            double[] variance = {1, 2, 15, 96}; // of the power of a standard normal value
            double mean = IntStream.range(0, parameters.length)
                    .mapToDouble(i -> Math.pow(parameters[i], power))
                    .average()
                    .orElseThrow();
            assertThat(mean)
                    .as("moment %d", moment)
                    .isCloseTo(expected[moment - 1], within(5 * Math.sqrt(variance[moment - 1] / parameters.length)));
        }
    }

    static Stream<Arguments> initialisers() {
        double in = 300;
        return Stream.of(
                Arguments.of("dense(300) batchNorm relu", "dense1", Math.sqrt(2 / in)),
                Arguments.of("dense(300) layerNorm dropout(0.1) prelu", "dense1", Math.sqrt(2 / 1.0625 / in)),
                Arguments.of("dense(300) prelu(slope=1)", "dense1", Math.sqrt(1 / in)),
                Arguments.of("dense(300) maxout(2)", "dense1", Math.sqrt(1 / in)),
                Arguments.of("dense(300) batchNorm", "dense1", Math.sqrt(1 / in)),
                // identity, so Glorot: what follows a residual block or stands within it does not count
                Arguments.of("dense(300) residual([relu]) relu", "dense1", Math.sqrt(1 / in)),
                Arguments.of("residual([dense(300)]) relu", "residual1.dense1", Math.sqrt(1 / in)),
                Arguments.of("residual([dense(300) batchNorm relu])", "residual1.dense1", Math.sqrt(2 / in)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("initialisers")
    void weightsAreDrawnForTheNextNonlinearity(String layers, String dense, double deviation) {
        Network network = Network.of(300, Spec.parseAll(Layer.class, layers));
        float[] parameters = network.initialize(RandomKey.of(3));
        Block weight = block(network, dense + ".weight");
        double squares = 0;
        for (int i = weight.offset(); i < weight.offset() + weight.size(); i++) {
            squares += (double) parameters[i] * parameters[i];
        }
        double n = weight.size();
        assertThat(Math.sqrt(squares / n)).isCloseTo(deviation, within(5 * deviation / Math.sqrt(2 * n)));
    }

    @Test
    void layersWithinResidualsDrawFromKeysOfTheirOwn() {
        float[] parameters =
                network("residual([dense(6) dense(6)]) residual([dense(6)])").initialize(RandomKey.of(1));
        float[] first = Arrays.copyOfRange(parameters, 0, 36);
        float[] second = Arrays.copyOfRange(parameters, 42, 78);
        float[] third = Arrays.copyOfRange(parameters, 84, 120);
        for (int i = 0; i < 36; i++) {
            assertThat(first[i]).isNotZero().isNotEqualTo(second[i]).isNotEqualTo(third[i]);
        }
    }

    /** E[m²] of the largest of 2, 3 and 4 standard normal values is known; that of others is drawn. */
    @Test
    void maxoutGainKeepsTheSecondMoment() {
        assertThat(new Maxout(2).gain()).isCloseTo(1, within(1e-9));
        assertThat(new Maxout(3).gain()).isCloseTo(1 / Math.sqrt(1 + Math.sqrt(3) / (2 * Math.PI)), within(1e-6));
        assertThat(new Maxout(4).gain()).isCloseTo(1 / Math.sqrt(1 + Math.sqrt(3) / Math.PI), within(1e-6));
        int tries = 200_000;
        for (int pieces : new int[] {8, 50}) {
            SplitMix64 random = RandomKey.of(pieces).generator();
            double squares = 0;
            for (int i = 0; i < tries; i++) {
                double largest = Double.NEGATIVE_INFINITY;
                for (int piece = 0; piece < pieces; piece++) {
                    largest = Math.max(largest, random.nextGaussian());
                }
                squares += largest * largest;
            }
            // the standard deviation of m² is below 2.2
            assertThat(Math.pow(new Maxout(pieces).gain(), -2))
                    .isCloseTo(squares / tries, within(5 * 2.2 / Math.sqrt(tries)));
        }
    }

    // Passes

    @ParameterizedTest
    @MethodSource("layers")
    void aNaNStaysVisible(String layers) {
        Network network = network(layers);
        for (int column = 0; column < INPUTS; column++) {
            Rows rows = features(4);
            rows.values()[2 * INPUTS + column] = Float.NaN;
            float[] inferred = infer(network, parameters(network), rows);
            float[] trained = train(network, parameters(network), new Batch(rows, new float[4], 0, null, 0)).logits;
            for (float[] logits : List.of(inferred, trained)) {
                float[] row = Arrays.copyOfRange(logits, 2 * network.outputs(), 3 * network.outputs());
                assertThat(IntStream.range(0, row.length).anyMatch(j -> Float.isNaN(row[j])))
                        .as("column %d: %s", column, Arrays.toString(row))
                        .isTrue();
            }
            // at inference no row sees another
            assertThat(Arrays.copyOf(inferred, 2 * network.outputs())).doesNotContain(Float.NaN);
        }
    }

    @ParameterizedTest
    @MethodSource("layers")
    void inferenceOfOneRowIsThatOfTheRowAmongOthers(String layers) {
        Network network = network(layers);
        float[] parameters = parameters(network);
        int outputs = network.outputs();
        float[] all = infer(network, parameters, features(5));
        for (int row = 0; row < 5; row++) {
            Rows one = Rows.dense(1, INPUTS, features(5).values(), row * INPUTS);
            assertThat(Arrays.copyOf(infer(network, parameters, one), outputs))
                    .containsExactly(Arrays.copyOfRange(all, row * outputs, (row + 1) * outputs), within(1e-6f));
        }
    }

    @ParameterizedTest
    @MethodSource("layers")
    void sparseRowsAreInferredAsDenseRows(String layers) {
        Network network = network(layers);
        float[] values = {0, 2, 0, 0, -1, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, -4};
        Rows sparse =
                Rows.sparse(3, INPUTS, new int[] {0, 2, 2, 4}, 0, new int[] {1, 4, 0, 5}, new float[] {2, -1, 3, -4});
        float[] parameters = parameters(network);
        Workspace workspace = network.workspace(Gemm.best(), 3);
        infer(network, parameters, features(3)); // something to be overwritten
        assertThat(network.forward(parameters, sparse, workspace))
                .containsExactly(infer(network, parameters, Rows.dense(3, INPUTS, values, 0)));
    }

    @ParameterizedTest
    @MethodSource("layers")
    void aUsedAndLargerWorkspaceGivesTheBitsOfAFreshOne(String layers) {
        Network network = network(layers + " dense(3)");
        float[] parameters = parameters(network);
        float[] before = parameters.clone();
        Workspace used = network.workspace(Gemm.best(), 9);
        network.accumulate(parameters, batch(9), LOSS, PASS, used, new float[parameters.length]);
        network.forward(parameters, features(7), used);
        float[] gradient = new float[parameters.length];
        double loss = network.accumulate(parameters, batch(4), LOSS, PASS, used, gradient);
        Trained fresh = train(network, parameters, batch(4));
        assertThat(loss).isEqualTo(fresh.loss);
        assertThat(gradient).containsExactly(fresh.gradient);
        assertThat(parameters).as("a pass reads them only").containsExactly(before);
        // and a training pass leaves no batch behind
        float[] logits = network.forward(parameters, features(4), used);
        assertThat(Arrays.copyOf(logits, 4 * 3)).containsExactly(infer(network, parameters, features(4)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "standardize dense(24) batchNorm prelu dense(24) maxout(2) layerNorm dense(3)",
                "residual([dense(6) prelu(shared=true)]) dense(24) residual([batchNorm relu dense(8) residual([tanh]) "
                        + "dense(24)]) dense(3)",
                "embed(dim=4, starts=[0 3], widths=[2 3]) standardize dense(24) relu dense(3)",
                "standardize pbld(starts=[0 3], widths=[2 3]) plr(starts=[0], widths=[6]) dense(3)"
            })
    void aThousandPassesAllocateNearlyNothing(String layers) {
        int rows = 64;
        Network network = network(layers);
        float[] parameters = parameters(network);
        float[] gradient = new float[parameters.length];
        Batch batch = batch(rows);
        Workspace workspace = network.workspace(Gemm.best(), rows);
        for (int pass = 0; pass < 300; pass++) {
            network.accumulate(parameters, batch, LOSS, PASS, workspace, gradient);
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long id = Thread.currentThread().getId();
        long before = threads.getThreadAllocatedBytes(id);
        for (int pass = 0; pass < 1000; pass++) {
            network.accumulate(parameters, batch, LOSS, PASS, workspace, gradient);
        }
        long bytes = (threads.getThreadAllocatedBytes(id) - before) / 1000;
        assertThat(bytes).as("a pass: a key for each layer").isLessThan(400);
    }

    // Row weights

    @ParameterizedTest
    @MethodSource("layers")
    void weightTwoEqualsTheRowTwiceAndWeightZeroTheRowAbsent(String layers) {
        Network network = network(layers + " dense(3)");
        float[] parameters = parameters(network);
        float[] values = features(4).values();
        float[] repeated = new float[5 * INPUTS]; // rows 0, 1, 1, 3, 3
        int[] from = {0, 1, 1, 3, 3};
        float[] targets = {0, 1, 2, 0};
        float[] repeatedTargets = new float[5];
        for (int row = 0; row < 5; row++) {
            System.arraycopy(values, from[row] * INPUTS, repeated, row * INPUTS, INPUTS);
            repeatedTargets[row] = targets[from[row]];
        }
        Trained weighted =
                train(network, parameters, new Batch(features(4), targets, 0, new float[] {1f, 2f, 0f, 2f}, 0));
        Trained plain =
                train(network, parameters, new Batch(Rows.dense(5, INPUTS, repeated, 0), repeatedTargets, 0, null, 0));
        assertThat(weighted.loss).isCloseTo(plain.loss, within(1e-6 * plain.loss));
        float largest = 0;
        for (float each : plain.gradient) {
            largest = Math.max(largest, Math.abs(each));
        }
        assertThat(weighted.gradient).containsExactly(plain.gradient, within(2e-6f * largest));
    }

    @ParameterizedTest
    @MethodSource("layers")
    void rowsThatAllWeighNothingAddNothing(String layers) {
        Network network = network(layers + " dense(3)");
        Trained trained = train(network, parameters(network), new Batch(features(3), new float[3], 0, new float[3], 0));
        assertThat(trained.loss).isZero();
        assertThat(trained.gradient).containsOnly(0f);
        for (float logit : trained.logits) {
            assertThat(logit).isFinite();
        }
        assertThat(train(network, parameters(network), batch(0)).gradient).containsOnly(0f);
    }

    // Batch normalisation

    @Test
    void trainingOnOneRowGivesTheBiasAndStaysFinite() {
        Network network = network("batchNorm dense(4) batchNorm relu dense(3)");
        float[] parameters = parameters(network);
        Trained trained = train(network, parameters, batch(1));
        for (float each : trained.gradient) {
            assertThat(each).isFinite();
        }
        Network norm = network("batchNorm");
        float[] own = parameters(norm);
        assertThat(train(norm, own, batch(1)).logits).containsExactly(Arrays.copyOfRange(own, INPUTS, 2 * INPUTS));
    }

    /** A weight of 1.0001 in all is not a sample of 1.0001 rows, whose variance would count 10,001 times. */
    @Test
    void fractionalWeightsDoNotBlowUpTheVariance() {
        Network network = network("batchNorm(momentum=1)");
        float[] parameters = parameters(network);
        for (float each : new float[] {0.01f, 0.25f, 0.250025f, 0.4f, 1f, 5f}) {
            float[] weights = {each, each, each, each};
            Batch batch = new Batch(features(4), new float[4], 0, weights, 0);
            float[] after = stepped(network, parameters, batch);
            double total = batch.weight();
            double unbiased = total >= 2 ? total / (total - 1) : 1;
            float[] values = features(4).values();
            for (int j = 0; j < INPUTS; j++) {
                int column = j;
                double mean = IntStream.range(0, 4)
                        .mapToDouble(i -> values[i * INPUTS + column])
                        .average()
                        .orElseThrow();
                double variance = IntStream.range(0, 4)
                        .mapToDouble(i -> values[i * INPUTS + column] - mean)
                        .map(x -> x * x)
                        .average()
                        .orElseThrow();
                assertThat((double) after[2 * INPUTS + j]).isCloseTo(mean, within(1e-5));
                assertThat((double) after[3 * INPUTS + j])
                        .isCloseTo(unbiased * variance, within(1e-5 * (1 + variance)));
            }
        }
    }

    @Test
    void aVarianceThatRoundingLeftBelowZeroIsZero() {
        Network network = network("batchNorm");
        float[] parameters = network.initialize(RandomKey.of(1));
        Arrays.fill(parameters, 3 * INPUTS, 4 * INPUTS, -1e-4f);
        float[] zero = parameters.clone();
        Arrays.fill(zero, 3 * INPUTS, 4 * INPUTS, 0f);
        assertThat(infer(network, parameters, features(2))).containsExactly(infer(network, zero, features(2)));
        Arrays.fill(zero, 3 * INPUTS, 4 * INPUTS, Float.NaN);
        assertThat(infer(network, zero, features(2))).containsOnly(Float.NaN);
    }

    @ParameterizedTest
    @CsvSource({"1e6, 1", "-1e6, 1", "1e4, 0.01", "0, 1e-3", "0, 1e-18", "0, 1e15", "3e30, 1e30"})
    void normalisedValuesAreExactWhereverTheyLie(double mean, double deviation) {
        int rows = 50;
        float[] values = new float[rows * INPUTS];
        SplitMix64 random = RandomKey.of(4).generator();
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (mean + deviation * random.nextGaussian());
        }
        Batch batch = new Batch(Rows.dense(rows, INPUTS, values, 0), new float[rows], 0, null, 0);
        Network byColumn = network("batchNorm");
        float[] columns = train(byColumn, byColumn.initialize(PASS), batch).logits;
        Network byRow = network("layerNorm");
        float[] normalRows = train(byRow, byRow.initialize(PASS), batch).logits;
        for (int row = 0; row < rows; row++) {
            for (int j = 0; j < INPUTS; j++) {
                int i = row * INPUTS + j;
                assertThat((double) columns[i]).isCloseTo(standard(values, j, INPUTS, rows, values[i]), within(1e-6));
                assertThat((double) normalRows[i])
                        .isCloseTo(standard(values, row * INPUTS, 1, INPUTS, values[i]), within(1e-6));
            }
        }
    }

    private static double standard(float[] values, int from, int stride, int n, double x) {
        double mean = 0;
        for (int i = 0; i < n; i++) {
            mean += (double) values[from + i * stride] / n;
        }
        double variance = 0;
        for (int i = 0; i < n; i++) {
            variance += Math.pow(values[from + i * stride] - mean, 2) / n;
        }
        return (x - mean) / Math.sqrt(variance + 1e-5);
    }

    // The others

    @Test
    void maxoutSendsTheGradientToTheFirstOfEquals() {
        Network network = network("dense(6, initializer=zeros) maxout(3) dense(2)");
        float[] parameters = network.initialize(RandomKey.of(2));
        float[] gradient = train(network, parameters, batch(3)).gradient;
        Block bias = block(network, "dense1.bias");
        for (int j = 0; j < 6; j++) {
            assertThat(gradient[bias.offset() + j] != 0).as("unit %d", j).isEqualTo(j % 3 == 0);
        }
    }

    @Test
    void aSharedSlopeAddsUpManyTermsExactly() {
        int rows = 20_000;
        Network network = Network.of(16, Spec.parseAll(Layer.class, "prelu(shared=true) dense(1)"));
        float[] parameters = new float[network.parameterCount()];
        Arrays.fill(parameters, 0.1f);
        float[] values = new float[rows * 16];
        Arrays.fill(values, -0.3f);
        Batch batch = new Batch(Rows.dense(rows, 16, values, 0), new float[rows], 0, null, 0);
        float[] gradient = new float[parameters.length];
        Loss loss = new ValueLoss.SquaredError();
        network.accumulate(parameters, batch, loss, PASS, network.workspace(Gemm.best(), rows), gradient);
        Batch one = new Batch(Rows.dense(1, 16, values, 0), new float[1], 0, null, 0);
        float[] each = new float[parameters.length];
        network.accumulate(parameters, one, loss, PASS, network.workspace(Gemm.best(), 1), each);
        assertThat(gradient[0]).isCloseTo(rows * each[0], within(1e-6f * Math.abs(gradient[0])));
    }

    @Test
    void standardizeTakesItsMeanAndDividesByItsDeviation() {
        Network network = network("standardize");
        float[] parameters = {1, 2, 3, 4, 5, 6, 1, 2, 4, 8, 16, 32};
        float[] row = {2, 2, 1, 4, -11, 70};
        assertThat(infer(network, parameters, Rows.dense(1, INPUTS, row, 0)))
                .containsExactly(1f, 0f, -0.5f, 0f, -1f, 2f);
    }

    @Test
    void embedTakesTheColumnsWiderThanItsLimitAndKeepsTheOrderOfInputs() {
        Embed embed = new Embed(2, 3, List.of(), List.of());
        assertThat(embed.over(List.of(1, 3, 4, 1, 5, 1))).contains(new Embed(2, 3, List.of(4, 9), List.of(4, 5)));
        assertThat(embed.over(List.of(1, 3, 1))).isEmpty();
        assertThat(embed.over(List.of())).isEmpty();
        Embed known = new Embed(2, 3, List.of(0), List.of(2));
        assertThat(known.over(List.of(1, 1, 4))).contains(known);
        assertThat(new Embedding.None().over(List.of(1, 100))).isEmpty();

        // 7, the embedding of the second of 3 categories, 8, a row of zeros
        Network network = network("embed(dim=2, starts=[1 5], widths=[3 1])");
        float[] parameters = {1, 2, 3, 4, 5, 6, 9, 9};
        float[] row = {7, 0, 1, 0, 8, 0};
        assertThat(infer(network, parameters, Rows.dense(1, INPUTS, row, 0))).containsExactly(7, 3, 4, 8, 0, 0);
    }

    @Test
    void standardizeBehindEmbedTakesTheMomentsOfTheInputsThatPass() {
        Network network = network("embed(dim=2, starts=[1], widths=[3]) standardize dense(1)");
        float[] parameters = network.initialize(RandomKey.of(1));
        network.standardize(new float[] {1, 2, 3, 4, 5, 6}, new float[] {2, 9, 9, 9, 4, 8}, parameters);
        assertThat(Arrays.copyOfRange(parameters, 6, 16)).containsExactly(1, 0, 0, 5, 6, 2, 1, 1, 4, 8);
    }

    @Test
    void residualsNestSevenDeepAndNoDeeper() {
        String deepest = "residual([".repeat(7) + "relu" + "])".repeat(7);
        float[] row = {1, -1, 2, -2, 0, 3};
        // each adds its input once more: f(x) = relu(x) + 7x
        assertThat(infer(network(deepest), new float[0], Rows.dense(1, INPUTS, row, 0)))
                .containsExactly(8f, -7f, 16f, -14f, 0f, 24f);
        assertThatThrownBy(() -> network("residual([" + deepest + "])"))
                .isInstanceOf(InvalidInput.class)
                .hasMessage("a spec must nest at most 16 deep");
    }

    @Test
    void listsAreWrittenWithBlanksOrCommas() {
        Layer expected = new Residual(List.of(new Dense(64), new Activation.Relu(), new Prelu(0.25, true)));
        assertThat(Spec.parse(Layer.class, "residual([dense(64) relu prelu(shared=true)])"))
                .isEqualTo(expected);
        assertThat(Spec.parse(Layer.class, "Residual( layers = [ dense(64), relu , PRELU(shared=TRUE) ] )"))
                .isEqualTo(expected);
        assertThat(Spec.print(expected))
                .isEqualTo("residual([dense(64, initializer=auto) relu prelu(slope=0.25, shared=true)])");
        for (String broken : List.of(
                "residual(dense(64))",
                "residual([dense(64)",
                "residual([dense(64)]",
                "residual([,relu])",
                "residual([relu,,relu])")) {
            assertThatThrownBy(() -> Spec.parse(Layer.class, broken))
                    .as(broken)
                    .isInstanceOf(InvalidInput.class)
                    .hasMessageContaining("expected ");
        }
    }

    // Building blocks

    private record Trained(double loss, float[] logits, float[] gradient) {}

    private static Network network(String layers) {
        return Network.of(INPUTS, Spec.parseAll(Layer.class, layers));
    }

    private static Block block(Network network, String name) {
        return network.layout().stream()
                .filter(block -> block.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Drawn ones, with gains, biases and statistics moved away from 0 and 1. */
    private static float[] parameters(Network network) {
        float[] parameters = network.initialize(RandomKey.of(9));
        for (Block block : network.layout()) {
            for (int i = 0; i < block.size() && block.role() != Block.Role.WEIGHT; i++) {
                parameters[block.offset() + i] += 0.1f * (i % 7 + 1);
            }
        }
        return parameters;
    }

    private static Rows features(int rows) {
        float[] values = new float[rows * INPUTS];
        SplitMix64 random = RandomKey.of(5).generator();
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Rows.dense(rows, INPUTS, values, 0);
    }

    private static Batch batch(int rows) {
        float[] targets = new float[rows];
        for (int row = 0; row < rows; row++) {
            targets[row] = row % 2;
        }
        return new Batch(features(rows), targets, 0, null, 0);
    }

    private static float[] infer(Network network, float[] parameters, Rows rows) {
        return network.forward(parameters, rows, network.workspace(Gemm.best(), rows.rows()));
    }

    private static Trained train(Network network, float[] parameters, Batch batch) {
        Workspace workspace = network.workspace(Gemm.best(), batch.rows());
        float[] gradient = new float[parameters.length];
        double loss = network.accumulate(parameters, batch, LOSS, PASS, workspace, gradient);
        return new Trained(loss, workspace.logits(), gradient);
    }

    /** The parameters less the mean gradient, which of statistics is their new value. */
    private static float[] stepped(Network network, float[] parameters, Batch batch) {
        float[] gradient = train(network, parameters, batch).gradient;
        float[] after = parameters.clone();
        for (int i = 0; i < after.length; i++) {
            after[i] -= (float) (gradient[i] / batch.weight());
        }
        return after;
    }
}
