package dev.kindling.job;

import dev.kindling.check.Checkup;
import dev.kindling.check.Doctor;
import dev.kindling.check.Finding;
import dev.kindling.job.storage.OwnFile;
import dev.kindling.job.storage.PathCheck;
import dev.kindling.job.storage.Storage;
import dev.kindling.linalg.Require;
import dev.kindling.ml.MlpEstimatorParams;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
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

/** Checks data and network before training. */
@Command(
        name = "check",
        description = {
            "Looks for problems that would make train fail or its results wrong, and suggests fixes. Takes the options of"
                    + " train.",
            ""
        },
        mixinStandardHelpOptions = true,
        abbreviateSynopsis = true,
        sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class CheckCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private TrainingInput input = new TrainingInput();

    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "" + Doctor.ROWS,
            description =
                    "Approximate number of rows to check, after all were read for missing values. Default: ${DEFAULT-VALUE}")
    private long most;

    @Option(names = "--metrics", paramLabel = "FILE", description = "Where to write the findings as JSON")
    @Nullable
    private String metrics;

    @Mixin
    private Redaction redaction = new Redaction();

    @Option(names = "--overwrite", description = "Replaces a file of findings at --metrics")
    private boolean overwrite;

    @Override
    public Integer call() throws IOException {
        long start = System.nanoTime();
        Require.positive(most, "--rows");
        PrintWriter out = spec.commandLine().getOut();
        MlpEstimatorParams<?> estimator = input.estimator(() -> Main.spark(spec), out);
        Require.that(
                !estimator.isSet(estimator.checkpointDir()),
                "--checkpoint cannot be used with check, which saves nothing of its run");
        SparkSession spark = Main.spark(spec);
        redaction.applyTo(spark);
        Storage target = Storage.file(spark, "--metrics", metrics, overwrite, OwnFile.FIGURES);
        input.reads(spark, new PathCheck()).replaces("--metrics", target).requireApart();
        TrainingInput.Rows rows = input.readWithMissing(spark, estimator, out);
        Checkup checkup = withMissing(rows, estimator.check(rows.preparedTraining(), rows.preparedTesting(), most));
        out.println(checkup.list(Finding::option)
                + String.format(Locale.ROOT, ", in %.1f s", (System.nanoTime() - start) / 1e9));
        if (target != null) {
            target.write(checkup.toJson() + "\n");
        }
        return checkup.healthy() ? Main.DONE : Main.UNHEALTHY;
    }

    /** Adds that labels are missing, in rows that were left out of the check. */
    private static Checkup withMissing(TrainingInput.Rows rows, Checkup checkup) {
        if (rows.found().missing().isEmpty()) {
            return checkup;
        }
        List<Finding> findings = new ArrayList<>();
        rows.found()
                .missing()
                .forEach((name, count) -> findings.add(Finding.error(
                                "missingLabels",
                                "\"" + name + "\"",
                                String.format(
                                        Locale.ROOT,
                                        "\"%s\" has no value in %,d of %,d rows; training would refuse them, the checks below leave them"
                                                + " out",
                                        name,
                                        count,
                                        rows.found().rows()))
                        .withFix("drop such rows before", "data.na().drop(new String[] {\"" + name + "\"})")));
        checkup.findings().stream()
                .filter(finding -> !finding.name().equals("rows"))
                .forEach(findings::add);
        return new Checkup(findings);
    }
}
