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

/** Computes sums by Spark jobs: sends the parameters to the shards' tasks and adds what comes back. */
final class ShardJobs implements ShardEngine {
    private static final String DESCRIPTION = "spark.job.description";

    private final JavaRDD<Shard> rdd;
    private final Shards shards;
    private final JavaSparkContext context;
    private final OrderedSum order;
    private final ExecutionMode place;
    private final @Nullable String description; // of this thread's jobs before the run

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
    public Answers sums(List<RunRequest> runs) {
        if (runs.size() > 1 && !order.takesTogether(runs)) {
            return oneByOne(runs);
        }
        Floats[] floats = runs.stream()
                .map(run -> new Floats(run.parameters(), run.part() == null ? null : run.part().touched))
                .toArray(Floats[]::new);
        // Spark keeps a closure until the driver collects garbage, so several runs' parameters are broadcast
        if (runs.size() == 1 && floats[0].values().length <= INLINE) {
            return sums(ShardTask.with(runs, floats), runs, 0);
        }
        long start = System.nanoTime();
        Broadcast<Floats[]> broadcast = context.broadcast(floats);
        try {
            return sums(ShardTask.with(runs, broadcast), runs, System.nanoTime() - start);
        } finally {
            JobScope.release(context.sc(), broadcast::destroy);
        }
    }

    private Answers sums(ShardTask task, List<RunRequest> runs, long broadcastNanos) {
        long start = System.nanoTime();
        OrderedSum.Timed result = order.of(rdd, task, runs);
        result.sums().forEach(sum -> shards.requireAsPacked(rdd, sum.fingerprint));
        return new Answers(result.sums(), broadcastNanos, System.nanoTime() - start, result.nanos());
    }

    private Answers oneByOne(List<RunRequest> runs) {
        List<GradientSum> sums = new ArrayList<>();
        long broadcast = 0;
        long nanos = 0;
        long reduce = 0;
        for (int i = 0; i < runs.size(); i++) {
            Answers answers = sums(runs.subList(i, i + 1));
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
