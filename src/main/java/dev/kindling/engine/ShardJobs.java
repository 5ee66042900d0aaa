package dev.kindling.engine;

import dev.kindling.data.Shard;
import dev.kindling.data.Shards;
import dev.kindling.spark.Floats;
import dev.kindling.spark.JobScope;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;

/** A Spark job for the sums: it sends the parameters to the shards' tasks and adds what comes back. */
final class ShardJobs implements ShardEngine {
    /** Parameters up to this many ride in the closure; Spark warns of closures above 1000 KiB. */
    private static final int INLINE = 200_000;

    private static final String DESCRIPTION = "spark.job.description";

    private final JavaRDD<Shard> rdd;
    private final Shards shards;
    private final JavaSparkContext context;
    private final OrderedSum order;
    private final ExecutionMode place;
    private final @Nullable String description; // of jobs in this thread, before

    /** @param rdd {@code shards.rdd()}, or what yields the same elements */
    ShardJobs(JavaRDD<Shard> rdd, Shards shards, OrderedSum order) {
        this.rdd = rdd;
        this.shards = shards;
        this.context = JavaSparkContext.fromSparkContext(rdd.context());
        this.order = order;
        this.description = context.getLocalProperty(DESCRIPTION);
        this.place = new ExecutionMode(
                Math.max(1, context.defaultParallelism()), true, context.isLocal(), Shards.spilled(rdd));
    }

    @Override
    public Answers sums(List<Ask> asks, List<float[]> parameters) {
        if (asks.size() > 1 && !order.takesTogether(asks)) {
            return oneByOne(asks, parameters);
        }
        Floats[] floats = parameters.stream().map(Floats::new).toArray(Floats[]::new);
        // Spark keeps a closure until the driver collects garbage: several runs' parameters are too much for that
        if (asks.size() == 1 && floats[0].values().length <= INLINE) {
            return sums(new ShardTask(asks, floats, null), asks, 0);
        }
        long start = System.nanoTime();
        Broadcast<Floats[]> broadcast = context.broadcast(floats);
        try {
            return sums(new ShardTask(asks, null, broadcast), asks, System.nanoTime() - start);
        } finally {
            JobScope.release(context.sc(), broadcast::destroy);
        }
    }

    private Answers sums(ShardTask task, List<Ask> asks, long broadcastNanos) {
        long start = System.nanoTime();
        OrderedSum.Timed result = order.of(rdd, task, asks);
        result.sums().forEach(sum -> shards.requireAsPacked(rdd, sum.fingerprint));
        return new Answers(result.sums(), broadcastNanos, System.nanoTime() - start, result.nanos());
    }

    private Answers oneByOne(List<Ask> asks, List<float[]> parameters) {
        List<GradientSum> sums = new ArrayList<>();
        long broadcast = 0;
        long nanos = 0;
        long reduce = 0;
        for (int i = 0; i < asks.size(); i++) {
            Answers answers = sums(asks.subList(i, i + 1), parameters.subList(i, i + 1));
            sums.addAll(answers.sums());
            broadcast += answers.broadcastNanos();
            nanos += answers.nanos();
            reduce += answers.reduceNanos();
        }
        return new Answers(sums, broadcast, nanos, reduce);
    }

    @Override
    public void announce(Supplier<String> progress) {
        context.setLocalProperty(DESCRIPTION, (description == null ? "" : description + ": ") + progress.get());
    }

    @Override
    public ExecutionMode place() {
        return place;
    }

    @Override
    public void close() {
        context.setLocalProperty(DESCRIPTION, description);
    }
}
