package dev.kindling.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import dev.kindling.Numeric;
import dev.kindling.linalg.Gemm;
import dev.kindling.linalg.RandomKey;
import dev.kindling.linalg.Rows;
import dev.kindling.linalg.SplitMix64;
import dev.kindling.loss.Loss;
import dev.kindling.nn.Layer;
import dev.kindling.nn.Network;
import dev.kindling.nn.ensemble.Ensemble;
import dev.kindling.nn.reference.ReferenceNetwork;
import dev.kindling.spec.Spec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What ONNX Runtime makes of a graph, against the network itself. {@code -Dexport.folder=DIR} writes graphs and differences. */
@Numeric
class ComponentsTest {
    private static final int ROWS = 64;
    private static final int INPUTS = 12;
    private static final double MOST = 1e-5;
    private static final String NUMBERS = "starts=[0, 5], widths=[3, 2]";

    /** Each layer, behind what it needs and before a dense layer. */
    static final List<String> LAYERS = List.of(
            "dense(7)",
            "identity",
            "relu",
            "leakyRelu(0.1)",
            "elu(0.7)",
            "selu",
            "sigmoid",
            "hardSigmoid",
            "tanh",
            "softplus",
            "silu",
            "gelu",
            "geluTanh",
            "mish",
            "maxout(3)",
            "prelu",
            "prelu(shared=true)",
            "dropout(0.3)",
            "batchNorm",
            "layerNorm",
            "standardize",
            "scale",
            "residual([batchNorm relu dense(12) residual([gelu dense(12)])])",
            "embed(dim=3, starts=[1, 6], widths=[3, 4])",
            "plr(frequencies=5, dim=4, sigma=2, " + NUMBERS + ")",
            "plr(frequencies=5, dim=4, sigma=2, starts=[0], widths=[12])",
            "pbld(frequencies=5, dim=4, sigma=2, " + NUMBERS + ")",
            "ple(bins=4, " + NUMBERS + ")");

    static final List<String> LOSSES = List.of(
            "softmaxCrossEntropy",
            "multiclassHinge",
            "focal",
            "sigmoidCrossEntropy",
            "squaredError",
            "absoluteError",
            "huber",
            "quantile",
            "poisson",
            "squaredLogError",
            "standardized(squaredError, means=[5 -3 1000], deviations=[2 0.5 40])");

    @Test
    void everyLayerAndLossIsTried() {
        assertThat(LAYERS.stream().map(ComponentsTest::name)).containsAll(Spec.names(Layer.class));
        assertThat(LOSSES.stream().map(ComponentsTest::name)).containsAll(Spec.names(Loss.class));
    }

    private static String name(String spec) {
        return spec.replaceFirst("\\(.*", "");
    }

    @ParameterizedTest
    @FieldSource("LAYERS")
    void aLayerPredictsTheSame(String layer) throws OrtException, IOException {
        Ensemble ensemble = ensemble(layer + " dense(3)", "softmaxCrossEntropy", 1, 1);
        note(layer, ensemble, 7);
    }

    @ParameterizedTest
    @FieldSource("LOSSES")
    void aLossLinksAveragesAndCoolsTheSame(String loss) throws OrtException, IOException {
        boolean classes = Spec.parse(Loss.class, loss).isClassification();
        String layers = loss.startsWith("sigmoid") ? "dense(1)" : "dense(3)";
        for (double temperature : classes ? new double[] {1, 0.3, 20} : new double[] {1}) {
            note(loss + ", 1 network, temperature " + temperature, ensemble(layers, loss, 1, temperature), 3);
            note(loss + ", 3 networks, temperature " + temperature, ensemble(layers, loss, 3, temperature), 5);
        }
    }

    private static final String SELU = "selu";

    /** All but one; see {@link #ofFarValuesTheRuntimeIsAsNearToFloat64AsTheNetworkIs}. */
    static final List<String> LAYERS_BUT_SELU =
            LAYERS.stream().filter(layer -> !layer.equals(SELU)).toList();

    @ParameterizedTest
    @FieldSource("LAYERS_BUT_SELU")
    void aLayerPredictsTheSameOfFarValues(String layer) throws OrtException {
        Ensemble ensemble = ensemble(layer + " layerNorm dense(3)", "softmaxCrossEntropy", 1, 1);
        assertThat(difference(ensemble, parameters(ensemble, 9), farFeatures())).isLessThan(MOST);
    }

