package dev.kindling.job.io;

import dev.kindling.job.input.DistinctNames;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Require;
import dev.kindling.table.TableVectorizerModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** The columns that a model needs, in the order of the data it was trained on. */
public record InputColumns(List<InputColumn> all) {
    /** Columns that models append, in lower case: Spark does not distinguish names by case. */
    private static final Set<String> RESERVED = Set.of("prediction", "probability", "rawprediction");

    /** A table of few rows may have as many classes as rows. */
    private static final int FEW_CLASSES = 20;

    public InputColumns(List<InputColumn> all) {
        this.all = List.copyOf(all);
    }

    /** The columns of {@code --exclude} are left out as if the data did not have them. */
    public static StructType without(StructType schema, List<String> excluded) {
        List<String> names = Arrays.asList(schema.fieldNames());
        excluded.forEach(name -> requireColumn(names, "--exclude must name a column of the data", name));
        return new StructType(Arrays.stream(schema.fields())
                .filter(field -> !excluded.contains(field.name()))
                .toArray(StructField[]::new));
    }

    /**
     * Chooses columns of training data. The numbers of a classification's label name its classes.
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
        DistinctNames.require(names);
        List<InputColumn> inputs = new ArrayList<>();
        for (String name : names) {
            if (name.equals(label)) {
                InputColumn input = InputColumn.of(schema.apply(name), InputColumn.Role.LABEL);
                boolean namesClasses = task == ProblemType.CLASSIFICATION && input.kind() == InputColumn.Kind.NUMBER;
                inputs.add(namesClasses ? input.withKind(InputColumn.Kind.INTEGER) : input);
            } else if (name.equals(weight)) {
                inputs.add(InputColumn.of(schema.apply(name), InputColumn.Role.WEIGHT));
            } else if (features.isEmpty() || features.contains(name)) {
                inputs.add(InputColumn.of(schema.apply(name), InputColumn.Role.FEATURE));
            }
        }
        return new InputColumns(inputs).withSingleVector(schema).check(task);
    }

    /** A single column of vectors is the features as they are. */
    private InputColumns withSingleVector(StructType schema) {
        List<InputColumn> features = features();
        return features.size() == 1
                        && schema.apply(features.get(0).name()).dataType().equals(SQLDataTypes.VectorType())
                ? replacing(features.get(0), InputColumn.Kind.VECTOR)
                : this;
    }

    private InputColumns replacing(InputColumn column, InputColumn.Kind kind) {
        return new InputColumns(all.stream()
                .map(input -> input.equals(column) ? input.withKind(kind) : input)
                .toList());
    }

    /** The columns that a table vectorizer made features of, besides those that are no features. */
    InputColumns vectorized(TableVectorizerModel vectorizer) {
        List<InputColumn> kept = new ArrayList<>();
        Set<String> taken = new HashSet<>(vectorizer.inputCols());
        Set<String> plainNumbers = new HashSet<>(vectorizer.plainNumbers());
        for (InputColumn input : all) {
            if (input.role() != InputColumn.Role.FEATURE) {
                kept.add(input);
            } else if (taken.contains(input.name())) {
                kept.add(input.withKind(
                        plainNumbers.contains(input.name()) ? InputColumn.Kind.RAW_NUMBER : InputColumn.Kind.RAW));
            }
        }
        return new InputColumns(kept);
    }

    /** The names of the data's columns, which must differ and have all of these among them. */
    public List<String> requireIn(DataSource.Data data) {
        List<String> names = List.of(data.columns().fieldNames());
        DistinctNames.require(names);
        Set<String> known = new HashSet<>(names);
        with(input -> !known.contains(input.name()))
                .forEach(input ->
                        requireColumn(names, "the data must have the columns that the model takes", input.name()));
        return names;
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
                    label.title() + " must hold numbers for a regression, but holds "
                            + label.kind().plural());
        });
        weight().ifPresent(weight -> Require.that(
                weight.kind() == InputColumn.Kind.NUMBER,
                "weight column \"" + weight.name() + "\" must hold numbers, but holds "
                        + weight.kind().plural()));
        Set<String> columns = new HashSet<>();
        for (InputColumn input : all) {
            String column = input.column().toLowerCase(Locale.ROOT);
            Require.that(
                    columns.add(column),
                    "columns must have different names, even in lower case and with dots replaced by _, but two become"
                            + " \"" + column + "\"");
            Require.that(
                    input.kind() != InputColumn.Kind.INTEGER || input.role() == InputColumn.Role.LABEL,
                    input.title() + " must hold numbers, text, booleans or vectors, but holds " + input.kind());
            Require.that(
                    !RESERVED.contains(column) && !column.startsWith("kindling_"),
                    "column \"" + input.name()
                            + "\" must have another name, because models append a column with that name"
                            + (input.role() == InputColumn.Role.FEATURE
                                    ? "; --exclude \"" + input.name() + "\" leaves it out"
                                    : ""));
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

    /** The type of a class in the data. */
    public DataType classType() {
        return switch (label().orElseThrow().kind()) {
            case NUMBER -> DataTypes.IntegerType; // an index
            case INTEGER -> DataTypes.LongType;
            case BOOLEAN -> DataTypes.BooleanType;
            default -> DataTypes.StringType;
        };
    }

    public Optional<InputColumn> weight() {
        return all.stream()
                .filter(input -> input.role() == InputColumn.Role.WEIGHT)
                .findFirst();
    }

    /**
     * The columns after all rows were seen: labels that are exactly 0, 1, 2, … are class indices already, so they stay
     * numbers.
     *
     * @throws InvalidInput for a label of whole numbers that must be values to predict
     */
    public InputColumns settled(RowCheck.Found found) {
        InputColumn label = label().orElseThrow();
        if (label.kind() != InputColumn.Kind.INTEGER) {
            return this;
        }
        if (found.integers().equals(Preprocessor.indices(found.integers().size()))) {
            return replacing(label, InputColumn.Kind.NUMBER);
        }
        int classes = found.integers().size();
        Require.that(
                classes <= FEW_CLASSES || 2L * classes <= found.rows(),
                label.title()
                        + " must have at least two rows for each class on average (--task regression predicts numbers),"
                        + " but has " + InvalidInput.value(classes) + " different numbers in "
                        + InvalidInput.value(found.rows()) + " rows");
        return this;
    }

    /** Only the features, which prediction needs. */
    public InputColumns featuresOnly() {
        return new InputColumns(features());
    }
}
