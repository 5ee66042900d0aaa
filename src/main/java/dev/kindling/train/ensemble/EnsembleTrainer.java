package dev.kindling.train.ensemble;

import dev.kindling.checkpoint.CheckpointPolicy;
import dev.kindling.checkpoint.TrainState;
import dev.kindling.data.CvFold;
import dev.kindling.data.Shards;
import dev.kindling.engine.SharedRounds;
import dev.kindling.train.Trainer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Trains the members of an ensemble at once over the same shards: one Spark job serves a step of each. */
public final class EnsembleTrainer {
    private EnsembleTrainer() {}

    /** One member. */
    public static final class Member {
        private final Trainer trainer;
        private final @Nullable CvFold fold;
        private final float @Nullable [] initial;
        private final CheckpointPolicy checkpointing;

        /**
         * @param fold whose rows it is validated on; null: those that the shards set aside
         * @param initial parameters to begin with; null for fresh ones
         */
        public Member(
                Trainer trainer, @Nullable CvFold fold, float @Nullable [] initial, CheckpointPolicy checkpointing) {
            this.trainer = trainer;
            this.fold = fold;
            this.initial = initial;
            this.checkpointing = checkpointing;
        }
    }

    /**
     * Trains them all, each to the bits of a run alone. When one fails, the others are cancelled.
     *
     * @param aggregationDepth levels of the tree in which sums are added
     * @param failure whose listeners the members have: the first failure is what is thrown
     * @return the members' states, in their order
     */
    public static List<TrainState> fit(
            Shards shards, int aggregationDepth, List<Member> members, FirstFailure failure) {
        try (SharedRounds rounds = SharedRounds.open(shards, aggregationDepth, members.size())) {
            ExecutorService threads = Executors.newFixedThreadPool(members.size(), EnsembleTrainer::thread);
            try {
                var ended = new ExecutorCompletionService<TrainState>(threads);
                List<Future<TrainState>> runs = new ArrayList<>();
                for (Member member : members) {
                    runs.add(ended.submit(
                            () -> member.trainer.fit(rounds, member.fold, member.initial, member.checkpointing)));
                }
                for (int i = 0; i < runs.size(); i++) {
                    ended.take().get();
                }
                List<TrainState> states = new ArrayList<>();
                for (Future<TrainState> run : runs) {
                    states.add(run.get());
                }
                return states;
            } catch (ExecutionException e) { // before the others are ended
                throw unchecked(failure.earliest(Objects.requireNonNull(e.getCause())));
            } finally {
                end(threads);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("training was interrupted");
        }
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "kindling-member");
        thread.setDaemon(true);
        return thread;
    }

    /** Interrupts what still runs and waits for it, because the rounds must not be closed under it. */
    private static void end(ExecutorService threads) {
        threads.shutdownNow();
        boolean interrupted = false;
        while (true) {
            try {
                if (threads.awaitTermination(1, TimeUnit.HOURS)) {
                    break;
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static RuntimeException unchecked(Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException exception ? exception : new IllegalStateException(cause);
    }
}
