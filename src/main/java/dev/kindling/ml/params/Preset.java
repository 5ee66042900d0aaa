package dev.kindling.ml.params;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Named sets of defaults. {@link ParamSet} states those of {@link #DEFAULT}; the others list where they differ. A param that
 * the user sets keeps its value under any preset.
 */
enum Preset {
    /** What {@code submit/benchmark recipes} found best over many tables. */
    DEFAULT(Map.of(), Map.of()),

    /** Nothing but the network: a constant rate, no regularisation, all rows trained on and the last weights kept. */
    NONE(
            Map.ofEntries(
                    Map.entry("hiddenLayers", new int[] {100}),
                    Map.entry("dropout", 0.0),
                    Map.entry("standardize", false),
                    Map.entry("standardizeTarget", false),
                    Map.entry("stepSize", 0.001),
                    Map.entry("schedule", "constant"),
                    Map.entry("maxIter", 20),
                    Map.entry("batchSize", 256),
                    Map.entry("validationFraction", 0.0)),
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
