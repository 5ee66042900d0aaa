package dev.kindling.train;

import dev.kindling.checkpoint.CheckpointStore;
import dev.kindling.checkpoint.Epoch;
import dev.kindling.checkpoint.TrainState;
import dev.kindling.engine.GradientSum;
import dev.kindling.engine.ShardRequest;
import dev.kindling.engine.ShardWork;
import dev.kindling.engine.StepTimes;
import dev.kindling.linalg.Require;
import dev.kindling.loss.Metric;
import org.jspecify.annotations.Nullable;

/** One run over one set of shards: epochs until the last, early stopping, convergence or divergence. */
final class TrainingLoop {
    private final ShardWork work;
    private final EpochStrategy strategy;
    private final RunConfig run;
    private final TrainOptions options;
    private final Metric metric;
    private final boolean validates;
    private final TrainListener listener;
    private final CheckpointStore checkpoints;
    private final RunMetrics metrics;

    // The epoch's sums up to the last step.
    private double lossBefore;
    private double weightBefore;

    TrainingLoop(
            ShardWork work,
            EpochStrategy strategy,
            RunConfig run,
            boolean validates,
            TrainListener listener,
            CheckpointStore checkpoints,
            RunMetrics metrics) {
        this.work = work;
        this.strategy = strategy;
        this.run = run;
        this.options = run.options();
        this.metric = run.metric();
        this.validates = validates;
        this.listener = listener;
        this.checkpoints = checkpoints;
        this.metrics = metrics;
    }

    void train(TrainState state) {
        while (state.epoch < options.epochs() && state.stopReason == null) {
            long start = System.nanoTime();
            work.meter().start();
            announce(state);
            metrics.beginEpoch(state);
            lossBefore = state.sums.loss;
            weightBefore = state.sums.weight;
            EpochStrategy.Progress progress = strategy.epoch(state, () -> between(state));
            StepTimes stepTimes = work.meter().perStep(progress.timed());
            double trained = seconds(start);
            GradientSum sums = state.sums;
            GradientSum validation =
                    validates ? work.sum(new ShardRequest.Validation(), state.current()) : new GradientSum(0);
            // a NaN would look like an epoch without validation
            DivergenceException.requireFinite(validation.loss, state, state.learningRate);
            Epoch epoch = new Epoch(
                    state.epoch + 1,
                    sums.loss / sums.weight,
                    sums.of(metric),
                    validation.loss / validation.weight, // NaN without validation rows
                    validation.of(metric),
                    state.learningRate,
                    state.gradientNorm,
                    progress.steps(),
                    trained,
                    seconds(start),
                    stepTimes);
            requireDefined(epoch);
            metrics.endEpoch(epoch);
            state.endEpoch(epoch);
            boolean stops = judge(state, epoch);
            options.plateau().observe(run.cost(epoch), state.plateau);
            state.stopReason = reason(state, stops, progress.converged());
            listener.ended(epoch, state.current());
            checkpoints.ended(state);
        }
    }

    private void between(TrainState state) {
        metrics.step(state);
        double weight = state.sums.weight - weightBefore;
        double loss = (state.sums.loss - lossBefore) / weight;
        listener.stepped(new Step(state.step, loss, state.learningRate, state.gradientNorm));
        lossBefore = state.sums.loss;
        weightBefore = state.sums.weight;
        checkpoints.between(state);
        announce(state);
    }

    private void announce(TrainState state) {
        work.announce(() -> {
            String loss = state.sums.weight > 0 ? " loss " + (float) (state.sums.loss / state.sums.weight) : "";
            return "epoch " + (state.epoch + 1) + "/" + options.epochs() + " step " + (state.taken + 1) + loss;
        });
    }

    private TrainState.@Nullable StopReason reason(TrainState state, boolean stops, boolean converged) {
        if (stops) {
            return TrainState.StopReason.EARLY_STOPPING;
        }
        if (converged) {
            return TrainState.StopReason.CONVERGED;
        }
        return state.epoch == options.epochs() ? TrainState.StopReason.EPOCHS : null;
    }

    /** Nothing is better than NaN. Whether a metric is defined depends on the labels, so the first epoch tells. */
    private void requireDefined(Epoch epoch) {
        Require.that(
                !Double.isNaN(run.cost(epoch)),
                "monitor " + run.monitor() + " needs rows of every class, but the rows to "
                        + (validates ? "validate" : "train") + " on lack one: use logLoss"
                        + (validates ? ", or set more rows aside" : ""));
    }

    /** Keeps the best parameters, and decides whether to stop. */
    private boolean judge(TrainState state, Epoch epoch) {
        EarlyStopping stopping = options.earlyStopping();
        double cost = run.cost(epoch);
        if (state.bestEpoch == 0 || cost < state.bestCost - stopping.minDelta()) {
            state.bestCost = cost;
            state.bestEpoch = epoch.number();
            if (epoch.isValidated() || stopping.patience() > 0) {
                state.bestParameters = state.current().clone();
            }
        }
        return stopping.stops(epoch.number() - state.bestEpoch);
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
