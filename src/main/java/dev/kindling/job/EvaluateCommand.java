package dev.kindling.job;

import dev.kindling.job.io.RowSet;
import dev.kindling.job.scores.MetricsFile;
import dev.kindling.job.scores.Scores;
import dev.kindling.job.storage.OwnFile;
import dev.kindling.job.storage.PathCheck;
import dev.kindling.job.storage.Storage;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Evaluates a saved model on labelled data. */
@Command(
        name = "evaluate",
        description = {"Evaluates a saved model on labelled data.", ""},
        mixinStandardHelpOptions = true,
        abbreviateSynopsis = true,
        sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class EvaluateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ScoringInput input = new ScoringInput();

    @Option(names = "--metrics", paramLabel = "FILE", description = "Where to write all metrics as JSON")
    @Nullable
    private String metrics;

    @Mixin
    private Redaction redaction = new Redaction();

    @Option(names = "--overwrite", description = "Replaces a file of figures at --metrics")
    private boolean overwrite;

    @Override
    public Integer call() throws IOException {
        SparkSession spark = Main.spark(spec);
        redaction.applyTo(spark);
        Storage metricsTarget = Storage.file(spark, "--metrics", metrics, overwrite, OwnFile.FIGURES);
        input.reads(spark, new PathCheck()).replaces("--metrics", metricsTarget).requireApart();
        PrintWriter out = spec.commandLine().getOut();
        ScoringInput.Rows rows = input.labelled(spark, out);
        RowSet known = RowSet.of(rows.data(), rows.inputs())
                .known(rows.found(), rows.model().classes());
        Scores scores = Scores.of(rows.model(), rows.preprocessor().apply(known));
        scores.print(out, "test");
        scores.printClasses(out);
        new MetricsFile()
                .rows(rows.found().rows() - rows.found().unknown())
                .scores("test", scores)
                .write(metricsTarget);
        return Main.DONE;
    }
}