    /**
     * Layers whose outputs the naive reference has: batchNorm and dropout are others in training, and its softplus and gelu
     * overflow at 1000.
     */
    static final List<String> REFERENCED = LAYERS.stream()
            .filter(layer -> !layer.matches(".*(batchNorm|dropout).*|softplus|gelu"))
            .toList();

    /**
     * selu's outputs near 1050 are rounded to steps of 1.2e-4, and layerNorm subtracts their mean. Kindling rounds the product
     * with λ once, ONNX Runtime λ too: they lie 3.4e-05 apart, Kindling 2.0e-05 from float64 and ONNX Runtime 3.3e-05. All others
     * are within 1.5e-07 of it.
     */
    @ParameterizedTest
    @FieldSource("REFERENCED")
    void ofFarValuesTheRuntimeIsAsNearToFloat64AsTheNetworkIs(String layer) throws OrtException {
        Ensemble ensemble = ensemble(layer + " layerNorm dense(3)", "softmaxCrossEntropy", 1, 1);
        float[] parameters = parameters(ensemble, 9);
        float[] features = farFeatures();
        double[][] exact = exact(ensemble, parameters, features);
        float[] own = predictions(ensemble, parameters, features);
        Scores scores = scores(ensemble, parameters, List.of("0", "1", "2"), new double[0]);
        float[][] found = (float[][]) run(scores, features, "probabilities");
        double ownError = 0;
        double error = 0;
        for (int row = 0; row < ROWS; row++) {
            for (int j = 0; j < 3; j++) {
                ownError = Math.max(ownError, Math.abs(own[3 * row + j] - exact[row][j]));
                error = Math.max(error, Math.abs(found[row][j] - exact[row][j]));
            }
        }
        assertThat(error).isLessThan(layer.equals(SELU) ? 2 * ownError : MOST);
    }

    private static float[] farFeatures() {
        float[] features = features(11);
        for (int i = 0; i < features.length; i++) {
            features[i] = 1000 + features[i];
        }
        return features;
    }

    /** Probabilities in naive float64 arithmetic: those of a row are e to the minus loss, if each class were right. */
    private static double[][] exact(Ensemble ensemble, float[] parameters, float[] features) {
        double[] wide = new double[parameters.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = parameters[i];
        }
        int classes = ensemble.network().outputs();
        double[][] probabilities = new double[ROWS][classes];
        for (int row = 0; row < ROWS; row++) {
            double[] given = new double[INPUTS];
            for (int i = 0; i < INPUTS; i++) {
                given[i] = features[row * INPUTS + i];
            }
            for (int j = 0; j < classes; j++) {
                ReferenceNetwork reference = new ReferenceNetwork(
                        ensemble.network().layers(),
                        ensemble.loss(),
                        new double[][] {given},
                        new double[][] {{j}},
                        new double[] {1},
                        RandomKey.of(0));
                probabilities[row][j] = Math.exp(-reference.loss(wide));
            }
        }
        return probabilities;
    }

    @Property(tries = 150)
    void anyNetworkPredictsTheSame(
            @ForAll("architectures") List<String> layers, @ForAll("losses") String loss, @ForAll long seed)
            throws OrtException {
        String outputs = loss.startsWith("sigmoid") ? "dense(1)" : "dense(3)";
        int members = 1 + (int) (seed & 1);
        Ensemble ensemble = ensemble(String.join(" ", layers) + " " + outputs, loss, members, 1);
        assertThat(difference(ensemble, seed)).isLessThan(MOST);
    }

    @Provide
    Arbitrary<List<String>> architectures() {
        List<String> anywhere = LAYERS.stream()
                .filter(layer -> !layer.matches("(embed|standardize|plr|pbld|ple|maxout|residual).*"))
                .toList();
        return Arbitraries.of(anywhere).list().ofMinSize(1).ofMaxSize(6).map(behind -> {
            List<String> all = new ArrayList<>(List.of("dense(12)"));
            all.addAll(behind);
            return all;
        });
    }

    @Provide
    Arbitrary<String> losses() {
        return Arbitraries.of(LOSSES.subList(0, 8)); // exp has no bound on its relative error
    }

