package dev.kindling.search;

import dev.kindling.checkpoint.Epoch;
import dev.kindling.checkpoint.TrainState;
import dev.kindling.data.CvFold;
import dev.kindling.engine.SharedRounds;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.train.DivergenceException;
import dev.kindling.train.TrainListener;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs trials concurrently over the same cached shards, each with all its folds. {@link Halving} stops the worse trials
 * early. Each fold of a trial is a run of the trainer in its own thread, with the same bits as if it ran alone: the
 * number of concurrent runs changes the time and nothing else.
 */
public final class Trials {
    private static final Logger LOG = LoggerFactory.getLogger("dev.kindling.progress");

    private final SharedRounds rounds;
    private final Halving halving;
    private final Score score;
    private final Semaphore places; // limits concurrent runs
    private final List<Trial> trials = new ArrayList<>();

    // Guarded by this.
    private int rung; // the next one to compare at
    private @Nullable Throwable failure;

    /** Trains one trial. */
    public interface Entrant {
        /**
         * Trains to the end, or until the listener throws.
         *
         * @param fold the fold to validate on; null: the shards' validation rows
         */
        void fit(SharedRounds rounds, @Nullable CvFold fold, TrainListener listener);
    }

    /** The score by which trials are compared. */
    public enum Score {
        /** The validation loss. */
        LOSS(false),
        /** A validation metric for which larger is better, such as accuracy. */
        GAIN(true),
        /** A validation metric for which smaller is better, such as rmse. */
        ERROR(false);

        private final boolean larger;

        Score(boolean larger) {
            this.larger = larger;
        }

        /** Whether a larger score is better. */
        public boolean isLargerBetter() {
            return larger;
        }

        private double of(Epoch epoch) {
            return this == LOSS ? epoch.validationLoss() : epoch.validationMetric();
        }

        private Comparator<Double> bestFirst() {
            Comparator<Double> order = larger ? Comparator.reverseOrder() : Comparator.naturalOrder();
            return (a, b) -> Double.isNaN(a) || Double.isNaN(b)
                    ? Boolean.compare(Double.isNaN(a), Double.isNaN(b))
                    : order.compare(a, b);
        }
    }

    private Trials(
            SharedRounds rounds,
            int firstNumber,
            List<Entrant> entrants,
            int folds,
            Halving halving,
            Score score,
            int atOnce) {
        this.rounds = rounds;
        this.halving = halving;
        this.score = score;
        this.places = new Semaphore(atOnce, true);
        for (int i = 0; i < entrants.size(); i++) {
            trials.add(new Trial(firstNumber + i, entrants.get(i), folds));
        }
    }

    /**
     * Runs all trials.
     *
     * @param firstNumber the number of the first trial
     * @param folds 1: validates on the shards' validation rows
     * @param atOnce the number of concurrent runs; a trial has one run per fold
     * @return the results in the order of the entrants
     */
    public static List<TrialResult> run(
            SharedRounds rounds,
            int firstNumber,
            List<Entrant> entrants,
            int folds,
            Halving halving,
            Score score,
            int atOnce) {
        return new Trials(rounds, firstNumber, entrants, folds, halving, score, atOnce).run();
    }

    /** The trials, best first: those that trained to the end, then those that ended earlier. */
    public static List<TrialResult> ranked(List<TrialResult> results, Score score) {
        return results.stream()
                .sorted(Comparator.comparing(TrialResult::state)
                        .thenComparing(TrialResult::epochs, Comparator.reverseOrder())
                        .thenComparing(TrialResult::score, score.bestFirst())
                        .thenComparing(TrialResult::number))
                .toList();
    }

