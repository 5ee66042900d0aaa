package dev.kindling.job;

import dev.kindling.checkpoint.CheckpointPolicy;
import dev.kindling.checkpoint.Epoch;
import dev.kindling.job.io.DataSource;
import dev.kindling.job.io.InputColumns;
import dev.kindling.job.io.Preprocessor;
import dev.kindling.job.io.RowCheck;
import dev.kindling.job.io.SavedModel;
import dev.kindling.job.io.Storage;
import dev.kindling.job.io.TypedTable;
import dev.kindling.linalg.Require;
import dev.kindling.ml.MlpClassificationModel;
import dev.kindling.ml.MlpClassifier;
import dev.kindling.ml.MlpEstimatorParams;
import dev.kindling.ml.MlpRegressionModel;
import dev.kindling.ml.MlpRegressor;
import dev.kindling.ml.TrainingSummary;
import dev.kindling.tensorboard.TensorBoard;
import dev.kindling.train.TrainListener;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.spark.ml.Transformer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Trains a network on a file and saves it. */
@Command(
        name = "train",
        description = {"Trains a network and saves it.", ""},
        mixinStandardHelpOptions = true,
        abbreviateSynopsis = true,
        sortOptions = false,
        defaultValueProvider = EstimatorOptions.Defaults.class)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class TrainCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private TrainingInput input = new TrainingInput();

    @Mixin
    private EstimatorOptions options = new EstimatorOptions();

    @Option(names = "--model", required = true, paramLabel = "DIR", description = "Where to save the model")
    private String model;

    @Option(names = "--metrics", paramLabel = "FILE", description = "Where to write a JSON with all figures")
    @Nullable
    private String metrics;

    @Option(
            names = "--tensorboard",
            paramLabel = "DIR",
            description = "Folder of this run for event files, which TensorBoard shows while it trains")
    @Nullable
    private String tensorboard;

    @Option(
            names = "--report",
            paramLabel = "FILE.html",
            description =
                    "Where to write a page on the run: its course, weights and time, and what the model makes of"
                            + " the test rows or, without, of those it was trained on; after a failure, what was seen until then")
    @Nullable
    private String report;

    @Option(
            names = "--resume",
            description =
                    "Goes on from the newest checkpoint in --checkpoint, to the same bits as if never interrupted;"
                            + " begins where there is none")
    private boolean resume;

    @Mixin
    private Redaction redaction = new Redaction();

    @Option(
            names = "--overwrite",
            description = "Replaces a model that is at --model and, without --resume, the events at --tensorboard")
    private boolean overwrite;

    @Override
    public Integer call() throws IOException {
        MlpEstimatorParams<?> estimator = input.estimator(options);

        SparkSession spark = Main.spark(spec);
        redaction.applyTo(spark);
        Storage target = Storage.of(spark, model);
        target.requireFree("--model", overwrite, SavedModel::isModel, "a model of kindling train");
        Storage metricsTarget = Storage.file(spark, "--metrics", metrics);
        RunReport page = RunReport.at(spark, report);
        requireCheckpointFolder(spark);
        requireEventFolder(spark);
        DataSource testSource = input.testPath == null ? null : DataSource.of(spark, input.testPath, input.format);
        PrintWriter out = spec.commandLine().getOut();
        TrainingInput.Rows rows = input.read(spark, options.seed, out);
        InputColumns inputs = rows.inputs();
        TypedTable table = rows.table();
        Preprocessor preprocessor = Preprocessor.fit(inputs, table.typed());
        Dataset<Row> testing = rows.testing();
        if (testSource != null) {
            DataSource.Data testData = testSource.forModel(rows.data().vectorSize(), true);
            TypedTable testTable = TypedTable.of(testData, inputs);
            RowCheck.count(testSource, testData, testTable, preprocessor.categories());
            testing = testTable.typed();
        }
        List<TrainListener> watchers = new ArrayList<>();
        if (tensorboard != null) {
            watchers.add(resume ? new TensorBoard(tensorboard) : TensorBoard.replacing(tensorboard));
        }
        if (page != null) {
            watchers.add(page.listener(rows.source(), spec));
        }
        try {
            preprocessor.feed(estimator, inputs);
            Transformer network = fit(estimator, preprocessor.apply(rows.training()), watchers);
            SavedModel saved = new SavedModel(input.task, inputs, preprocessor, network);
            Scores tested = testing == null ? null : Scores.of(saved, preprocessor.apply(testing));
            target.replace(folder -> saved.save(folder, rows.training()));
            MetricsFile figures = report(out, network, tested);
            out.println("model saved in " + target);
            figures.write(metricsTarget);
            if (page != null) {
                Dataset<Row> shown = preprocessor.apply(testing == null ? rows.training() : testing);
                page.write(saved, shown, tested == null ? Scores.of(saved, shown) : tested, tested == null);
            }
        } catch (Throwable e) {
            if (page != null) {
                page.writeAfter(e, Redaction.isAskedFor(spec.commandLine()));
            }
            throw e;
        }
        return Main.DONE;
    }

    private void requireCheckpointFolder(SparkSession spark) throws IOException {
        if (options.checkpoint == null) {
            Require.that(!resume, "--resume needs --checkpoint with the folder to go on from");
            return;
        }
        Storage folder = Storage.of(spark, options.checkpoint);
        folder.requireFolder("--checkpoint");
        Require.that(
                resume || folder.names().stream().noneMatch(CheckpointPolicy::isCheckpoint),
                "--checkpoint must name a folder without checkpoints, but " + folder
                        + " has some; --resume goes on from them");
    }

    private void requireEventFolder(SparkSession spark) throws IOException {
        if (tensorboard != null) {
            Storage.of(spark, tensorboard)
                    .requireFree("--tensorboard", overwrite || resume, TensorBoard::isRun, "a run's events");
        }
    }

    private static Transformer fit(MlpEstimatorParams<?> estimator, Dataset<Row> rows, List<TrainListener> watchers) {
        TrainListener listener = TrainListener.all(watchers.toArray(new TrainListener[0]));
        return estimator instanceof MlpClassifier classifier
                ? classifier.setListener(listener).fit(rows)
                : ((MlpRegressor) estimator).setListener(listener).fit(rows);
    }

    private MetricsFile report(PrintWriter out, Transformer network, @Nullable Scores tested) {
        TrainingSummary summary = summary(network);
        boolean keepsBest = summary.validationRows() > 0 || options.patience > 0;
        List<Epoch> history = summary.history();
        Epoch kept = history.get((keepsBest ? summary.bestEpoch() : history.size()) - 1);
        MetricsFile file = network instanceof MlpClassificationModel classifier
                ? new MetricsFile().training(summary, kept.number(), classifier.shards(), classifier.gemm())
                : new MetricsFile()
                        .training(
                                summary,
                                kept.number(),
                                ((MlpRegressionModel) network).shards(),
                                ((MlpRegressionModel) network).gemm());
        out.println(String.format(
                Locale.ROOT,
                "%d epochs, %,d steps in %.1f s; median epoch %.3f s",
                history.size(),
                summary.steps(),
                summary.seconds(),
                summary.secondsPerEpoch()));
        Scores trained = Scores.of(kept.trainingLoss(), summary.metric(), kept.trainingMetric());
        trained.print(out, "train");
        file.scores("train", trained);
        if (summary.validationRows() > 0) {
            Scores validated = Scores.of(kept.validationLoss(), summary.metric(), kept.validationMetric());
            validated.print(out, "validation");
            file.scores("validation", validated);
        }
        if (tested != null) {
            tested.print(out, "test");
            tested.printConfusion(out);
            file.scores("test", tested);
        }
        return file;
    }

    private static TrainingSummary summary(Transformer network) {
        return network instanceof MlpClassificationModel classifier
                ? classifier.summary().orElseThrow()
                : ((MlpRegressionModel) network).summary().orElseThrow();
    }
}
