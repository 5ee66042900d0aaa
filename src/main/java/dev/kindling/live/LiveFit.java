package dev.kindling.live;

import dev.kindling.checkpoint.Epoch;
import dev.kindling.checkpoint.TrainState;
import dev.kindling.data.Shards;
import dev.kindling.engine.ExecutionMode;
import dev.kindling.optim.Optimizer;
import dev.kindling.spec.Spec;
import dev.kindling.train.RunConfig;
import dev.kindling.train.Step;
import dev.kindling.train.TrainListener;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts a fit's events to Spark's listeners, and adds a tab with all fits to Spark's UI. An error in that never reaches
 * the fit; it is logged once. The Spark property {@code spark.kindling.ui}, set to {@code false}, switches it off.
 */
public final class LiveFit implements TrainListener {
    /** The Spark property that switches it off. */
    static final String PROPERTY = "spark.kindling.ui";

    private static final Logger LOG = LoggerFactory.getLogger(LiveFit.class);
    private static final int MILLIS_BETWEEN_STEPS = 1000;
    private static final int LONGEST_SENTENCE = 1000;

    private final SparkContext context;
    private final String name;
    private final Clock clock;
    private final String id = UUID.randomUUID().toString();
    private boolean tells;
    private boolean broken;
    private @Nullable RunConfig run;
    private @Nullable Epoch best;
    private @Nullable Epoch last;
    private long stepTold; // the time of the last posted step, in milliseconds

    /** @param name the estimator's name */
    public LiveFit(SparkContext context, String name) {
        this(context, name, Clock.systemUTC());
    }

    LiveFit(SparkContext context, String name, Clock clock) {
        this.context = context;
        this.name = name;
        this.clock = clock;
    }

    @Override
    public void started(RunConfig run, Shards shards, ExecutionMode place) {
        attempt(() -> {
            tells = context.getConf().getBoolean(PROPERTY, true);
            if (tells) {
                TrainingTab.attach(context);
            }
        });
        this.run = run;
        boolean batches = !(run.rule().optimizer() instanceof Optimizer.Lbfgs);
        tell(() -> new FitEvent.Started(
                id,
                clock.millis(),
                name,
                run.network().toString(),
                Spec.brief(run.rule().optimizer()) + " at learning rate "
                        + Spec.print(run.rule().learningRate()),
                run.metric().name(),
                shards.rows(),
                shards.validationRows(),
                shards.count(),
                batches ? run.options().batchSize() : 0,
                run.options().epochs(),
                place.toString()));
        stepTold = clock.millis();
    }

    @Override
    public void resumed(String checkpoint, TrainState state) {
        List<Epoch> before = state.history();
        before.forEach(this::note);
        tell(() -> ended(
                before.stream()
                        .filter(epoch -> Fit.isShown(epoch.number(), before.size()) || epoch.number() == bestNumber()),
                checkpoint));
    }

    @Override
    public void stepped(Step step) {
        long now = clock.millis();
        if (now - stepTold < MILLIS_BETWEEN_STEPS) {
            return;
        }
        stepTold = now;
        tell(() -> new FitEvent.Stepped(id, count() + 1, step.number(), EpochFigures.finite(step.loss())));
    }

    @Override
    public void ended(Epoch epoch) {
        note(epoch);
        if (Fit.isShown(epoch.number(), epoch.number())) {
            tell(() -> ended(Stream.of(epoch), ""));
        }
    }

    @Override
    public void finished(TrainState state) {
        close(
                switch (state.stopReason()) {
                    case EPOCHS -> "finished";
                    case EARLY_STOPPING -> "stopped early";
                    case CONVERGED -> "converged";
                },
                "");
    }

    @Override
    public void failed(Throwable cause) {
        close(cause instanceof CancellationException ? "cancelled" : "failed", sentence(cause));
    }

    private static String sentence(Throwable thrown) {
        String message = thrown.getMessage();
        String text = message == null || message.isBlank() ? thrown.getClass().getName() : message;
        String first = text.strip().lines().findFirst().orElse("");
        return first.length() <= LONGEST_SENTENCE ? first : first.substring(0, LONGEST_SENTENCE) + "…";
    }

    /** Finds the best epoch with the trainer's rule. */
    private void note(Epoch epoch) {
        if (run != null
                && (best == null
                        || run.cost(epoch)
                                < run.cost(best) - run.options().earlyStopping().minDelta())) {
            best = epoch;
        }
        last = epoch;
    }

    private int count() {
        return last == null ? 0 : last.number();
    }

    private int bestNumber() {
        return best == null ? 0 : best.number();
    }

    private FitEvent ended(Stream<Epoch> epochs, String checkpoint) {
        return new FitEvent.Ended(
                id, count(), bestNumber(), epochs.map(EpochFigures::of).toList(), checkpoint);
    }

    private void close(String outcome, String why) {
        tell(() -> new FitEvent.Closed(
                id,
                clock.millis(),
                outcome,
                why,
                count(),
                bestNumber(),
                Stream.of(best, last)
                        .filter(epoch -> epoch != null)
                        .distinct()
                        .map(EpochFigures::of)
                        .toList()));
        tells = false;
    }

    /** Posts an event to Spark's queues, without waiting. */
    private void tell(Supplier<FitEvent> event) {
        if (tells) {
            attempt(() -> context.listenerBus().post(event.get()));
        }
    }

    /** Catches all errors, because Spark's private interfaces may differ from those that Kindling was compiled with. */
    private void attempt(Runnable work) {
        try {
            work.run();
        } catch (Throwable e) {
            if (!broken) {
                LOG.warn("the Spark UI will not show all of this fit, but training continues: {}", e.toString());
            }
            broken = true;
        }
    }
}
