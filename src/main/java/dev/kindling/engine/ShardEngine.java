package dev.kindling.engine;

import dev.kindling.data.Shard;
import dev.kindling.data.Shards;
import dev.kindling.spark.OneJvm;
import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;

/** Computes sums over the rows of the shards and adds them in shard order. The bits are the same whatever computes them. */
public interface ShardEngine extends AutoCloseable {
    /**
     * Up to this many parameters travel in a job's closure. Spark warns of closures above 1000 KiB, and the rest of one takes
     * some 12.
     */
    int INLINE = 250_000;

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

    /**
     * How many sums the driver holds at a time, at most, while it adds those of the shards.
     *
     * @param length of a sum, in floats
     */
    static int sumsAtOnce(SparkContext context, int shards, int aggregationDepth, long length) {
        JavaSparkContext java = JavaSparkContext.fromSparkContext(context);
        if (context.isLocal() && OneJvm.isOn(java)) {
            return ShardThreads.sumsAtOnce(java, shards);
        }
        return addsOnDriver(shards, aggregationDepth, length) ? shards : 1;
    }

    /** Whether Spark jobs leave it to the driver to add sums of this length; else executors add a slice each. */
    static boolean addsOnDriver(int shards, int aggregationDepth, long length) {
        return new OrderedSum(shards, aggregationDepth).addsOnDriver(length);
    }

    /** For each run, the sum of all shards' answers. Several runs together cost little more than one. */
    Answers sums(List<RunRequest> runs);

    /**
     * Sums, in the order of the requests.
     *
     * @param broadcastNanos taken to send the parameters
     * @param nanos from then until the sums were there
     * @param reduceNanos the part of {@code nanos} in which the driver added
     */
    record Answers(List<GradientSum> sums, long broadcastNanos, long nanos, long reduceNanos) {

        /** One run's sum, with the times of the whole round. */
        Answers of(int run) {
            return new Answers(sums.subList(run, run + 1), broadcastNanos, nanos, reduceNanos);
        }
    }

    /** Takes back a run's sum that nobody reads any more, for a later one. */
    default void free(RunSetup run, GradientSum sum) {}

    /** Drops what is kept for a run that has ended. */
    default void forget(RunSetup run) {}

    /** Shows a run's progress in the Spark UI. */
    void announce(Supplier<String> progress);

    /** Where the sums are computed. */
    ExecutionMode place();

    @Override
    void close();
}