    @Test
    void labelsAreTheClassesOfTheLargestProbability() throws OrtException {
        Ensemble ensemble = ensemble("dense(3)", "softmaxCrossEntropy", 1, 1);
        float[] parameters = parameters(ensemble, 3);
        float[] features = features(4);
        float[] probabilities = predictions(ensemble, parameters, features);
        int[] expected = IntStream.range(0, ROWS)
                .map(row -> IntStream.range(0, 3)
                        .reduce((a, b) -> probabilities[3 * row + b] > probabilities[3 * row + a] ? b : a)
                        .getAsInt())
                .toArray();
        String[] texts = {"red", "blue, green", "Zürich"};
        long[] numbers = {-4, 7, 30};
        assertThat((String[]) run(scores(ensemble, parameters, List.of(texts), new double[0]), features, "label"))
                .containsExactly(Arrays.stream(expected).mapToObj(i -> texts[i]).toArray(String[]::new));
        assertThat((long[])
                        run(scores(ensemble, parameters, List.of("-4", "7", "30"), new double[0]), features, "label"))
                .containsExactly(
                        Arrays.stream(expected).mapToLong(i -> numbers[i]).toArray());
    }

    @Test
    void thresholdsMoveLabels() throws OrtException {
        Ensemble ensemble = ensemble("dense(3)", "softmaxCrossEntropy", 1, 1);
        float[] parameters = parameters(ensemble, 3);
        float[] features = features(4);
        float[] p = predictions(ensemble, parameters, features);
        double[] thresholds = {0.9, 0.2, 0.4};
        long[] expected = IntStream.range(0, ROWS)
                .mapToLong(row -> IntStream.range(0, 3)
                        .reduce((a, b) -> p[3 * row + b] / thresholds[b] > p[3 * row + a] / thresholds[a] ? b : a)
                        .getAsInt())
                .toArray();
        List<String> classes = List.of("0", "1", "2");
        assertThat((long[]) run(scores(ensemble, parameters, classes, thresholds), features, "label"))
                .containsExactly(expected);
        assertThat((long[]) run(scores(ensemble, parameters, classes, new double[] {0.5, 0.4, 0}), features, "label"))
                .containsOnly(2);
    }

    @Test
    void aRowThatIsRefusedHasNoNumbers() throws OrtException {
        Ensemble ensemble = ensemble("relu dense(3)", "softmaxCrossEntropy", 1, 1);
        float[] parameters = parameters(ensemble, 3);
        float[] features = features(4);
        features[5] = Float.NaN;
        features[INPUTS] = Float.POSITIVE_INFINITY;
        Scores scores = scores(ensemble, parameters, List.of("a", "b", "c"), new double[0]);
        float[][] probabilities = (float[][]) run(scores, features, "probabilities");
        String[] labels = (String[]) run(scores, features, "label");
        for (int row = 0; row < ROWS; row++) {
            assertThat(Float.isNaN(probabilities[row][1])).as("row %d", row).isEqualTo(row < 2);
            assertThat(labels[row].isEmpty()).as("row %d", row).isEqualTo(row < 2);
        }
    }

    @Test
    void offsetsAreSubtractedInDouble() throws OrtException {
        Ensemble ensemble = ensemble("dense(2)", "squaredError", 1, 1);
        float[] parameters = parameters(ensemble, 3);
        float[] near = features(4);
        double[] offsets = new double[INPUTS];
        offsets[2] = 1.7e9;
        Scores scores = new Scores(ensemble, parameters, offsets, new double[] {0, 3e9}, List.of(), new double[0]);
        double[] given = new double[near.length];
        for (int i = 0; i < near.length; i++) {
            given[i] = near[i] + offsets[i % INPUTS];
            near[i] = (float) (given[i] - offsets[i % INPUTS]);
        }
        float[] expected = predictions(ensemble, parameters, near);
        try (OnnxModel model = new OnnxModel(file(scores))) {
            double[][] values = (double[][]) model.run(
                    Map.of(
                            "features",
                            ai.onnxruntime.OnnxTensor.createTensor(
                                    ai.onnxruntime.OrtEnvironment.getEnvironment(),
                                    java.nio.DoubleBuffer.wrap(given),
                                    new long[] {ROWS, INPUTS})),
                    "variable");
            for (int row = 0; row < ROWS; row++) {
                assertThat(values[row][1]).isEqualTo(expected[2 * row + 1] + 3e9, within(1e-5));
            }
        }
    }

    private static Ensemble ensemble(String layers, String loss, int members, double temperature) {
        Network network = Network.of(INPUTS, Spec.parseAll(Layer.class, layers));
        return new Ensemble(network, Spec.parse(Loss.class, loss), members, temperature);
    }

