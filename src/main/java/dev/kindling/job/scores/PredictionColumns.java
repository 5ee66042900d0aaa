package dev.kindling.job.scores;

import dev.kindling.job.io.InputColumn;
import dev.kindling.job.io.InputColumns;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Require;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The columns that {@code predict} appends to the data: the prediction and, for classes, the probability of each. */
public final class PredictionColumns {
    public static final String PREDICTION = "prediction";

    private PredictionColumns() {}

    public static String probability(String className) {
        return "probability_" + className;
    }

    /**
     * Refuses, before training, classes whose predictions could not be written: Spark takes names that differ only by
     * case for one.
     */
    public static void require(List<String> classes, InputColumns inputs) {
        InputColumn label = inputs.label().orElseThrow();
        Map<String, String> seen = new HashMap<>();
        for (String name : classes) {
            String other = seen.putIfAbsent(name.toLowerCase(Locale.ROOT), name);
            Require.that(
                    other == null,
                    label.title() + " must hold classes that differ by more than case, but holds \""
                            + InvalidInput.value(String.valueOf(other)) + "\" and \"" + InvalidInput.value(name)
                            + "\"");
        }
        requireFree(inputs.features().stream().map(InputColumn::name).toList(), classes);
    }

    /** Refuses data with a column that has the name of one of these. */
    public static void requireFree(List<String> names, List<String> classes) {
        Map<String, String> appended = new HashMap<>(Map.of(PREDICTION, PREDICTION));
        for (String name : classes) {
            String added = probability(name);
            appended.put(added.toLowerCase(Locale.ROOT), added);
        }
        for (String name : names) {
            String added = appended.get(name.toLowerCase(Locale.ROOT));
            if (added != null) {
                throw new InvalidInput("the data must not have a column \"" + name + "\", because predict adds \""
                        + InvalidInput.value(added) + "\"");
            }
        }
    }
}