    private List<TrialResult> run() {
        List<Run> runs = trials.stream().flatMap(trial -> trial.runs.stream()).toList();
        runs.forEach(Thread::start);
        boolean interrupted = false;
        for (Run run : runs) {
            while (run.isAlive()) {
                try {
                    run.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                    fail(cancellation());
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        rethrow();
        return trials.stream().map(Trial::result).toList();
    }

    private synchronized void rethrow() {
        if (failure instanceof RuntimeException exception) {
            throw exception;
        }
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure != null) { // Scala's methods throw what they do not declare
            throw new IllegalStateException(failure);
        }
    }

    private static CancellationException cancellation() {
        return new CancellationException("the search was interrupted");
    }

    /**
     * Ends the whole search after a failure that the trial's params do not explain. All runs are interrupted, so that
     * none waits forever; they also check for the failure themselves, because an interrupt may get lost.
     */
    private synchronized void fail(Throwable thrown) {
        if (failure == null) {
            failure = thrown;
        }
        trials.forEach(trial -> trial.runs.forEach(Thread::interrupt));
        notifyAll();
    }

    private synchronized void requireNoFailure() {
        if (failure != null) {
            throw cancellation();
        }
    }

    /** Records that a run has reached a rung or its end, and compares trials if all have reached the rung. */
    private synchronized void reached(Run run, int reached) {
        run.reached = reached;
        while (rung < halving.rungs().size() - 1 && trials.stream().allMatch(trial -> trial.hasReached(rung))) {
            compare();
        }
        notifyAll();
    }

    /** Waits until the trials at a rung have been compared. */
    private synchronized void awaitComparison(Run run, int reached) {
        try {
            while (rung < reached && !run.trial.isOut() && failure == null) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw cancellation();
        }
    }

    private void compare() {
        int epochs = halving.rungs().get(rung);
        trials.forEach(Trial::judge);
        List<Trial> alive = trials.stream()
                .filter(trial -> !trial.isOut())
                .sorted(Comparator.<Trial, Double>comparing(trial -> trial.scoreAfter(epochs), score.bestFirst())
                        .thenComparing(trial -> trial.number))
                .toList();
        int goOn = halving.goOn(alive.size());
        alive.stream().skip(goOn).forEach(trial -> trial.state = TrialResult.State.STOPPED);
        rung++;
        if (!alive.isEmpty()) {
            LOG.info(String.format(
                    Locale.ROOT,
                    "after %d %s: %d of %d trials continue, the best is trial %d with %s",
                    epochs,
                    epochs == 1 ? "epoch" : "epochs",
                    Math.min(goOn, alive.size()),
                    alive.size(),
                    alive.get(0).number,
                    String.format(Locale.ROOT, "%.4f", alive.get(0).scoreAfter(epochs))));
        }
    }

    private final class Trial {
        final int number;
        final Entrant entrant;
        final List<Run> runs = new ArrayList<>();
        TrialResult.State state = TrialResult.State.DONE; // until it is stopped or fails
        String problem = "";

        Trial(int number, Entrant entrant, int folds) {
            this.number = number;
            this.entrant = entrant;
            for (int i = 0; i < folds; i++) {
                runs.add(new Run(this, folds == 1 ? null : new CvFold(i, folds), i));
            }
        }

        boolean isOut() {
            return state != TrialResult.State.DONE;
        }

        /**
         * Marks the trial as failed if a fold failed. This is only decided when all folds have reached a rung or their
         * end: how many epochs they trained must not depend on which fold was faster.
         */
        void judge() {
            for (Run run : runs) {
                RuntimeException thrown = run.failure;
                if (thrown != null && !isOut()) {
                    state = thrown instanceof DivergenceException
                            ? TrialResult.State.DIVERGED
                            : TrialResult.State.REFUSED;
                    problem = String.valueOf(thrown.getMessage());
                }
            }
        }

        /** Whether the trial has ended or all its folds have reached the rung. */
        boolean hasReached(int at) {
            return isOut() || runs.stream().allMatch(run -> run.reached > at);
        }

        double scoreAfter(int epochs) {
            return runs.stream()
                    .mapToDouble(run -> run.scoreAfter(epochs))
                    .average()
                    .orElse(Double.NaN);
        }

        void tellEnd() {
            synchronized (Trials.this) {
                if (!isOut() && runs.stream().allMatch(run -> run.isEnded && run.failure == null)) {
                    TrialResult result = result();
                    LOG.info(String.format(
                            Locale.ROOT, "trial %d: %.4f after %d epochs", number, result.score(), result.epochs()));
                }
            }
        }

        TrialResult result() {
            judge();
            int longest = runs.stream().mapToInt(run -> run.epochs.size()).max().orElse(0);
            int shortest = runs.stream()
                    .mapToInt(run -> run.isEnded ? longest : run.epochs.size())
                    .min()
                    .orElse(0);
            List<Double> curve = new ArrayList<>();
            for (int epochs = 1; epochs <= shortest; epochs++) {
                curve.add(scoreAfter(epochs));
            }
            boolean failed = state == TrialResult.State.DIVERGED || state == TrialResult.State.REFUSED;
            double last = failed || curve.isEmpty() ? Double.NaN : curve.get(curve.size() - 1);
            return new TrialResult(number, state, shortest, last, curve, problem);
        }
    }

    /** Ends a run of a trial that was stopped at a rung. */
    private static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Stopped() {
            super("other trials were better", null, false, false);
        }
    }

    /** One fold of a trial. */
    private final class Run extends Thread implements TrainListener {
        final Trial trial;
        final @Nullable CvFold fold;
        final List<Epoch> epochs = new ArrayList<>();
        int reached; // the number of rungs reached
        boolean isEnded; // trained to its end

        @Nullable
        RuntimeException failure; // of this run, not of the search

        Run(Trial trial, @Nullable CvFold fold, int index) {
            super("kindling-trial-" + trial.number + "-" + (index + 1));
            setDaemon(true);
            this.trial = trial;
            this.fold = fold;
        }

        @Override
        public void run() {
            try {
                places.acquire();
                try {
                    trial.entrant.fit(rounds, fold, this);
                    isEnded = true;
                } finally {
                    places.release();
                }
            } catch (Stopped e) {
                // stopped at a rung: not a failure
            } catch (DivergenceException | InvalidInput e) {
                synchronized (Trials.this) {
                    failure = e;
                }
            } catch (Throwable e) {
                if (!(e instanceof InterruptedException)) {
                    fail(e);
                }
                return;
            }
            reached(this, Integer.MAX_VALUE);
            trial.tellEnd();
        }

        @Override
        public void resumed(String checkpoint, TrainState state) {
            for (Epoch epoch : state.history()) {
                take(epoch);
            }
        }

        @Override
        public void ended(Epoch epoch) {
            take(epoch);
        }

        private void take(Epoch epoch) {
            requireNoFailure();
            synchronized (Trials.this) {
                epochs.add(epoch);
            }
            int at = halving.rungs().indexOf(epoch.number());
            if (at >= 0 && at < halving.rungs().size() - 1) {
                rounds.aside(() -> {
                    places.release();
                    try {
                        reached(this, at + 1);
                        awaitComparison(this, at + 1);
                        return at;
                    } finally {
                        places.acquireUninterruptibly();
                    }
                });
            }
            requireNoFailure();
            synchronized (Trials.this) {
                if (trial.isOut()) {
                    throw new Stopped();
                }
            }
        }

        /**
         * Its score after this many epochs, or after its last; if it keeps the best epoch's weights, the best score so
         * far.
         */
        double scoreAfter(int most) {
            int count = Math.min(most, epochs.size());
            if (count == 0) {
                return Double.NaN;
            }
            if (fold != null) {
                return score.of(epochs.get(count - 1));
            }
            Epoch best = epochs.get(0);
            for (Epoch epoch : epochs.subList(0, count)) {
                best = epoch.validationLoss() < best.validationLoss() ? epoch : best;
            }
            return score.of(best);
        }
    }
}
