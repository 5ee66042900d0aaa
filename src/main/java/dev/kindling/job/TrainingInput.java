package dev.kindling.job;

import dev.kindling.job.input.Format;
import dev.kindling.job.input.TextCheck;
import dev.kindling.job.io.DataSource;
import dev.kindling.job.io.InputColumn;
import dev.kindling.job.io.InputColumns;
import dev.kindling.job.io.Preprocessor;
import dev.kindling.job.io.ProblemType;
import dev.kindling.job.io.RowCheck;
import dev.kindling.job.io.RowSet;
import dev.kindling.job.io.SavedModel;
import dev.kindling.job.io.TaskGuess;
import dev.kindling.job.scores.ColumnReport;
import dev.kindling.job.scores.PredictionColumns;
import dev.kindling.job.storage.PathCheck;
import dev.kindling.job.storage.Storage;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Require;
import dev.kindling.ml.MlpClassifier;
import dev.kindling.ml.MlpEstimatorParams;
import dev.kindling.ml.MlpRegressor;
import dev.kindling.table.ColumnDecision;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.spark.ml.Transformer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StringType;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

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

    @Spec(Spec.Target.MIXEE)
    private CommandSpec mixee;

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
            names = {"--exclude", "--drop"},
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
            paramLabel = "TASK",
            description = "classification: the label is a class; regression: it is a number. Default: by the label,"
                    + " a class where it holds texts or few different whole numbers")
    @Nullable
    private ProblemType task;

    @Mixin
    private TableOptions table = new TableOptions();

    @Mixin
    private EstimatorOptions options = new EstimatorOptions();

    /** The data of {@code --train}. */
    private record Training(DataSource source, DataSource.Data data) {}

    @Nullable
    private Training training;

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
            RowSet training,
            @Nullable RowSet testing,
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

    /** What the model predicts. */
    ProblemType task() {
        return Objects.requireNonNull(task, "estimator settles it");
    }

    /**
     * An estimator for the task, with the params of the command line. Without {@code --task}, the data's label decides it.
     *
     * @param spark is asked only in that case, so that wrong options are refused before it starts
     */
    MlpEstimatorParams<?> estimator(Supplier<SparkSession> spark, PrintWriter out) throws IOException {
        Require.that(
                testPath == null || testFraction == null, "one of --test and --test-fraction must be given, not both");
        Require.fraction(fraction(), "--test-fraction");
        table.vectorizer(); // refuses wrong values
        if (task == null) {
            task = guess(spark.get(), out);
        }
        MlpEstimatorParams<?> estimator = task == ProblemType.CLASSIFICATION ? new MlpClassifier() : new MlpRegressor();
        options.applyTo(estimator);
        return estimator;
    }

    private ProblemType guess(SparkSession spark, PrintWriter out) throws IOException {
        Training training = training(spark);
        TaskGuess guess = TaskGuess.of(training.data(), label(training.source()));
        out.println(
                InvalidInput.printable("task " + guess.task() + ", because " + guess.reason() + " (--task sets it)"));
        return guess.task();
    }

    /** A network that was trained on the rows, with what prepares them; saved where there is a place for it. */
    SavedModel save(Rows rows, Transformer network, @Nullable Storage target) throws IOException {
        SavedModel saved = new SavedModel(task(), rows.inputs(), rows.preprocessor(), network);
        if (target != null) {
            target.replace(folder -> saved.save(folder, rows.training().typed()));
        }
        return saved;
    }

    /** The training data, whose types are found out once. */
    private Training training(SparkSession spark) throws IOException {
        Training known = training;
        if (known == null) {
            DataSource source = DataSource.of(spark, train, format, csv.options());
            Set<String> typed = weight == null ? Set.of(label(source)) : Set.of(label(source), weight);
            known = new Training(source, source.forTraining(typed));
            training = known;
        }
        return known;
    }

    private double fraction() {
        return testFraction == null ? 0 : testFraction;
    }

    /** Reads and checks the rows, prints a summary of them, and names their columns to the estimator. */
    Rows read(SparkSession spark, MlpEstimatorParams<?> estimator, PrintWriter out) throws IOException {
        return read(spark, estimator, out, true);
    }

    /** The same, but values may be missing. */
    Rows readWithMissing(SparkSession spark, MlpEstimatorParams<?> estimator, PrintWriter out) throws IOException {
        return read(spark, estimator, out, false);
    }

    private Rows read(SparkSession spark, MlpEstimatorParams<?> estimator, PrintWriter out, boolean complete)
            throws IOException {
        DataSource testSource = testPath == null ? null : DataSource.of(spark, testPath, format, csv.options());
        DataSource source = training(spark).source();
        DataSource.Data data = training(spark).data();
        requireNumbers(data, task() == ProblemType.REGRESSION ? label(source) : null);
        requireNumbers(data, weight);
        InputColumns chosen = InputColumns.choose(
                InputColumns.without(data.columns(), unquoted(excluded)),
                task(),
                label(source),
                unquoted(features),
                weight);
        RowCheck.Found found = RowCheck.count(source, data, chosen, Map.of(), null, complete);
        InputColumns inputs = chosen.settled(found);
        out.println(InvalidInput.printable(String.format(
                Locale.ROOT,
                "data %s: %,d rows, %s, label \"%s\"",
                source,
                found.rows(),
                describe(inputs),
                inputs.label().orElseThrow().name())));
        RowSet all = RowSet.of(data, inputs);
        RowSet training = all;
        RowSet testing = null;
        if (fraction() > 0) {
            List<RowSet> sides = all.split(fraction(), estimator.getSeed());
            testing = sides.get(0);
            training = sides.get(1);
        }
        Preprocessor preprocessor =
                Preprocessor.fit(inputs, all, training, table.vectorizer(), new TextCheck(data.csv(), found.rows()));
        preprocessor.vectorizer().ifPresent(fitted -> ColumnDecision.lines(
                        fitted.decisions(), Redaction.isAskedFor(mixee.commandLine()))
                .forEach(out::println));
        preprocessor.feed(estimator);
        List<String> classes = List.of();
        if (estimator instanceof MlpClassifier classifier) {
            classes = preprocessor.classes(found.integers().size());
            classifier.setClassCount(classes.size());
            PredictionColumns.require(classes, inputs);
            requireIndices(classifier.getClassWeights(), inputs, classes);
        }
        if (testSource != null) {
            DataSource.Data testData = testSource.forModel(data.vectorSize(), true);
            RowCheck.Found tested = RowCheck.count(
                    testSource,
                    testData,
                    preprocessor.inputs(),
                    preprocessor.categories(classes),
                    preprocessor.check(),
                    complete);
            ColumnReport.unseen(tested).forEach(out::println);
            testing = RowSet.of(testData, preprocessor.inputs()).known(tested, classes);
        }
        boolean unlabelled = !found.missing().isEmpty();
        return new Rows(
                source,
                preprocessor.inputs(),
                preprocessor,
                unlabelled ? training.labelled() : training,
                unlabelled && testing != null ? testing.labelled() : testing,
                found);
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
    static List<String> unquoted(List<String> names) {
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
        return features.size() == 1 ? "column \"" + features.get(0).name() + "\"" : features.size() + " columns";
    }
}
