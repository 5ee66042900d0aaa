package dev.kindling.job.scores;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.rand;

import dev.kindling.job.io.DataSource;
import dev.kindling.job.io.InputColumn;
import dev.kindling.job.io.SavedModel;
import dev.kindling.job.storage.Failure;
import dev.kindling.job.storage.OwnFile;
import dev.kindling.job.storage.Storage;
import dev.kindling.ml.MlpRegressionModel;
import dev.kindling.report.TrainingReport;
import dev.kindling.report.ValueSample;
import dev.kindling.train.TrainListener;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** The page of {@code --report}. */
public final class RunReport {
    private final Storage target;
    private final TrainingReport report = new TrainingReport();

    private RunReport(Storage target) {
        this.target = target;
    }

    /** The report for a path; null without one. What must not be replaced is refused before any work. */
    public static @Nullable RunReport at(SparkSession spark, @Nullable String path, boolean overwrite)
            throws IOException {
        Storage target = Storage.file(spark, "--report", path, overwrite, OwnFile.PAGE);
        return target == null ? null : new RunReport(target);
    }

    /** Where the page is written. */
    public Storage target() {
        return target;
    }

    /** Records the data and the command's options, and returns the listener that records the training. */
    public TrainListener listener(DataSource source, CommandSpec command, boolean redacts) {
        report.setData(source.toString());
        command.commandLine()
                .getParseResult()
                .matchedOptions()
                .forEach(option ->
                        report.setFact(option.longestName(), String.join(" ", option.originalStringValues())));
        return report.setRedacted(redacts);
    }

    /**
     * Writes the page.
     *
     * @param rows the prepared rows on which the page shows predictions
     * @param scores the model's scores on these rows
     * @param flatters whether the model was trained on them, so that the scores are too good
     */
    public void write(SavedModel model, Dataset<Row> rows, Scores scores, boolean flatters) throws IOException {
        String on = String.format(Locale.ROOT, "%,d %s", scores.rows(), flatters ? "rows to train on" : "test rows");
        if (model.network() instanceof MlpRegressionModel regressor) {
            report.evaluated(on, flatters, scores.values(), sample(regressor, rows, scores));
        } else {
            report.evaluated(on, flatters, scores.values(), scores.classes(), scores.charts());
        }
        target.write(report.page());
    }

    /**
     * Writes what is known of a run that failed; nothing if training had not begun. A failure to write must not hide the
     * run's own failure, so it is added to it.
     *
     * @param redacted whether to leave out values of the data
     */
    public void writeAfter(Throwable failure, boolean redacted) {
        if (!report.hasBegun()) {
            return;
        }
        Failure told = Failure.of(failure, redacted);
        report.setFailure(redacted && !told.isExpected() ? failure.getClass().getName() : told.sentence());
        boolean interrupted = Thread.interrupted(); // otherwise no file could be written
        try {
            target.write(report.page());
        } catch (IOException | RuntimeException e) {
            failure.addSuppressed(e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Random rows, the same in every run. Each partition sends at most as many rows as are drawn in total. */
    private static ValueSample sample(MlpRegressionModel regressor, Dataset<Row> rows, Scores scores) {
        List<Row> drawn = regressor
                .transform(rows)
                .select(
                        InputColumn.quoted(regressor.getLabelCol())
                                .cast("double")
                                .as("actual"),
                        col(regressor.getPredictionCol()).as("predicted"),
                        rand(0).as("draw"))
                .orderBy("draw")
                .limit(ValueSample.MOST_ROWS)
                .collectAsList();
        return new ValueSample(
                drawn.stream().mapToDouble(row -> row.getDouble(0)).toArray(),
                drawn.stream().mapToDouble(row -> row.getDouble(1)).toArray(),
                scores.rows() > drawn.size());
    }
}
