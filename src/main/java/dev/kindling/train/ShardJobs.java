package dev.kindling.train;

import java.util.function.Supplier;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;

/** A Spark job for each sum: it sends the parameters to the shards' tasks and adds what comes back. */
final class ShardJobs implements ShardWork {
    /** Parameters up to this many ride in the closure; Spark warns of closures above 1000 KiB. */
    private static final int INLINE = 200_000;

    private static final String DESCRIPTION = "spark.job.description";

    private final JavaRDD<Shard> rdd;
    private final Shards shards;
    private final JavaSparkContext context;
    private final Plan plan;
    private final OrderedSum order;
    private final Place place;
    private final Meter meter = new Meter();
    private final @Nullable String description; // of jobs in this thread, before

    /** @param rdd {@code shards.rdd()}, or what yields the same elements */
    ShardJobs(JavaRDD<Shard> rdd, Shards shards, Plan plan, OrderedSum order) {
        this.rdd = rdd;
        this.shards = shards;
        this.context = JavaSparkContext.fromSparkContext(rdd.context());
        this.plan = plan;
        this.order = order;
        this.description = context.getLocalProperty(DESCRIPTION);
        this.place = new Place(Math.max(1, context.defaultParallelism()), true, context.isLocal(), Shards.spilled(rdd));
    }

    @Override
    public GradientSum sum(Pass pass, float[] parameters) {
        Floats floats = new Floats(parameters);
        int length = pass.length(plan.network.parameterCount());
        if (parameters.length <= INLINE) {
            return sum(new ShardTask(plan, pass, floats, null), length, 0);
        }
        long start = System.nanoTime();
        Broadcast<Floats> broadcast = context.broadcast(floats);
        try {
            return sum(new ShardTask(plan, pass, null, broadcast), length, System.nanoTime() - start);
        } finally {
            JobScope.release(context.sc(), broadcast::destroy);
        }
    }

    private GradientSum sum(ShardTask task, int length, long broadcastNanos) {
        long start = System.nanoTime();
        OrderedSum.Timed result = order.of(rdd, task, length);
        shards.requireAsPacked(rdd, result.sum().fingerprint);
        meter.sum(result.sum(), place.slots(), broadcastNanos, System.nanoTime() - start, result.nanos());
        return result.sum();
    }

    @Override
    public void announce(Supplier<String> progress) {
        context.setLocalProperty(DESCRIPTION, (description == null ? "" : description + ": ") + progress.get());
    }

    @Override
    public Meter meter() {
        return meter;
    }

    @Override
    public Place place() {
        return place;
    }

    @Override
    public void close() {
        context.setLocalProperty(DESCRIPTION, description);
    }
}
