package dev.kindling.ml.internal;

import dev.kindling.check.Checkup;
import dev.kindling.check.Doctor;
import dev.kindling.check.Finding;
import dev.kindling.check.LearningRateRange;
import dev.kindling.checkpoint.TrainState;
import dev.kindling.data.Shards;
import dev.kindling.engine.GemmBackend;
import dev.kindling.live.LiveFit;
import dev.kindling.ml.columns.FeatureRows;
import dev.kindling.ml.params.MlpParams;
import dev.kindling.train.ProgressLog;
import dev.kindling.train.RunConfig;
import dev.kindling.train.TrainListener;
import dev.kindling.train.Trainer;
import java.util.ArrayList;
import java.util.List;
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
            List<String> backends = GemmBackend.inUse(shards.rdd(), run.gemm());
            LiveFit live = new LiveFit(dataset.sparkSession().sparkContext(), params.uid());
            TrainListener all = listeners(live, listener);
            all.columns(training.notes);
            Trainer trainer = new Trainer(run, all);
            float[] initial = training.initial();
            // CrossValidator and others fit copies, many with one checkpointDir
            String subfolder = params.own().isOfCopy() ? "/fit-" + trainer.name(shards, initial) : "";
            TrainState state = trainer.fit(shards, initial, training.params.checkpoints(subfolder));
            return new FitResult(
                    new NetworkWeights(
                            run.network(),
                            run.loss(),
                            state.result(),
                            training.classes(),
                            run.gemm(),
                            shards.count(),
                            shards.offsets()),
                    run.metric().name(),
                    run.monitor().toString(),
                    state.history(),
                    shards.rows(),
                    shards.validationRows(),
                    state.bestEpoch(),
                    stopReason(state),
                    backends,
                    (System.nanoTime() - start) / 1e9,
                    training.vectorizer);
        }
    }

    /** The losses of growing learning rates, of the network that would be trained. */
    public static LearningRateRange learningRateRange(
            Dataset<?> dataset, MlpParams params, String features, String label) {
        try (Training training = Training.open(dataset, params, features, label)) {
            return LearningRateRange.of(training.shards, training.run, training.initial());
        }
    }

    /**
     * What is wrong with data and network before training.
     *
     * @param test rows to test on; null without any
     * @param most rows to look at
     */
    public static Checkup check(
            Dataset<?> dataset, @Nullable Dataset<?> test, MlpParams params, String features, String label, long most) {
        FeatureRows in = FeatureRows.learn(dataset, params, features, label);
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
                    training.initial(),
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
            found.addAll(doctor.ofNetwork(source.share()));
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
