package dev.kindling.ml.params;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Named sets of defaults. {@link ParamSet} states those of {@link #DEFAULT}; the others list where they differ. A param that
 * the user sets keeps its value under any preset.
 */
@SuppressWarnings("ImmutableEnumChecker") // immutable maps of numbers, texts and widths
enum Preset {
    /** What {@code submit/benchmark recipes} found best over many tables. */
    DEFAULT(Map.of(), Map.of()),

    /**
     * RealMLP-TD as far as it fits here: Holzmüller, Grinsztajn and Steinwart, <a
     * href="https://arxiv.org/abs/2407.04491">Better by default</a>, NeurIPS 2024, table A.1. Their rates are for weights of
     * variance 1; over layers of 256 units, divided by √256, they mean the same here: so the factor of weights, and the
     * weight decay times 16. Left out: the activations' trained slopes, the clamp of predictions.
     */
    REALMLP(
            Map.ofEntries(
                    Map.entry("hiddenLayers", new int[] {256, 256, 256}),
                    Map.entry("activation", "selu"),
                    Map.entry("dropout", 0.15),
                    Map.entry("initializer", "auto"),
                    Map.entry("loss", "softmaxCrossEntropy(labelSmoothing=0.1)"),
                    Map.entry("numberEmbedding", "pbld"),
                    Map.entry("trainedScale", true),
                    Map.entry("optimizer", "adamw(beta1=0.9, beta2=0.95, epsilon=1e-8, weightDecay=0.32)"),
                    Map.entry("stepSize", 0.04),
                    Map.entry("rateFactors", "byKind(weight=0.0625, bias=0.1, gain=0.1, scale=6, numbers=0.1)"),
                    Map.entry("dropoutSchedule", "flatCosine"),
                    Map.entry("weightDecaySchedule", "flatCosine"),
                    Map.entry("schedule", "cosLog"),
                    Map.entry("maxIter", 256),
                    Map.entry("batchSize", 256),
                    Map.entry("validationFraction", 0.2),
                    Map.entry("patience", 0),
                    Map.entry("members", 1)),
            Map.of("activation", "mish", "loss", "squaredError", "stepSize", 0.2)),

    /** For a first look: a small network, few epochs. */
    FAST(
            Map.of(
                    "hiddenLayers",
                    new int[] {64},
                    "dropout",
                    0.0,
                    "numberEmbedding",
                    "none",
                    "stepSize",
                    0.004,
                    "maxIter",
                    15,
                    "batchSize",
                    256,
                    "members",
                    1),
            Map.of()),

    /** What Spark's MultilayerPerceptronClassifier does, but for its random initial weights. */
    SPARK(
            Map.ofEntries(
                    Map.entry("activation", "sigmoid"),
                    Map.entry("initializer", "lecunUniform"),
                    Map.entry("optimizer", "lbfgs"),
                    Map.entry("dropout", 0.0),
                    Map.entry("numberEmbedding", "none"),
                    Map.entry("standardize", false),
                    Map.entry("standardizeTarget", false),
                    Map.entry("schedule", "constant"),
                    Map.entry("maxIter", 100),
                    Map.entry("tol", 1e-6),
                    Map.entry("validationFraction", 0.0),
                    Map.entry("patience", 0),
                    Map.entry("members", 1)),
            Map.of()),

    /** Nothing but the network: a constant rate, no regularisation, all rows trained on and the last weights kept. */
    NONE(
            Map.ofEntries(
                    Map.entry("hiddenLayers", new int[] {100}),
                    Map.entry("initializer", "auto"),
                    Map.entry("dropout", 0.0),
                    Map.entry("numberEmbedding", "none"),
                    Map.entry("standardize", false),
                    Map.entry("standardizeTarget", false),
                    Map.entry("stepSize", 0.001),
                    Map.entry("schedule", "constant"),
                    Map.entry("maxIter", 20),
                    Map.entry("batchSize", 256),
                    Map.entry("validationFraction", 0.0),
                    Map.entry("patience", 0),
                    Map.entry("members", 1)),
            Map.of());

    private final Map<String, Object> both;
    private final Map<String, Object> ofValues;

    /**
     * @param both by param, for classes and values
     * @param ofValues the same for regression, where it differs
     */
    Preset(Map<String, Object> both, Map<String, Object> ofValues) {
        this.both = both;
        this.ofValues = ofValues;
    }

    /** The preset's default of a param. */
    Object of(String param, boolean classifies, Object otherwise) {
        Object value = both.getOrDefault(param, otherwise);
        return classifies ? value : ofValues.getOrDefault(param, value);
    }

    /** Whether its default of a param is another than that of {@link #NONE}. */
    boolean differsFromNone(String param, boolean classifies, Object otherwise) {
        return !Objects.deepEquals(of(param, classifies, otherwise), NONE.of(param, classifies, otherwise));
    }

    static List<String> names() {
        return Arrays.stream(values()).map(Preset::toString).toList();
    }

    static Preset named(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
