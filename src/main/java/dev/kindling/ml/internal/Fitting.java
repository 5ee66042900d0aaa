package dev.kindling.ml.internal;

import dev.kindling.check.Checkup;
import dev.kindling.check.Doctor;
import dev.kindling.check.Finding;
import dev.kindling.check.LearningRateRange;
import dev.kindling.checkpoint.CheckpointPolicy;
import dev.kindling.checkpoint.Epoch;
import dev.kindling.checkpoint.TrainState;
import dev.kindling.data.Shards;
import dev.kindling.engine.GemmBackend;
import dev.kindling.live.LiveFit;
import dev.kindling.ml.columns.FeatureRows;
import dev.kindling.ml.params.MlpParams;
import dev.kindling.model.NetworkDescription;
import dev.kindling.model.TrainingFacts;
import dev.kindling.nn.ensemble.Ensemble;
import dev.kindling.spark.SparkLine;
import dev.kindling.train.ProgressLog;
import dev.kindling.train.RunConfig;
import dev.kindling.train.TargetOutliers;
import dev.kindling.train.TrainListener;
import dev.kindling.train.TrainOptions;
import dev.kindling.train.Trainer;
import dev.kindling.train.ensemble.EnsembleTrainer;
import dev.kindling.train.ensemble.FirstFailure;
import dev.kindling.train.ensemble.OwnFolds;
import dev.kindling.train.ensemble.Temperature;
import dev.kindling.train.ensemble.ValidationScore;
import dev.kindling.train.scale.ScalePlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.spark.ml.Predictor;
import org.apache.spark.sql.Dataset;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One fit: from a dataset and the estimator's params to a trained network. It leaves nothing in the cache. */
public final class Fitting {
    private static final Logger LOG = LoggerFactory.getLogger("dev.kindling.progress");

    private Fitting() {}

    public static FitResult run(
            Dataset<?> dataset, MlpParams params, String features, String label, @Nullable TrainListener listener) {
        long start = System.nanoTime();
        try (Training training = Training.open(dataset, params, features, label)) {
            RunConfig run = training.run;
            training.params.leftOut(run.network()).forEach(LOG::info);
            Shards shards = training.shards;
            TargetOutliers.advice(shards, run.loss()).ifPresent(LOG::warn);
            List<String> backends = GemmBackend.inUse(shards.rdd(), run.gemm());
            LiveFit live = new LiveFit(dataset.sparkSession().sparkContext(), params.uid());
            TrainListener all = listeners(live, listener);
            all.columns(training.notes);
            List<TrainState> states = train(training, params.own().isOfCopy(), all);
            TrainState state = states.get(0);
            float[] parameters = joined(states);
            Ensemble ensemble = ensemble(training, parameters);
            ValidationScore validation = validation(training, ensemble, parameters, states);
            TrainingFacts facts = new TrainingFacts(
                    SparkLine.BUILT.version(),
                    shards.rows(),
                    shards.validationRows(),
                    state.history().size(),
                    state.bestEpoch(),
                    stopReason(state),
                    validation.loss(),
                    run.metric().name(),
                    validation.metric(),
                    training.features);
            return new FitResult(
                    new NetworkWeights(
                            new NetworkDescription(
                                    ensemble, training.classes(), run.gemm(), shards.count(), shards.offsets(), facts),
                            parameters),
                    run.metric().name(),
                    run.monitor().toString(),
                    state.history(),
                    shards.rows(),
                    shards.validationRows(),
                    validation,
                    state.bestEpoch(),
                    stopReason(state),
                    backends,
                    (System.nanoTime() - start) / 1e9,
                    training.vectorizer);
        }
    }

    /** Trains all members; the listener hears of the first. */
    private static List<TrainState> train(Training training, boolean isCopy, TrainListener listener) {
        Shards shards = training.shards;
        FirstFailure failure = new FirstFailure();
        Trainer first = new Trainer(training.run, failure.of(listener));
        float[] initial = training.initial(0);
        // CrossValidator and others fit copies, many with one checkpointDir
        String folder = isCopy ? "/fit-" + first.name(shards, initial) : "";
        int members = training.members();
        if (members == 1) {
            return List.of(first.fit(shards, initial, training.params.checkpoints(folder)));
        }
        TrainOptions options = training.run.options();
        LOG.info(
                "training {} networks at once, with seeds {} to {}; what follows is the first one's",
                members,
                options.seed(),
                options.seed() + members - 1);
        OwnFolds folds = training.folds();
        List<EnsembleTrainer.Member> all = new ArrayList<>();
        for (int k = 0; k < members; k++) {
            RunConfig run = training.run.withOptions(options.withSeed(options.seed() + k));
            all.add(new EnsembleTrainer.Member(
                    k == 0 ? first : new Trainer(run, failure.ofOther()),
                    folds.of(k),
                    training.initial(k),
                    training.params.checkpoints(folder + "/" + CheckpointPolicy.ofMember(k))));
        }
        return EnsembleTrainer.fit(shards, options.aggregationDepth(), all, failure);
    }

