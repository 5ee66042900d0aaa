package dev.kindling.job;

import dev.kindling.checkpoint.CheckpointPolicy;
import dev.kindling.checkpoint.Epoch;
import dev.kindling.job.io.SavedModel;
import dev.kindling.job.scores.MetricsFile;
import dev.kindling.job.scores.RunReport;
import dev.kindling.job.scores.Scores;
import dev.kindling.job.storage.OwnFile;
import dev.kindling.job.storage.PathCheck;
import dev.kindling.job.storage.Storage;
import dev.kindling.ml.MlpEstimatorParams;
import dev.kindling.ml.MlpModel;
import dev.kindling.ml.TrainingSummary;
import dev.kindling.tensorboard.TensorBoard;
import dev.kindling.train.TrainListener;
import dev.kindling.train.scale.ScalePlan;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.spark.ml.Predictor;
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

/** Trains a network on a file, tests it and saves it. */
@Command(
        name = "train",
        description = {"Trains a network, tests it and saves it.", ""},
        mixinStandardHelpOptions = true,
        abbreviateSynopsis = true,
        sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class TrainCommand implements Callable<Integer> {
    private static final String NOT_SAVED = "the model is not saved: --model DIR keeps it";

    @Spec
    private CommandSpec spec;

    @Mixin
    private TrainingInput input = new TrainingInput();

    @Option(
            names = "--model",
            paramLabel = "DIR",
            description = "Where to save the model; without it, the model is tested and not kept")
    @Nullable
    private String model;

    @Option(names = "--metrics", paramLabel = "FILE", description = "Where to write all metrics as JSON")
    @Nullable
    private String metrics;

    @Option(
            names = "--tensorboard",
            paramLabel = "DIR",
            description = "Folder for this run's event files, which TensorBoard can show during training")
    @Nullable
    private String tensorboard;

    @Option(
            names = "--report",
            paramLabel = "FILE.html",
            description = "Where to write a report of the run: learning curves, weights, time, and predictions on the"
                    + " test rows or, without any, on the training rows; after a failure, what is known until then")
    @Nullable
    private String report;

    @Mixin
    private Resume resume = new Resume();

    @Mixin
    private Redaction redaction = new Redaction();

    @Option(
            names = "--overwrite",
            description =
                    "Replace an existing model at --model, Kindling's own files at --metrics and --report and, without"
                            + " --resume, the events at --tensorboard; nothing else is ever replaced")
    private boolean overwrite;

    @Option(
            names = "--dry-run-scale",
            paramLabel = "N",
            description = "Trains and writes nothing: measures steps, jobs and messages for a minute, and predicts the"
                    + " seconds of an epoch on 1 to N executors")
    @Nullable
    private Integer executors;

    @Override
    public Integer call() throws IOException {
        long start = System.nanoTime();
        PrintWriter out = spec.commandLine().getOut();
        if (executors != null) {
            ScalePlan.requireCount(executors);
        }
        MlpEstimatorParams<?> estimator = input.estimator(() -> Main.spark(spec), out);
        estimator.checkParams();

        SparkSession spark = Main.spark(spec);
        redaction.applyTo(spark);
        if (executors != null) {
            out.println(estimator.scalePlan(input.read(spark, estimator, out).preparedTraining(), executors));
            return Main.DONE;
        }
        Storage target =
                Storage.folder(spark, "--model", model, overwrite, SavedModel::isModel, "a model of kindling train");
        if (target == null) {
            out.println(NOT_SAVED);
        }
        Storage metricsTarget = Storage.file(spark, "--metrics", metrics, overwrite, OwnFile.FIGURES);
        RunReport page = RunReport.at(spark, report, overwrite);
        input.reads(spark, new PathCheck())
                .replaces("--model", target)
                .replaces("--metrics", metricsTarget)
                .replaces("--report", page == null ? null : page.target())
                .addsTo(
                        "--checkpoint",
                        resume.folder(
                                spark,
                                estimator,
                                "a folder without checkpoints",
                                "has some; --resume continues from them",
                                CheckpointPolicy::isCheckpoint))
                .addsTo("--tensorboard", eventFolder(spark))
                .requireApart();
        TrainingInput.Rows rows = input.read(spark, estimator, out);
        out.println(EstimatorOptions.preset(estimator));
        List<TrainListener> watchers = new ArrayList<>();
        if (tensorboard != null) {
            watchers.add(resume.isAskedFor() ? new TensorBoard(tensorboard) : TensorBoard.replacing(tensorboard));
        }
        if (page != null) {
            watchers.add(page.listener(rows.source(), spec, Redaction.isAskedFor(spec.commandLine())));
        }
        try {
            MlpModel network = fit(estimator, rows.preparedTraining(), watchers);
            SavedModel saved = input.save(rows, (Transformer) network, target);
            try {
                Dataset<Row> testing = rows.preparedTesting();
                Scores tested = testing == null ? null : Scores.of(saved, testing);
                boolean stops = estimator.isSet(estimator.patience()) && estimator.getPatience() > 0;
                report(out, network, stops, tested).write(metricsTarget);
                if (page != null) {
                    Dataset<Row> shown = testing == null ? rows.preparedTraining() : testing;
                    page.write(saved, shown, tested == null ? Scores.of(saved, shown) : tested, tested == null);
                }
            } finally {
                // a failure to test it or to report leaves it there
                out.println(target == null ? NOT_SAVED : "model saved in " + target);
            }
        } catch (Throwable e) {
            if (page != null) {
                page.writeAfter(e, Redaction.isAskedFor(spec.commandLine()));
            }
            throw e;
        }
        out.println(String.format(Locale.ROOT, "whole command %.1f s", (System.nanoTime() - start) / 1e9));
        return Main.DONE;
    }

    private @Nullable Storage eventFolder(SparkSession spark) throws IOException {
        return Storage.folder(
                spark,
                "--tensorboard",
                tensorboard,
                overwrite || resume.isAskedFor(),
                files -> TensorBoard.isRun(Storage.topLevel(files)),
                "a run's events");
    }

    private static MlpModel fit(MlpEstimatorParams<?> estimator, Dataset<Row> rows, List<TrainListener> watchers) {
        TrainListener listener = TrainListener.all(watchers.toArray(new TrainListener[0]));
        return (MlpModel) ((Predictor<?, ?, ?>) estimator.setListener(listener)).fit(rows);
    }

    /** @param stopsEarly so that the best epoch is kept, even without rows to validate on */
    private MetricsFile report(PrintWriter out, MlpModel network, boolean stopsEarly, @Nullable Scores tested) {
        TrainingSummary summary = network.summary().orElseThrow();
        boolean keepsBest = summary.validationRows() > 0 || stopsEarly;
        List<Epoch> history = summary.history();
        Epoch kept = history.get((keepsBest ? summary.bestEpoch() : history.size()) - 1);
        MetricsFile file = new MetricsFile().training(summary, kept.number(), network.shards(), network.gemm());
        out.println(String.format(
                Locale.ROOT,
                "%s%d epochs, %,d steps: fit %.1f s, of which epochs %.1f s; median epoch %.3f s",
                network.numMembers() == 1 ? "" : "the first of " + network.numMembers() + " networks: ",
                history.size(),
                summary.steps(),
                summary.seconds(),
                history.stream().mapToDouble(Epoch::seconds).sum(),
                summary.secondsPerEpoch()));
        Scores trained = Scores.of(kept.trainingLoss(), summary.metric(), kept.trainingMetric());
        if (keepsBest && kept.number() < history.size()) {
            out.println("kept the weights of epoch " + kept.number() + ", the best by "
                    + (summary.validationRows() > 0 ? "validation" : "training") + " loss");
        }
        trained.print(out, "train");
        file.scores("train", trained);
        if (summary.validationRows() > 0) {
            Scores validated = Scores.of(summary.validationLoss(), summary.metric(), summary.validationMetric());
            validated.print(out, "validation");
            file.scores("validation", validated);
        }
        if (tested != null) {
            tested.print(out, "test");
            tested.printClasses(out);
            file.scores("test", tested);
        }
        return file;
    }
}
