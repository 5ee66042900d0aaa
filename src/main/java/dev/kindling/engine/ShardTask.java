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
 * What a task does with its shard: it answers each run. A static class rather than a lambda: Spark would search a lambda's
 * closure at every step, which costs more than the rest of a small step.
 */
final class ShardTask extends AbstractFunction2<TaskContext, Iterator<Shard>, GradientSum[]> implements Serializable {
    private static final long serialVersionUID = 1L;

    private final Ask[] asks;
    private final Floats @Nullable [] inline;
    private final @Nullable Broadcast<Floats[]> broadcast;

    /** With each run's parameters here or there. */
    ShardTask(List<Ask> asks, Floats @Nullable [] inline, @Nullable Broadcast<Floats[]> broadcast) {
        this.asks = asks.toArray(new Ask[0]);
        this.inline = inline;
        this.broadcast = broadcast;
    }

    @Override
    public GradientSum[] apply(TaskContext context, Iterator<Shard> shards) {
        return apply(shards.next());
    }

    GradientSum[] apply(Shard shard) {
        Floats[] parameters = parameters();
        Scratch[] scratches = Scratch.ofThread(asks);
        GradientSum[] sums = new GradientSum[asks.length];
        for (int i = 0; i < asks.length; i++) {
            long start = System.nanoTime();
            sums[i] = scratches[i].sum(asks[i].length());
            asks[i].answer(shard, parameters[i].values(), scratches[i], sums[i]);
            sums[i].fingerprint = shard.summary.fingerprint;
            sums[i].since(start);
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
