package dev.kindling.job;

import static org.apache.spark.sql.functions.not;

import dev.kindling.job.input.Format;
import dev.kindling.job.input.TextCheck;
import dev.kindling.job.io.DataSource;
import dev.kindling.job.io.InputColumn;
import dev.kindling.job.io.InputColumns;
import dev.kindling.job.io.PredictionColumns;
import dev.kindling.job.io.Preprocessor;
import dev.kindling.job.io.ProblemType;
import dev.kindling.job.io.RowCheck;
import dev.kindling.job.io.TypedTable;
import dev.kindling.job.storage.PathCheck;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Require;
import dev.kindling.ml.MlpClassifier;
import dev.kindling.ml.MlpEstimatorParams;
import dev.kindling.ml.MlpRegressor;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StringType;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say which rows and columns to train on, and how. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class TrainingInput {
    private static final int SEEN = 1000; // texts of a column that should hold numbers

    @Option(
            names = "--train",
            required = true,
            paramLabel = "PATH",
            description = "Data to train on: a file, a folder, or bundled:digits, bundled:diabetes,"
                    + " bundled:breast_cancer. For IDX, the images file")
    private String train;

    @Option(names = "--test", paramLabel = "PATH", description = "Data to test on")
    @Nullable
    private String testPath;

    @Option(names = "--test-fraction", paramLabel = "F", description = "Fraction of the rows to hold out for testing")
    @Nullable
    private Double testFraction;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "${COMPLETION-CANDIDATES}. Default: by the files' names, else csv")
    @Nullable
    private Format format;

    @Mixin
    private CsvInput csv = new CsvInput();

    @Option(
            names = "--label",
            paramLabel = "COLUMN",
            description = "Column to predict. Default for libsvm and idx: label")
    @Nullable
    private String label;

    @Option(
            names = "--features",
            split = ",",
            paramLabel = "COLUMN,COLUMN,…",
            hideParamSyntax = true,
            description = "Columns to predict it from. Default: all except label and weight")
    private List<String> features = List.of();

    @Option(
            names = "--exclude",
            split = ",",
            paramLabel = "COLUMN,COLUMN,…",
            hideParamSyntax = true,
            description = "Columns to leave out of the features")
    private List<String> excluded = List.of();

    @Option(names = "--weight", paramLabel = "COLUMN", description = "Column of row weights. Default: all are 1")
    @Nullable
    private String weight;

    @Option(
            names = "--task",
            required = true,
            paramLabel = "TASK",
            description = "classification: the label is a class; regression: it is a number")
    ProblemType task;

    @Mixin
    private EstimatorOptions options = new EstimatorOptions();

    /**
     * What was read. Columns and rows are checked.
     *
     * @param training the rows to train on, as they were read
     * @param testing the rows of {@code --test}, or those that {@code --test-fraction} holds out; null without either
     */
    record Rows(
            DataSource source,
            InputColumns inputs,
            Preprocessor preprocessor,
            Dataset<Row> training,
            @Nullable Dataset<Row> testing,
            RowCheck.Found found) {

        Dataset<Row> preparedTraining() {
            return preprocessor.apply(training);
        }

        @Nullable
        Dataset<Row> preparedTesting() {
            return testing == null ? null : preprocessor.apply(testing);
        }
    }

    /** Adds the data to train and test on to the paths that are compared. */
    PathCheck reads(SparkSession spark, PathCheck paths) throws IOException {
        return paths.reads("--train", DataSource.place(spark, train))
                .reads("--test", testPath == null ? null : DataSource.place(spark, testPath));
    }

    EstimatorOptions options() {
        return options;
    }

    /** An estimator for the task, with the params of the command line. */
    MlpEstimatorParams<?> estimator() {
        Require.that(
                testPath == null || testFraction == null, "one of --test and --test-fraction must be given, not both");
        Require.fraction(fraction(), "--test-fraction");
        MlpEstimatorParams<?> estimator = task == ProblemType.CLASSIFICATION ? new MlpClassifier() : new MlpRegressor();
        options.applyTo(estimator);
        return estimator;
    }

    private double fraction() {
        return testFraction == null ? 0 : testFraction;
    }

    /** Reads and checks the rows, prints a summary of them, and names their columns to the estimator. */
    Rows read(SparkSession spark, MlpEstimatorParams<?> estimator, PrintWriter out) throws IOException {
        return read(spark, estimator, out, RowCheck::count);
    }

    /** The same, but values may be missing. */
    Rows readWithMissing(SparkSession spark, MlpEstimatorParams<?> estimator, PrintWriter out) throws IOException {
        return read(spark, estimator, out, RowCheck::countWithMissing);
    }

    /** How rows are checked and counted. */
    private interface Count {
        RowCheck.Found of(
                DataSource source, DataSource.Data data, TypedTable table, Map<String, Set<String>> categories)
                throws IOException;
    }

    private Rows read(SparkSession spark, MlpEstimatorParams<?> estimator, PrintWriter out, Count count)
            throws IOException {
        DataSource testSource = testPath == null ? null : DataSource.of(spark, testPath, format, csv.options());
        DataSource source = DataSource.of(spark, train, format, csv.options());
        DataSource.Data data = source.forTraining();
        requireNumbers(data, task == ProblemType.REGRESSION ? label(source) : null);
        requireNumbers(data, weight);
        InputColumns chosen = InputColumns.choose(
                InputColumns.without(data.columns(), unquoted(excluded)),
                task,
                label(source),
                unquoted(features),
                weight);
        RowCheck.Found found = count.of(source, data, TypedTable.of(data, chosen), Map.of());
        InputColumns inputs = chosen.settled(found);
        TypedTable table = TypedTable.of(data, inputs);
        out.println(InvalidInput.printable(String.format(
                Locale.ROOT,
                "data %s: %,d rows, %s, label \"%s\"",
                source,
                found.rows(),
                describe(inputs),
                inputs.label().orElseThrow().name())));
        Preprocessor preprocessor = Preprocessor.fit(inputs, table.typed(), new TextCheck(data.csv(), found.rows()));
        preprocessor.feed(estimator);
        List<String> classes = List.of();
        if (estimator instanceof MlpClassifier classifier) {
            classes = preprocessor.classes(found.integers().size());
            classifier.setClassCount(classes.size());
            PredictionColumns.require(classes, inputs);
            requireIndices(classifier.getClassWeights(), inputs, classes);
        }
        Dataset<Row> training = withoutGaps(table, found, preprocessor);
        Dataset<Row> testing = null;
        if (testSource != null) {
            DataSource.Data testData = testSource.forModel(data.vectorSize(), true);
            TypedTable testTable = TypedTable.of(testData, inputs);
            RowCheck.Found tested = count.of(testSource, testData, testTable, preprocessor.categories(classes));
            testing = withoutGaps(testTable, tested, preprocessor);
        } else if (fraction() > 0) {
            Column held = table.isHeldOut(fraction(), estimator.getSeed());
            testing = training.filter(held);
            training = training.filter(not(held));
        }
        return new Rows(source, inputs, preprocessor, training, testing, found);
    }

    private static Dataset<Row> withoutGaps(TypedTable table, RowCheck.Found found, Preprocessor preprocessor) {
        return found.missing().isEmpty() ? table.typed() : preprocessor.filled(table.typed());
    }

    /** Names the option that reads a column as numbers, before it is refused because it holds text. */
    private static void requireNumbers(DataSource.Data data, @Nullable String column) {
        if (column == null || !Arrays.asList(data.columns().fieldNames()).contains(column)) {
            return;
        }
        if (data.columns().apply(column).dataType() instanceof StringType) {
            Dataset<Row> texts =
                    data.rows().select(InputColumn.quoted(column)).na().drop().distinct();
            new TextCheck(data.csv(), 0)
                    .requireNoNumbers(
                            "column \"" + column + "\"",
                            texts.limit(SEEN)
                                    .as(Encoders.STRING())
                                    .collectAsList()
                                    .toArray(new String[0]));
        }
    }

    /** {@code byClass} lists indices, which labels of other whole numbers would be taken for. */
    private static void requireIndices(String classWeights, InputColumns inputs, List<String> classes) {
        InputColumn label = inputs.label().orElseThrow();
        Require.that(
                label.kind() != InputColumn.Kind.INTEGER || !classWeights.startsWith("byClass"),
                "--class-weights byClass(…) takes class indices 0, 1, 2, …, but label column \"" + label.name()
                        + "\" has the classes " + InvalidInput.value(String.join(", ", classes))
                        + "; factors([…]) takes a factor for each of them, in this order");
    }

    /** picocli keeps the quotes around a name with a comma. */
    private static List<String> unquoted(List<String> names) {
        return names.stream()
                .map(name -> name.matches("(?s)\".+\"") ? name.substring(1, name.length() - 1) : name)
                .toList();
    }

    private String label(DataSource source) {
        if (label != null) {
            return label;
        }
        if (source.format().namesLabel()) {
            return "label";
        }
        throw new InvalidInput("--label must name the column to predict, but is missing");
    }

    private static String describe(InputColumns inputs) {
        List<InputColumn> features = inputs.features();
        long texts = features.stream()
                .filter(input -> input.kind() == InputColumn.Kind.TEXT)
                .count();
        if (features.size() == 1) {
            return features.get(0).kind() + " column \"" + features.get(0).name() + "\"";
        }
        return features.size() + " columns" + (texts == 0 ? "" : " (" + texts + " of text)");
    }
}
