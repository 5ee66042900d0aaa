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
abstract sealed class ShardTask extends AbstractFunction2<TaskContext, Iterator<Shard>, byte[]>
        implements Serializable {
    private static final long serialVersionUID = 1L;

    final Plan plan;
    private final byte @Nullable [] inline;
    private final @Nullable Broadcast<byte[]> broadcast;

    ShardTask(Plan plan, byte @Nullable [] inline, @Nullable Broadcast<byte[]> broadcast) {
        this.plan = plan;
        this.inline = inline;
        this.broadcast = broadcast;
    }

    @Override
    public final byte[] apply(TaskContext context, Iterator<Shard> shards) {
        return apply(shards.next());
    }

    byte[] apply(Shard shard) {
        return run(shard, parameters()).toBytes();
    }

    private float[] parameters() {
        if (inline != null) {
            return GradientSum.floats(inline);
        }
        if (broadcast != null) {
            return GradientSum.floats(broadcast.value());
        }
        throw new IllegalStateException("a task without parameters");
    }

    abstract GradientSum run(Shard shard, float[] parameters);

    static final class Step extends ShardTask {
        private static final long serialVersionUID = 1L;

        private final int epoch;
        private final int step;
        private final int steps;
        private final boolean withGradient;

        Step(
                Plan plan,
                byte @Nullable [] inline,
                @Nullable Broadcast<byte[]> broadcast,
                int epoch,
                int step,
                int steps,
                boolean withGradient) {
            super(plan, inline, broadcast);
            this.epoch = epoch;
            this.step = step;
            this.steps = steps;
            this.withGradient = withGradient;
        }

        @Override
        GradientSum run(Shard shard, float[] parameters) {
            GradientSum sum = new GradientSum(withGradient ? parameters.length : 0);
            plan.step(shard, parameters, epoch, step, steps, withGradient, new Scratch(), sum);
            return sum;
        }
    }

    static final class Validation extends ShardTask {
        private static final long serialVersionUID = 1L;

        Validation(Plan plan, byte @Nullable [] inline, @Nullable Broadcast<byte[]> broadcast) {
            super(plan, inline, broadcast);
        }

        @Override
        GradientSum run(Shard shard, float[] parameters) {
            return plan.validation(shard, parameters, new Scratch());
        }
    }
}
