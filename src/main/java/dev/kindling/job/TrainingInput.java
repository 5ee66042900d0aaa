package dev.kindling.job;

import static org.apache.spark.sql.functions.not;

import dev.kindling.job.io.DataSource;
import dev.kindling.job.io.InputColumn;
import dev.kindling.job.io.InputColumns;
import dev.kindling.job.io.ProblemType;
import dev.kindling.job.io.RowCheck;
import dev.kindling.job.io.TypedTable;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Require;
import dev.kindling.ml.MlpClassifier;
import dev.kindling.ml.MlpEstimatorParams;
import dev.kindling.ml.MlpRegressor;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which rows to train on, and what of them. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class TrainingInput {
    @Option(
            names = "--train",
            required = true,
            paramLabel = "PATH",
            description = "Data to train on: a file, a folder, or bundled:digits, bundled:diabetes,"
                    + " bundled:breast_cancer. Of IDX files, the images")
    String train;

    @Option(names = "--test", paramLabel = "PATH", description = "Data to test on")
    @Nullable
    String testPath;

    @Option(
            names = "--test-fraction",
            paramLabel = "F",
            description = "Fraction of the rows to test on instead of training on them")
    @Nullable
    private Double testFraction;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "${COMPLETION-CANDIDATES}. Default: by the file's name, else csv")
    DataSource.@Nullable Format format;

    @Option(
            names = "--label",
            paramLabel = "COLUMN",
            description = "What to predict. Default for libsvm and idx: label")
    @Nullable
    String label;

    @Option(
            names = "--features",
            split = ",",
            paramLabel = "COLUMN,COLUMN,…",
            hideParamSyntax = true,
            description = "What to predict it from. Default: all columns but label and weight")
    List<String> features = List.of();

    @Option(names = "--weight", paramLabel = "COLUMN", description = "Weights of the rows. Default: all are 1")
    @Nullable
    String weight;

    @Option(
            names = "--task",
            required = true,
            paramLabel = "TASK",
            description = "classification: the label is a class; regression: it is a number")
    ProblemType task;

    /**
     * What was read: the columns are checked, and so is each row.
     *
     * @param training those to train on
     * @param testing the fraction of them that is held out; null without it
     */
    record Rows(
            DataSource source,
            DataSource.Data data,
            InputColumns inputs,
            TypedTable table,
            Dataset<Row> training,
            @Nullable Dataset<Row> testing) {}

    /** An estimator of the task, with its params. */
    MlpEstimatorParams<?> estimator(EstimatorOptions options) {
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

    /**
     * Reads and checks the rows, and tells of them.
     *
     * @param seed by which some are held out
     */
    Rows read(SparkSession spark, long seed, PrintWriter out) throws IOException {
        return read(spark, seed, out, RowCheck::count);
    }

    /** The same, but numbers may be missing. */
    Rows readWithMissing(SparkSession spark, long seed, PrintWriter out) throws IOException {
        return read(spark, seed, out, RowCheck::countWithMissing);
    }

    /** How rows are checked and counted. */
    private interface Count {
        long of(DataSource source, DataSource.Data data, TypedTable table, Map<String, Set<String>> categories)
                throws IOException;
    }

    private Rows read(SparkSession spark, long seed, PrintWriter out, Count count) throws IOException {
        DataSource source = DataSource.of(spark, train, format);
        DataSource.Data data = source.forTraining();
        InputColumns inputs = InputColumns.choose(data.columns(), task, label(source), features, weight);
        TypedTable table = TypedTable.of(data, inputs);
        long rows = count.of(source, data, table, Map.of());
        out.println(String.format(
                Locale.ROOT,
                "data %s: %,d rows, %s, label \"%s\"",
                source,
                rows,
                describe(inputs),
                inputs.label().orElseThrow().name()));
        if (fraction() == 0) {
            return new Rows(source, data, inputs, table, table.typed(), null);
        }
        Column held = table.isHeldOut(fraction(), seed);
        return new Rows(
                source,
                data,
                inputs,
                table,
                table.typed().filter(not(held)),
                table.typed().filter(held));
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
