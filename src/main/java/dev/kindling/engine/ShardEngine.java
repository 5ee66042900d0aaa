package dev.kindling.engine;

import dev.kindling.data.Shard;
import dev.kindling.data.Shards;
import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaRDD;

/** What computes over the shards: sums over their rows, added in shard order, to the same bits whatever computes them. */
public interface ShardEngine extends AutoCloseable {

    /**
     * This JVM's threads where they can reach the shards, else Spark jobs.
     *
     * @param rdd {@code shards.rdd()}, or what yields the same elements
     */
    static ShardEngine open(JavaRDD<Shard> rdd, Shards shards, int aggregationDepth) {
        OrderedSum order = new OrderedSum(shards.count(), aggregationDepth);
        return ShardThreads.open(rdd, shards.count(), order)
                .<ShardEngine>map(threads -> threads)
                .orElseGet(() -> new ShardJobs(rdd, shards, order));
    }

    /** For each run all shards' answers, added; together they cost little more rounds than one. */
    Answers sums(List<Ask> asks, List<float[]> parameters);

    /**
     * Sums, in the order of what was asked.
     *
     * @param broadcastNanos to send the parameters
     * @param nanos from then on until all was added
     * @param reduceNanos of them, to add
     */
    record Answers(List<GradientSum> sums, long broadcastNanos, long nanos, long reduceNanos) {

        /** One run's answer, with the time of all. */
        Answers of(int run) {
            return new Answers(sums.subList(run, run + 1), broadcastNanos, nanos, reduceNanos);
        }
    }

    /** Gives up what is kept for a run, which asks no more. */
    default void forget(Plan plan) {}

    /** Lets the Spark UI tell how far a run is. */
    void announce(Supplier<String> progress);

    /** Where it is done. */
    ExecutionMode place();

    @Override
    void close();
}
