package dev.kindling.engine;

import dev.kindling.data.Shard;
import dev.kindling.spark.Floats;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction2;

/**
 * What a Spark task does with its shard: it answers each run. It is a static class and not a lambda, because Spark would
 * clean a lambda's closure at every step, which costs more than the rest of a small step.
 */
final class ShardTask extends AbstractFunction2<TaskContext, Iterator<Shard>, GradientSum[]> implements Serializable {
    private static final long serialVersionUID = 1L;

    private final RunSetup[] setups;
    private final ShardRequest[] requests;
    private final Floats @Nullable [] inline; // the parameters, unless they are broadcast
    private final @Nullable Broadcast<Floats[]> broadcast;

    private ShardTask(List<RunRequest> runs, Floats @Nullable [] inline, @Nullable Broadcast<Floats[]> broadcast) {
        this.setups = runs.stream().map(RunRequest::setup).toArray(RunSetup[]::new);
        this.requests = runs.stream().map(RunRequest::request).toArray(ShardRequest[]::new);
        this.inline = inline;
        this.broadcast = broadcast;
    }

    /** A task that carries each run's parameters. */
    static ShardTask with(List<RunRequest> runs, Floats[] parameters) {
        return new ShardTask(runs, parameters, null);
    }

    /** A task that finds each run's parameters in a broadcast. */
    static ShardTask with(List<RunRequest> runs, Broadcast<Floats[]> parameters) {
        return new ShardTask(runs, null, parameters);
    }

    @Override
    public GradientSum[] apply(TaskContext context, Iterator<Shard> shards) {
        return apply(shards.next());
    }

    GradientSum[] apply(Shard shard) {
        Floats[] parameters = parameters();
        ShardComputation[] computations = ShardComputation.ofThread(setups);
        GradientSum[] sums = new GradientSum[setups.length];
        for (int i = 0; i < sums.length; i++) {
            int[] touched = parameters[i].numbers();
            TouchedPart part = touched == null ? null : computations[i].part(touched);
            sums[i] = computations[i].answer(requests[i], shard, part, parameters[i].values(), null);
            sums[i].fingerprint = shard.summary.fingerprint;
        }
        return sums;
    }

    private Floats[] parameters() {
        if (inline != null) {
            return inline;
        }
        if (broadcast != null) {
            return broadcast.value();
        }
        throw new IllegalStateException("a task without parameters");
    }
}