    /** The members' parameters, one after the other. */
    private static float[] joined(List<TrainState> states) {
        float[] first = states.get(0).result();
        float[] all = Arrays.copyOf(first, Math.multiplyExact(states.size(), first.length));
        for (int k = 1; k < states.size(); k++) {
            System.arraycopy(states.get(k).result(), 0, all, k * first.length, first.length);
        }
        return all;
    }

    /** The ensemble, with a temperature if one is asked for. */
    private static Ensemble ensemble(Training training, float[] parameters) {
        RunConfig run = training.run;
        Ensemble plain = new Ensemble(run.network(), run.loss(), training.members(), 1);
        if (!training.params.calibrates()) {
            return plain;
        }
        double temperature = Temperature.fit(training.shards, plain, parameters, run.gemm());
        LOG.info(
                String.format(Locale.ROOT, "calibrated: the logits are divided by a temperature of %.4f", temperature));
        return plain.withTemperature(temperature);
    }

    /** Of networks as they were trained, each on rows it has not seen, the mean score of their epochs. */
    private static ValidationScore validation(
            Training training, Ensemble ensemble, float[] parameters, List<TrainState> states) {
        RunConfig run = training.run;
        if (!ensemble.isPlain() && training.folds().isNone()) {
            return ValidationScore.of(training.shards, ensemble, parameters, run.gemm(), run.metric());
        }
        return ValidationScore.mean(states.stream().map(Fitting::validation).toList());
    }

    private static ValidationScore validation(TrainState state) {
        List<Epoch> history = state.history();
        if (history.isEmpty()) {
            return new ValidationScore(Double.NaN, Double.NaN);
        }
        Epoch kept = history.get((state.bestParameters == null ? history.size() : state.bestEpoch()) - 1);
        return new ValidationScore(kept.validationLoss(), kept.validationMetric());
    }

    /** The losses of growing learning rates, of the network that would be trained. */
    public static LearningRateRange learningRateRange(Dataset<?> dataset, MlpParams params) {
        Predictor<?, ?, ?> columns = columns(dataset, params);
        try (Training training = Training.open(dataset, params, columns.getFeaturesCol(), columns.getLabelCol())) {
            return LearningRateRange.of(training.shards, training.run, training.initial(0));
        }
    }

    /** How long the run would take on up to so many executors. */
    public static ScalePlan scalePlan(Dataset<?> dataset, MlpParams params, int executors) {
        ScalePlan.requireCount(executors);
        Predictor<?, ?, ?> columns = columns(dataset, params);
        try (Training training = Training.open(dataset, params, columns.getFeaturesCol(), columns.getLabelCol())) {
            return ScalePlan.of(training.shards, training.run, training.initial(0), training.members(), executors);
        }
    }

    /** The estimator, which knows its columns; the rows must have them. */
    private static Predictor<?, ?, ?> columns(Dataset<?> dataset, MlpParams params) {
        Predictor<?, ?, ?> estimator = (Predictor<?, ?, ?>) params;
        estimator.transformSchema(dataset.schema());
        return estimator;
    }

    /**
     * What is wrong with data and network before training.
     *
     * @param test rows to test on; null without any
     * @param most rows to look at
     */
    public static Checkup check(Dataset<?> dataset, @Nullable Dataset<?> test, MlpParams params, long most) {
        Predictor<?, ?, ?> columns = columns(dataset, params);
        String label = columns.getLabelCol();
        FeatureRows in = FeatureRows.learn(dataset, params, columns.getFeaturesCol(), label);
        DatasetCheck source = new DatasetCheck(
                in.rows(), test == null ? null : in.with(test).rows(), params, in.features(), label, most);
        List<Finding> found = new ArrayList<>(source.rows());
        if (source.fillable() == 0) {
            return new Checkup(found);
        }
        Dataset<?> rows = source.sample();
        FeatureRows sample = new FeatureRows(rows, in.features(), in.vectorizer());
        try (Training training = Training.open(sample, params, label, source.filling(rows))) {
            Doctor doctor = new Doctor(
                    training.shards,
                    training.run,
                    training.initial(0),
                    LabelledRows.featureNames(in.rows().schema(), in.features()),
                    LabelledRows.featureColumns(in.rows().schema(), in.features()),
                    LabelledRows.classNames(dataset.schema(), label),
                    source::isMissing,
                    training.notes);
            found.addAll(doctor.ofData());
            training.params
                    .leftOut(training.run.network())
                    .forEach(sentence -> found.add(Finding.ok("embedding", sentence)));
            found.add(source.partitions());
            found.add(source.split());
            found.addAll(doctor.ofNetwork(source.share(), training.members(source.share())));
            return new Checkup(found);
        }
    }

    private static TrainListener listeners(LiveFit live, @Nullable TrainListener own) {
        return own == null
                ? TrainListener.all(new ProgressLog(), live)
                : TrainListener.all(new ProgressLog(), live, own);
    }

    private static String stopReason(TrainState state) {
        return switch (state.stopReason()) {
            case EPOCHS -> "epochs";
            case EARLY_STOPPING -> "earlyStopping";
            case CONVERGED -> "converged";
        };
    }
}
