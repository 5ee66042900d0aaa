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
 * Runs at once over the same cached shards. Each trains in a thread of its own, to the same bits as alone; what all of them
 * ask of the shards next is one round: one Spark job serves a step of each, and the time that a job costs is shared.
 *
 * <p>A round waits for every run that is seated. So a run that waits for others must do so in {@link #aside}.
 */
public final class SharedRounds implements AutoCloseable {
    private final Shards shards;
    private final ShardEngine engine;
    private final Map<CvFold, Shards> folds = new HashMap<>();

    // Guarded by this.
    private final List<Waiting> waiting = new ArrayList<>();
    private int seated; // runs
    private boolean underWay; // a round

    private SharedRounds(Shards shards, ShardEngine engine) {
        this.shards = shards;
        this.engine = engine;
    }

    /**
     * Rounds over these shards, for runs that are still to come.
     *
     * @param aggregationDepth levels of the tree in which sums are added
     */
    public static SharedRounds open(Shards shards, int aggregationDepth) {
        return new SharedRounds(shards, ShardEngine.open(shards.rdd(), shards, aggregationDepth));
    }

    /** The shards as a fold has them; without one, as they are. */
    public synchronized Shards shards(@Nullable CvFold fold) {
        return fold == null ? shards : folds.computeIfAbsent(fold, shards::fold);
    }

    /** A run's use of the rounds, from now until it is closed. */
    public ShardWork join(Plan plan, @Nullable CvFold fold) {
        Seat seat = new Seat(plan);
        synchronized (this) {
            seated++;
        }
        return new ShardWork(seat, plan, fold);
    }

    /** Lets the other runs go on while this thread's waits for something. */
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
        notifyAll(); // those who wait may now be all
    }

    private ShardEngine.Answers answers(Ask ask, float[] parameters) {
        Waiting own = new Waiting(ask, parameters);
        List<Waiting> round;
        synchronized (this) {
            waiting.add(own); // nobody needs to be told: who comes last takes the round
            try {
                while (!own.isDone() && (underWay || waiting.size() < seated)) {
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

    /** Asks for all in one round. What fails fails for each of them. */
    private void take(List<Waiting> round) {
        ShardEngine.@Nullable Answers answers = null;
        Throwable failure = new IllegalStateException("a round without answers");
        try {
            answers = engine.sums(
                    round.stream().map(each -> each.ask).toList(),
                    round.stream().map(each -> each.parameters).toList());
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

    /** What a run asks, and then the answer or what went wrong. */
    private static final class Waiting {
        final Ask ask;
        final float[] parameters;
        private ShardEngine.@Nullable Answers answers;
        private @Nullable Throwable failure;

        Waiting(Ask ask, float[] parameters) {
            this.ask = ask;
            this.parameters = parameters;
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

    /** One run's. */
    private final class Seat implements ShardEngine {
        private final Plan plan;

        Seat(Plan plan) {
            this.plan = plan;
        }

        @Override
        public Answers sums(List<Ask> asks, List<float[]> parameters) {
            return answers(asks.get(0), parameters.get(0));
        }

        @Override
        public void announce(Supplier<String> progress) {
            // a job is not of one run
        }

        @Override
        public ExecutionMode place() {
            return engine.place();
        }

        @Override
        public void close() {
            leave();
            engine.forget(plan);
        }
    }
}
