package dev.kindling.job;

import dev.kindling.job.io.DataSource;
import dev.kindling.job.io.RowCheck;
import dev.kindling.job.io.SavedModel;
import dev.kindling.job.io.Storage;
import dev.kindling.job.io.TypedTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures a saved model on labelled data. */
@Command(
        name = "evaluate",
        description = {"Measures a saved model on labelled data.", ""},
        mixinStandardHelpOptions = true,
        abbreviateSynopsis = true,
        sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class EvaluateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--model", required = true, paramLabel = "DIR", description = "A model that train saved")
    private String model;

    @Option(
            names = "--data",
            required = true,
            paramLabel = "PATH",
            description = "Data with the columns that the model was trained on")
    private String data;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "${COMPLETION-CANDIDATES}. Default: by the file's name, else csv")
    private DataSource.@Nullable Format format;

    @Option(names = "--metrics", paramLabel = "FILE", description = "Where to write a JSON with all figures")
    @Nullable
    private String metrics;

    @Mixin
    private Redaction redaction = new Redaction();

    @Override
    public Integer call() throws IOException {
        SparkSession spark = Main.spark(spec);
        redaction.applyTo(spark);
        Storage metricsTarget = Storage.file(spark, "--metrics", metrics);
        SavedModel saved = SavedModel.load(spark, model);
        DataSource source = DataSource.of(spark, data, format);
        DataSource.Data read = source.forModel(saved.vectorSize(), true);
        TypedTable table = TypedTable.of(read, saved.inputs());
        Map<String, Set<String>> categories = saved.preprocessor().categories();
        long rows = RowCheck.count(source, read, table, categories);
        Scores scores = Scores.of(saved, saved.preprocessor().apply(table.typed()));
        PrintWriter out = spec.commandLine().getOut();
        scores.print(out, "test");
        scores.printConfusion(out);
        new MetricsFile().rows(rows).scores("test", scores).write(metricsTarget);
        return Main.DONE;
    }
}
