package dev.kindling.train;

import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;

/** A Spark job for each sum: it sends the parameters to the shards' tasks and adds what comes back. */
final class ShardJobs implements ShardWork {
    /** Parameters up to this many ride in the closure; Spark warns of closures above 1000 KiB. */
    private static final int INLINE = 200_000;

    private final JavaRDD<Shard> rdd;
    private final JavaSparkContext context;
    private final Plan plan;
    private final OrderedSum sum;

    ShardJobs(JavaRDD<Shard> rdd, Plan plan, OrderedSum sum) {
        this.rdd = rdd;
        this.context = JavaSparkContext.fromSparkContext(rdd.context());
        this.plan = plan;
        this.sum = sum;
    }

    @Override
    public GradientSum gradient(float[] parameters, int epoch, int step, int steps) {
        return run(
                parameters,
                (inline, broadcast) -> new ShardTask.Step(plan, inline, broadcast, epoch, step, steps, true));
    }

    @Override
    public GradientSum loss(float[] parameters, int epoch, int step, int steps) {
        return run(
                parameters,
                (inline, broadcast) -> new ShardTask.Step(plan, inline, broadcast, epoch, step, steps, false));
    }

    @Override
    public GradientSum validation(float[] parameters) {
        return run(parameters, (inline, broadcast) -> new ShardTask.Validation(plan, inline, broadcast));
    }

    @Override
    public String place() {
        return "a Spark job a step";
    }

    @Override
    public void close() {}

    private GradientSum run(float[] parameters, TaskMaker maker) {
        byte[] bytes = GradientSum.toBytes(parameters);
        if (parameters.length <= INLINE) {
            return sum.of(rdd, maker.task(bytes, null));
        }
        Broadcast<byte[]> broadcast = context.broadcast(bytes);
        try {
            return sum.of(rdd, maker.task(null, broadcast));
        } finally {
            broadcast.destroy();
        }
    }

    private interface TaskMaker {
        ShardTask task(byte @Nullable [] inline, @Nullable Broadcast<byte[]> broadcast);
    }
}