    /** Every parameter is random, statistics too, so that each of them matters. */
    private static float[] parameters(Ensemble ensemble, long seed) {
        SplitMix64 random = new SplitMix64(seed);
        float[] all = new float[ensemble.parameterCount()];
        int each = ensemble.network().parameterCount();
        for (int member = 0; member < ensemble.members(); member++) {
            float[] own = ensemble.network().initialize(RandomKey.of(seed).fold(member));
            int next = member * each;
            for (var block : ensemble.network().layout()) {
                boolean positive = block.name().matches(".*(variance|deviation)");
                boolean drawn = !block.name().matches(".*(edge|frequency|weight\\d*)");
                for (int i = 0; i < block.size(); i++) {
                    double value = own[block.offset() + i];
                    double noise = 0.3 * random.nextGaussian();
                    all[next++] = (float) (positive ? Math.exp(noise) : drawn ? value + noise : value);
                }
            }
        }
        return all;
    }

    private static float[] features(long seed) {
        SplitMix64 random = new SplitMix64(seed);
        float[] features = new float[ROWS * INPUTS];
        for (int i = 0; i < features.length; i++) {
            features[i] = (float) (2 * random.nextGaussian());
        }
        return features;
    }

    private static double difference(Ensemble ensemble, long seed) throws OrtException {
        return difference(ensemble, parameters(ensemble, seed), features(seed + 1));
    }

    /** The largest, of values relative to them where they are beyond 1. */
    private static double difference(Ensemble ensemble, float[] parameters, float[] features) throws OrtException {
        boolean classes = ensemble.loss().isClassification();
        float[] expected = predictions(ensemble, parameters, features);
        Scores scores = scores(ensemble, parameters, classes(ensemble), new double[0]);
        float[][] found = (float[][]) run(scores, features, classes ? "probabilities" : "variable");
        int outputs = ensemble.network().outputs();
        double largest = 0;
        for (int row = 0; row < ROWS; row++) {
            for (int j = 0; j < outputs; j++) {
                double own = expected[row * outputs + j];
                double other = found[row][outputs == 1 && classes ? 1 : j];
                assertThat(other).isFinite();
                largest = Math.max(largest, Math.abs(own - other) / Math.max(1, Math.abs(own)));
            }
        }
        return largest;
    }

    private static List<String> classes(Ensemble ensemble) {
        return ensemble.loss().isClassification()
                ? List.of("0", "1", "2")
                        .subList(0, Math.max(2, ensemble.network().outputs()))
                : List.of();
    }

    private static float[] predictions(Ensemble ensemble, float[] parameters, float[] features) {
        float[] logits = ensemble.pass(Gemm.best(), parameters, ROWS).forward(Rows.dense(ROWS, INPUTS, features, 0));
        float[] own = Arrays.copyOf(logits, ROWS * ensemble.network().outputs());
        ensemble.loss().link(ROWS, ensemble.network().outputs(), own);
        return own;
    }

    private static Scores scores(Ensemble ensemble, float[] parameters, List<String> classes, double[] thresholds) {
        return new Scores(ensemble, parameters, new double[0], new double[0], classes, thresholds);
    }

    private static byte[] file(Scores scores) {
        Graph graph = new Graph();
        scores.write(graph, graph.input("features", scores.featureElement(), INPUTS, ""));
        return graph.model("test");
    }

    private static Object run(Scores scores, float[] features, String output) throws OrtException {
        try (OnnxModel model = new OnnxModel(file(scores))) {
            return model.run(features, ROWS, output);
        }
    }

    private static void note(String component, Ensemble ensemble, long seed) throws OrtException, IOException {
        double difference = difference(ensemble, seed);
        assertThat(difference).as(component).isLessThan(MOST);
        String folder = System.getProperty("export.folder", "");
        if (!folder.isEmpty()) {
            Path graphs = Files.createDirectories(Path.of(folder));
            String line = String.format(Locale.ROOT, "| `%s` | %.1e |%n", component, difference);
            Files.writeString(
                    graphs.resolve("differences.md"), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            Files.write(
                    graphs.resolve(component.replaceAll("[^\\w.]+", "-") + ".onnx"),
                    file(scores(ensemble, parameters(ensemble, seed), classes(ensemble), new double[0])));
        }
    }
}
