package dev.kindling.engine;

import dev.kindling.data.CvFold;
import dev.kindling.data.Shards;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets several runs train at once over the same cached shards. Each trains in a thread of its own, to the same bits as
 * alone. Their next requests together are one round: one Spark job serves a step of each run, so they share its cost.
 *
 * <p>A round waits for every run that has joined. So a run that waits for others must wait in {@link #aside}.
 */
public final class SharedRounds implements AutoCloseable {
    private final Shards shards;
    private final ShardEngine engine;
    private final Map<CvFold, Shards> folds = new HashMap<>();

    // Guarded by this.
    private final List<Waiting> waiting = new ArrayList<>();
    private int expected; // runs that the first round still waits for
    private int seated; // runs that have joined
    private boolean underWay; // whether a round is

    private SharedRounds(Shards shards, ShardEngine engine, int expected) {
        this.shards = shards;
        this.engine = engine;
        this.expected = expected;
    }

    /**
     * Rounds over these shards, for runs that will join.
     *
     * @param aggregationDepth levels of the tree in which sums are added
     * @param expected the number of runs that must have joined before the first round; 0 if rounds begin with those that are there
     */
    public static SharedRounds open(Shards shards, int aggregationDepth, int expected) {
        return new SharedRounds(shards, ShardEngine.open(shards.rdd(), shards, aggregationDepth), expected);
    }

    /** The shards as a fold sees them; without a fold, as they are. */
    public synchronized Shards shards(@Nullable CvFold fold) {
        return fold == null ? shards : folds.computeIfAbsent(fold, shards::fold);
    }

    /** Lets a run take part in the rounds, from now until the result is closed. */
    public ShardWork join(RunSetup run) {
        Seat seat = new Seat(run);
        synchronized (this) {
            seated++;
            expected = Math.max(0, expected - 1);
        }
        return new ShardWork(seat, run);
    }

    /** Waits for something while the other runs continue without this thread's run. */
    public <T> T aside(Supplier<T> wait) {
        leave();
        try {
            return wait.get();
        } finally {
            synchronized (this) {
                seated++;
            }
        }
    }

    private synchronized void leave() {
        seated--;
        notifyAll(); // the runs that wait may now be all
    }

    private ShardEngine.Answers answers(RunRequest request) {
        Waiting own = new Waiting(request);
        List<Waiting> round;
        synchronized (this) {
            waiting.add(own); // no need to notify: the run that comes last starts the round
            try {
                while (!own.isDone() && (underWay || expected > 0 || waiting.size() < seated)) {
                    wait();
                }
            } catch (InterruptedException e) {
                waiting.remove(own);
                Thread.currentThread().interrupt();
                throw new CancellationException("training was interrupted");
            }
            if (own.isDone()) {
                return own.outcome();
            }
            underWay = true;
            round = List.copyOf(waiting);
            waiting.clear();
        }
        take(round);
        return own.outcome();
    }

    /** Computes all in one round. A failure is a failure of each run. */
    private void take(List<Waiting> round) {
        ShardEngine.@Nullable Answers answers = null;
        Throwable failure = new IllegalStateException("a round without answers");
        try {
            answers = engine.sums(round.stream().map(each -> each.request).toList());
        } catch (Throwable e) { // Scala's methods throw what they do not declare
            failure = e;
        }
        synchronized (this) {
            for (int i = 0; i < round.size(); i++) {
                round.get(i).end(answers == null ? null : answers.of(i), failure);
            }
            underWay = false;
            notifyAll();
        }
    }

    @Override
    public void close() {
        engine.close();
    }

    /** A run's request, and then the answer or the failure. */
    private static final class Waiting {
        final RunRequest request;
        private ShardEngine.@Nullable Answers answers;
        private @Nullable Throwable failure;

        Waiting(RunRequest request) {
            this.request = request;
        }

        boolean isDone() {
            return answers != null || failure != null;
        }

        void end(ShardEngine.@Nullable Answers given, Throwable otherwise) {
            answers = given;
            failure = given == null ? otherwise : null;
        }

        ShardEngine.Answers outcome() {
            if (answers != null) {
                return answers;
            }
            if (failure instanceof Error error) {
                throw error;
            }
            if (failure instanceof RuntimeException exception) {
                throw exception;
            }
            throw new IllegalStateException(failure);
        }
    }

    /** One run's place in the rounds. */
    private final class Seat implements ShardEngine {
        private final RunSetup run;

        Seat(RunSetup run) {
            this.run = run;
        }

        @Override
        public Answers sums(List<RunRequest> runs) {
            return answers(runs.get(0));
        }

        @Override
        public void free(RunSetup setup, GradientSum sum) {
            engine.free(setup, sum);
        }

        @Override
        public void announce(Supplier<String> progress) {
            // a job serves several runs
        }

        @Override
        public ExecutionMode place() {
            return engine.place();
        }

        @Override
        public void close() {
            leave();
            engine.forget(run);
        }
    }
}
