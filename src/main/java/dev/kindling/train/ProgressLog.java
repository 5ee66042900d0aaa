package dev.kindling.train;

import dev.kindling.checkpoint.Epoch;
import dev.kindling.checkpoint.TrainState;
import dev.kindling.data.Shards;
import dev.kindling.engine.ExecutionMode;
import dev.kindling.engine.GemmBackend;
import dev.kindling.engine.StepTimes;
import dev.kindling.optim.FirstOrder;
import dev.kindling.optim.Optimizer;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one line per epoch to the logger {@code dev.kindling.progress}, at level INFO: loss, metric, rows per second and
 * the time left. Within a long epoch, it tells of a step every ten seconds. Plain lines suit terminals, files and notebooks. In a long run it also warns if another GEMM backend
 * would be much faster.
 */
public final class ProgressLog implements TrainListener {
    private static final Logger LOG = LoggerFactory.getLogger("dev.kindling.progress");

    /** Comparing GEMM backends takes up to two seconds, because some must be compiled; a shorter run would gain nothing. */
    private static final double SECONDS_TO_COMPARE = 20;

    /** Within a long epoch, a line at the earliest after so many seconds without one. */
    private static final double SECONDS_OF_SILENCE = 10;

    /** A shorter run needs no advice. */
    private static final double SECONDS_TO_ADVISE = 5;

    private final LongSupplier nanos;
    private @Nullable RunConfig run;
    private @Nullable ExecutionMode place;
    private boolean movesUntouched;
    private int shards;
    private long rows;
    private int epochs;
    private String metric = "";
    private String monitor = "";
    private double secondsTaken;
    private int epochsBefore; // in the checkpoint that the run was resumed from
    private long steps; // of an epoch
    private long told; // the time of the last line

    public ProgressLog() {
        this(System::nanoTime);
    }

    /** @param nanos the time */
    ProgressLog(LongSupplier nanos) {
        this.nanos = nanos;
    }

    @Override
    public void started(RunConfig run, Shards shards, ExecutionMode place) {
        if (!LOG.isInfoEnabled()) {
            return;
        }
        this.run = run;
        this.place = place;
        this.shards = shards.count();
        movesUntouched = TouchedSteps.moveUntouched(run, shards);
        rows = shards.rows();
        epochs = run.options().epochs();
        metric = run.metric().name();
        monitor = run.monitor().toString();
        LOG.info(format(
                "network %s (%,d parameters)", run.network(), run.network().parameterCount()));
        shards.unusedClass()
                .ifPresent(unused -> LOG.warn(format(
                        "no row has the class %d, but the network has an output for it, because the largest label is %d:"
                                + " StringIndexer makes labels without gaps",
                        unused, shards.classes() - 1)));
        LOG.info(format(
                "training on %,d rows%s in %,d shards, %s; %s; %s, %s",
                rows,
                shards.validationRows() == 0 ? "" : format(", validating on %,d", shards.validationRows()),
                shards.count(),
                run.rule().optimizer() instanceof Optimizer.Lbfgs
                        ? "all rows at once"
                        : format("batches of %,d", run.options().batchSize()),
                run.rule(),
                GemmBackend.describe(run.gemm()),
                place));
        steps = run.stepsPerEpoch(rows);
        told = nanos.getAsLong();
    }

    @Override
    public void resumed(String checkpoint, TrainState state) {
        epochsBefore = state.epoch;
        LOG.info(format(
                "resuming from checkpoint %s: %s",
                checkpoint,
                state.stopReason != null
                        ? "training had already finished"
                        : format("%d epochs and %,d steps are done", state.epoch, state.step)));
    }

    @Override
    public void stepped(Step step) {
        long now = nanos.getAsLong();
        if ((now - told) / 1e9 < SECONDS_OF_SILENCE || !LOG.isInfoEnabled()) {
            return;
        }
        told = now;
        long before = step.number() - 1;
        LOG.info(format(
                "epoch %d/%d  step %,d of %,d  loss %.4f",
                before / steps + 1, epochs, before % steps + 1, steps, step.loss()));
    }

    @Override
    public void ended(Epoch epoch) {
        if (!LOG.isInfoEnabled()) {
            return;
        }
        secondsTaken += epoch.seconds();
        int width = Integer.toString(epochs).length();
        StringBuilder line = new StringBuilder();
        line.append(format("epoch %" + width + "d/%d", epoch.number(), epochs));
        line.append(format("  loss %.4f  %s %.4f", epoch.trainingLoss(), metric, epoch.trainingMetric()));
        if (epoch.isValidated()) {
            line.append(
                    format("  val loss %.4f  val %s %.4f", epoch.validationLoss(), metric, epoch.validationMetric()));
        }
        line.append(format("  %,.0f rows/s  %.2f s", rows / epoch.trainingSeconds(), epoch.seconds()));
        if (epoch.number() < epochs) {
            long left = Math.round(secondsTaken / (epoch.number() - epochsBefore) * (epochs - epoch.number()));
            line.append(format("  ETA %d:%02d", left / 60, left % 60));
        }
        LOG.info(line.toString());
        told = nanos.getAsLong();
        if (run != null && secondsTaken > SECONDS_TO_COMPARE) {
            GemmBackend.compare(run.gemm());
        }
    }

    @Override
    public void finished(TrainState state) {
        if (state.stopReason() == TrainState.StopReason.EARLY_STOPPING) {
            LOG.info(format(
                    "stopped early: no better %s since epoch %d of %d",
                    monitor, state.bestEpoch(), state.history().size()));
        }
        if (state.stopReason() == TrainState.StopReason.CONVERGED) {
            LOG.info(format("converged after %d epochs", state.history().size()));
        }
        if (state.bestParameters != null && state.bestEpoch() < state.history().size()) {
            LOG.info(format("keeping the weights of epoch %d", state.bestEpoch()));
        }
        if (run != null && place != null && !state.history().isEmpty()) {
            told(Epoch.meanStepTimes(state.history()), run, place);
        }
    }

    private void told(StepTimes step, RunConfig ended, ExecutionMode where) {
        LOG.info(format(
                "a step took %.2f ms: schedule %.2f, broadcast %.2f, compute %.2f, reduce %.2f, update %.2f",
                step.total(), step.schedule(), step.broadcast(), step.compute(), step.reduce(), step.update()));
        if (secondsTaken > SECONDS_TO_ADVISE) {
            boolean batched = ended.rule().optimizer() instanceof FirstOrder;
            Advice.of(step, where, ended.options(), movesUntouched, batched, shards, rows)
                    .ifPresent(advice -> LOG.info("to be faster: {}", advice));
        }
    }

    private static String format(String pattern, Object... arguments) {
        return String.format(Locale.ROOT, pattern, arguments);
    }
}
