package dev.kindling.job;

import dev.kindling.check.LearningRateRange;
import dev.kindling.job.storage.OwnFile;
import dev.kindling.job.storage.PathCheck;
import dev.kindling.job.storage.Storage;
import dev.kindling.linalg.Require;
import dev.kindling.ml.MlpEstimatorParams;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A learning-rate range test: tries growing learning rates and suggests one. */
@Command(
        name = "lr-range",
        description = {
            "Tries learning rates from 1e-7 to 10 in one pass over the data, and suggests one for train. Takes the options"
                    + " of train.",
            ""
        },
        mixinStandardHelpOptions = true,
        abbreviateSynopsis = true,
        sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class RangeCommand implements Callable<Integer> {
    private static final int LINES = 25;
    private static final int WIDTH = 50; // of the longest bar

    @Spec
    private CommandSpec spec;

    @Mixin
    private TrainingInput input = new TrainingInput();

    @Option(names = "--metrics", paramLabel = "FILE", description = "Where to write the curve as JSON")
    @Nullable
    private String metrics;

    @Option(
            names = "--report",
            paramLabel = "FILE.html",
            description = "Where to write a page with the curve and the suggested rate")
    @Nullable
    private String report;

    @Mixin
    private Redaction redaction = new Redaction();

    @Option(names = "--overwrite", description = "Replaces files of Kindling's at --metrics and --report")
    private boolean overwrite;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        MlpEstimatorParams<?> estimator = input.estimator(() -> Main.spark(spec), out);
        Require.that(
                !estimator.isSet(estimator.checkpointDir()),
                "--checkpoint cannot be used with lr-range, which saves nothing of its run");
        SparkSession spark = Main.spark(spec);
        redaction.applyTo(spark);
        Storage target = Storage.file(spark, "--metrics", metrics, overwrite, OwnFile.FIGURES);
        Storage page = Storage.file(spark, "--report", report, overwrite, OwnFile.PAGE);
        input.reads(spark, new PathCheck())
                .replaces("--metrics", target)
                .replaces("--report", page)
                .requireApart();
        TrainingInput.Rows rows = input.read(spark, estimator, out);
        LearningRateRange range = estimator.learningRateRange(rows.preparedTraining());
        print(range, out);
        if (target != null) {
            target.write(range.toJson() + "\n");
        }
        if (page != null) {
            page.write(range.page());
        }
        return Main.DONE;
    }

    /** Prints a bar chart of the loss, from zero to the largest loss before training diverges. */
    private static void print(LearningRateRange range, PrintWriter out) {
        List<LearningRateRange.Point> points = range.points();
        double longest = 1.5 * points.get(0).smoothed();
        out.println("learning rate       loss");
        int every = Math.max(1, points.size() / LINES);
        for (int i = 0; i < points.size(); i += every) {
            LearningRateRange.Point point = points.get(i);
            double share = Math.min(1, Math.max(0, point.smoothed() / longest));
            out.println(String.format(
                    Locale.ROOT,
                    "%13.1e %10.4g  %s%s",
                    point.learningRate(),
                    point.smoothed(),
                    "#".repeat((int) Math.round(share * WIDTH)),
                    point.smoothed() > longest ? "…" : ""));
        }
        out.println(range.advice());
    }
}
