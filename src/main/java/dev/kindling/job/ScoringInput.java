package dev.kindling.job;

import dev.kindling.job.input.Format;
import dev.kindling.job.io.DataSource;
import dev.kindling.job.io.InputColumns;
import dev.kindling.job.io.Preprocessor;
import dev.kindling.job.io.RowCheck;
import dev.kindling.job.io.SavedModel;
import dev.kindling.job.scores.ColumnReport;
import dev.kindling.job.storage.PathCheck;
import dev.kindling.job.storage.Storage;
import java.io.IOException;
import java.io.PrintWriter;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that name a saved model and the data to score with it. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ScoringInput {
    @Option(names = "--model", required = true, paramLabel = "DIR", description = "A model that train saved")
    private String model;

    @Option(
            names = "--data",
            required = true,
            paramLabel = "PATH",
            description = "Data with the columns that the model was trained on; predict needs no label and no weight")
    private String data;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "${COMPLETION-CANDIDATES}. Default: by the files' names, else csv")
    @Nullable
    private Format format;

    @Mixin
    private CsvInput csv = new CsvInput();

    /**
     * The model and the rows, which are checked.
     *
     * @param preprocessor the model's, without the label where none was asked for
     * @param inputs the columns that the model takes, without the label and weight where none were asked for
     * @param found what the check of the rows found
     */
    record Rows(
            SavedModel model,
            Preprocessor preprocessor,
            DataSource.Data data,
            InputColumns inputs,
            RowCheck.Found found) {}

    /** Adds the model and the data to the paths that are compared. */
    PathCheck reads(SparkSession spark, PathCheck paths) throws IOException {
        return paths.reads("--model", Storage.of(spark, model)).reads("--data", DataSource.place(spark, data));
    }

    /** Reads the model and the data with labels. */
    Rows labelled(SparkSession spark, PrintWriter out) throws IOException {
        return read(spark, true, out);
    }

    /** Reads the model and the data, whose labels and weights are ignored. */
    Rows unlabelled(SparkSession spark, PrintWriter out) throws IOException {
        return read(spark, false, out);
    }

    private Rows read(SparkSession spark, boolean labelled, PrintWriter out) throws IOException {
        SavedModel saved = SavedModel.load(spark, model);
        DataSource source = DataSource.of(spark, data, format, csv.options());
        DataSource.Data read = source.forModel(saved.vectorSize(), labelled);
        InputColumns inputs = labelled ? saved.inputs() : saved.inputs().featuresOnly();
        inputs.requireIn(read);
        Preprocessor preprocessor =
                labelled ? saved.preprocessor() : saved.preprocessor().withoutLabel();
        RowCheck.Found found = RowCheck.count(
                source, read, inputs, preprocessor.categories(saved.classes()), preprocessor.check(), true);
        ColumnReport.unseen(found).forEach(out::println);
        return new Rows(saved, preprocessor, read, inputs, found);
    }
}
