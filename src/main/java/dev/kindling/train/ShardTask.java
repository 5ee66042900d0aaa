package dev.kindling.train;

import java.io.Serializable;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction2;

/**
 * What a task does with its shard. A static class rather than a lambda: Spark would search a lambda's closure at every
 * step, which costs more than the rest of a small step.
 */
final class ShardTask extends AbstractFunction2<TaskContext, Iterator<Shard>, GradientSum> implements Serializable {
    private static final long serialVersionUID = 1L;

    private final Plan plan;
    private final Pass pass;
    private final @Nullable Floats inline;
    private final @Nullable Broadcast<Floats> broadcast;

    /** With the parameters here or there. */
    ShardTask(Plan plan, Pass pass, @Nullable Floats inline, @Nullable Broadcast<Floats> broadcast) {
        this.plan = plan;
        this.pass = pass;
        this.inline = inline;
        this.broadcast = broadcast;
    }

    @Override
    public GradientSum apply(TaskContext context, Iterator<Shard> shards) {
        return apply(shards.next());
    }

    GradientSum apply(Shard shard) {
        float[] parameters = parameters().values();
        long start = System.nanoTime();
        Scratch scratch = Scratch.ofThread(plan);
        GradientSum sum = scratch.sum(pass.length(plan.network.parameterCount()));
        pass.add(plan, shard, parameters, scratch, sum);
        sum.fingerprint = shard.summary.fingerprint;
        return sum.since(start);
    }

    private Floats parameters() {
        if (inline != null) {
            return inline;
        }
        if (broadcast != null) {
            return broadcast.value();
        }
        throw new IllegalStateException("a task without parameters");
    }
}
