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
public record Inputs(List<Input> all) {
    /** What models append. */
    static final List<String> RESERVED = List.of("prediction", "probability", "rawPrediction");

    public Inputs(List<Input> all) {
        this.all = List.copyOf(all);
    }

    /**
     * Chooses columns of training data.
     *
     * @param features empty: all but label and weight
     * @throws InvalidInput for a name that is not there, and for a column of a type that cannot be used
     */
    public static Inputs choose(
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
        List<Input> inputs = new ArrayList<>();
        for (String name : names) {
            if (name.equals(label)) {
                inputs.add(Input.of(schema.apply(name), Input.Role.LABEL));
            } else if (name.equals(weight)) {
                inputs.add(Input.of(schema.apply(name), Input.Role.WEIGHT));
            } else if (features.isEmpty() || features.contains(name)) {
                inputs.add(Input.of(schema.apply(name), Input.Role.FEATURE));
            }
        }
        return new Inputs(inputs).check(task);
    }

    /**
     * @param rule what must hold
     * @throws InvalidInput where the column is not among the names, with the nearest one
     */
    static void requireColumn(List<String> names, String rule, String column) {
        if (!names.contains(column)) {
            throw new InvalidInput(rule + ", but there is no \"" + column + "\"" + columns(column, names));
        }
    }

    /** A hint for a name that is not among these. */
    static String columns(String missing, List<String> names) {
        List<String> shown = names.size() <= 20 ? names : names.subList(0, 20);
        return Require.nearest(missing, names)
                        .map(near -> "; did you mean \"" + near + "\"?")
                        .orElse(";")
                + " The columns are: " + String.join(", ", shown)
                + (names.size() > shown.size() ? " and " + (names.size() - shown.size()) + " more" : "");
    }

    /**
     * These, if a model for the task can take them.
     *
     * @throws InvalidInput otherwise
     */
    Inputs check(ProblemType task) {
        Require.that(!features().isEmpty(), "the data must have a column of features, but have only the label");
        label().ifPresent(label -> {
            Require.that(
                    label.kind() != Input.Kind.VECTOR,
                    "label column \"" + label.name() + "\" must hold single values, but holds vectors");
            Require.that(
                    task == ProblemType.CLASSIFICATION || label.kind() == Input.Kind.NUMBER,
                    "label column \"" + label.name() + "\" must hold numbers for a regression, but holds text");
        });
        weight().ifPresent(weight -> Require.that(
                weight.kind() == Input.Kind.NUMBER,
                "weight column \"" + weight.name() + "\" must hold numbers, but holds " + weight.kind()));
        Set<String> columns = new HashSet<>();
        for (Input input : all) {
            Require.that(
                    columns.add(input.column()),
                    "columns must have names that differ, dots aside, but two are like \"" + input.column() + "\"");
            Require.that(
                    !RESERVED.contains(input.column()) && !input.column().startsWith("kindling_"),
                    "column \"" + input.name() + "\" must have another name, as models append one like that");
        }
        return this;
    }

    public List<Input> features() {
        return with(input -> input.role() == Input.Role.FEATURE);
    }

    List<Input> with(Predicate<Input> condition) {
        return all.stream().filter(condition).toList();
    }

    public Optional<Input> label() {
        return all.stream().filter(input -> input.role() == Input.Role.LABEL).findFirst();
    }

    public Optional<Input> weight() {
        return all.stream().filter(input -> input.role() == Input.Role.WEIGHT).findFirst();
    }

    /** The features alone: what prediction needs. */
    public Inputs featuresOnly() {
        return new Inputs(features());
    }
}
