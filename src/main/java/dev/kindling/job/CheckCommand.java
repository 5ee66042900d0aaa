package dev.kindling.job;

import dev.kindling.check.Checkup;
import dev.kindling.check.Doctor;
import dev.kindling.check.Finding;
import dev.kindling.job.io.DataSource;
import dev.kindling.job.io.Preprocessor;
import dev.kindling.job.io.RowCheck;
import dev.kindling.job.io.Storage;
import dev.kindling.job.io.TypedTable;
import dev.kindling.linalg.Require;
import dev.kindling.ml.MlpEstimatorParams;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks for what is wrong with data and network, before training. */
@Command(
        name = "check",
        description = {
            "Looks for what would make train fail or its figures wrong, and says how to mend it. It takes train's options.",
            ""
        },
        mixinStandardHelpOptions = true,
        abbreviateSynopsis = true,
        sortOptions = false,
        defaultValueProvider = EstimatorOptions.Defaults.class)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class CheckCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private TrainingInput input = new TrainingInput();

    @Mixin
    private EstimatorOptions options = new EstimatorOptions();

    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "" + Doctor.ROWS,
            description = "Rows to look at, about, once all were read for missing values. Default: ${DEFAULT-VALUE}")
    private long most;

    @Option(names = "--metrics", paramLabel = "FILE", description = "Where to write the findings as JSON")
    @Nullable
    private String metrics;

    @Mixin
    private Redaction redaction = new Redaction();

    @Override
    public Integer call() throws IOException {
        long start = System.nanoTime();
        Require.that(options.checkpoint == null, "--checkpoint is of no use to check: it keeps nothing of its run");
        Require.positive(most, "--rows");
        MlpEstimatorParams<?> estimator = input.estimator(options);
        SparkSession spark = Main.spark(spec);
        redaction.applyTo(spark);
        Storage target = Storage.file(spark, "--metrics", metrics);
        PrintWriter out = spec.commandLine().getOut();
        TrainingInput.Rows rows = input.readWithMissing(spark, options.seed, out);
        Preprocessor preprocessor = Preprocessor.fit(rows.inputs(), rows.table().typed());
        preprocessor.feed(estimator, rows.inputs());
        Dataset<Row> testing = testing(spark, rows, preprocessor);
        Checkup checkup = estimator.check(
                preprocessor.apply(rows.training()), testing == null ? null : preprocessor.apply(testing), most);
        out.println(checkup.list(Finding::option)
                + String.format(Locale.ROOT, ", in %.1f s", (System.nanoTime() - start) / 1e9));
        if (target != null) {
            target.write(checkup.toJson() + "\n");
        }
        return checkup.healthy() ? Main.DONE : Main.UNHEALTHY;
    }

    private @Nullable Dataset<Row> testing(SparkSession spark, TrainingInput.Rows rows, Preprocessor preprocessor)
            throws IOException {
        if (input.testPath == null) {
            return rows.testing();
        }
        DataSource source = DataSource.of(spark, input.testPath, input.format);
        DataSource.Data data = source.forModel(rows.data().vectorSize(), true);
        TypedTable table = TypedTable.of(data, rows.inputs());
        RowCheck.countWithMissing(source, data, table, preprocessor.categories());
        return table.typed();
    }
}
