package dev.kindling.job.io;

import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Require;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** The columns that a model needs, in the order of the data it was trained on. */
public record InputColumns(List<InputColumn> all) {
    /** Columns that models append. */
    static final List<String> RESERVED = List.of("prediction", "probability", "rawPrediction");

    public InputColumns(List<InputColumn> all) {
        this.all = List.copyOf(all);
    }

    /**
     * Chooses columns of training data.
     *
     * @param features empty for all columns except label and weight
     * @throws InvalidInput for a missing column and for a column of an unsupported type
     */
    public static InputColumns choose(
            StructType schema, ProblemType task, String label, List<String> features, @Nullable String weight) {
        List<String> names = Arrays.asList(schema.fieldNames());
        requireColumn(names, "--label must name a column of the data", label);
        if (weight != null) {
            requireColumn(names, "--weight must name a column of the data", weight);
        }
        for (String feature : features) {
            requireColumn(names, "--features must name a column of the data", feature);
            Require.that(
                    !feature.equals(label) && !feature.equals(weight),
                    "--features must not name \"" + feature + "\", the column of the "
                            + (feature.equals(label) ? "label" : "weight"));
        }
        List<InputColumn> inputs = new ArrayList<>();
        for (String name : names) {
            if (name.equals(label)) {
                inputs.add(InputColumn.of(schema.apply(name), InputColumn.Role.LABEL));
            } else if (name.equals(weight)) {
                inputs.add(InputColumn.of(schema.apply(name), InputColumn.Role.WEIGHT));
            } else if (features.isEmpty() || features.contains(name)) {
                inputs.add(InputColumn.of(schema.apply(name), InputColumn.Role.FEATURE));
            }
        }
        return new InputColumns(inputs).check(task);
    }

    /**
     * @param rule the sentence that states what must hold
     * @throws InvalidInput if the column is not among the names; the message suggests the nearest name
     */
    static void requireColumn(List<String> names, String rule, String column) {
        if (!names.contains(column)) {
            throw new InvalidInput(rule + ", but there is no \"" + column + "\"" + columns(column, names));
        }
    }

    /** A hint for a missing name. */
    static String columns(String missing, List<String> names) {
        List<String> shown = names.size() <= 20 ? names : names.subList(0, 20);
        return Require.nearest(missing, names)
                        .map(near -> "; did you mean \"" + near + "\"?")
                        .orElse(";")
                + " The columns are: " + String.join(", ", shown)
                + (names.size() > shown.size() ? " and " + (names.size() - shown.size()) + " more" : "");
    }

    /**
     * Returns these columns if a model for the task can use them.
     *
     * @throws InvalidInput if it cannot
     */
    InputColumns check(ProblemType task) {
        Require.that(!features().isEmpty(), "the data must have a feature column, but only have the label");
        label().ifPresent(label -> {
            Require.that(
                    label.kind() != InputColumn.Kind.VECTOR,
                    "label column \"" + label.name() + "\" must hold single values, but holds vectors");
            Require.that(
                    task == ProblemType.CLASSIFICATION || label.kind() == InputColumn.Kind.NUMBER,
                    "label column \"" + label.name() + "\" must hold numbers for a regression, but holds text");
        });
        weight().ifPresent(weight -> Require.that(
                weight.kind() == InputColumn.Kind.NUMBER,
                "weight column \"" + weight.name() + "\" must hold numbers, but holds " + weight.kind()));
        Set<String> columns = new HashSet<>();
        for (InputColumn input : all) {
            Require.that(
                    columns.add(input.column()),
                    "columns must have different names, even with dots replaced by _, but two become \""
                            + input.column() + "\"");
            Require.that(
                    !RESERVED.contains(input.column()) && !input.column().startsWith("kindling_"),
                    "column \"" + input.name()
                            + "\" must have another name, because models append a column with that name");
        }
        return this;
    }

    public List<InputColumn> features() {
        return with(input -> input.role() == InputColumn.Role.FEATURE);
    }

    List<InputColumn> with(Predicate<InputColumn> condition) {
        return all.stream().filter(condition).toList();
    }

    public Optional<InputColumn> label() {
        return all.stream()
                .filter(input -> input.role() == InputColumn.Role.LABEL)
                .findFirst();
    }

    public Optional<InputColumn> weight() {
        return all.stream()
                .filter(input -> input.role() == InputColumn.Role.WEIGHT)
                .findFirst();
    }

    /** Only the features, which prediction needs. */
    public InputColumns featuresOnly() {
        return new InputColumns(features());
    }
}
