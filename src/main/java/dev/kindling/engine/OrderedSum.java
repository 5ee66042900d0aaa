package dev.kindling.engine;

import dev.kindling.data.Shard;
import dev.kindling.spark.JobScope;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.spark.Partitioner;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function2;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction2;

/**
 * Adds what the shards' tasks return, in an order that depends only on the number of shards: in index order within groups
 * of ⌈√shards⌉, then over the groups in order.
 *
 * <p>If the results are small enough, the driver adds them. Otherwise each result is cut into slices, and each executor
 * adds one slice of all shards (a reduce-scatter through Spark's shuffle), so that the driver receives the length of one
 * result, however many shards there are. Both ways give the same bits.
 */
final class OrderedSum {
    /** Up to this many floats in all results together, the driver adds: a shuffle costs more. */
    private static final long DIRECT = 1L << 25;

    /** The least number of floats in a slice. */
    private static final int SLICE = 1 << 12;

    private static final ClassTag<GradientSum> SUM = ClassTag$.MODULE$.apply(GradientSum.class);
    private static final ClassTag<GradientSum[]> SUMS = ClassTag$.MODULE$.apply(GradientSum[].class);

    private final int shards;
    private final int groupSize;
    private final long direct;

    OrderedSum(int shards, int aggregationDepth) {
        this(shards, aggregationDepth > 1 ? DIRECT : Long.MAX_VALUE);
    }

    /** @param direct the number of floats in all results together above which executors add */
    OrderedSum(int shards, long direct) {
        this.shards = shards;
        this.groupSize = (int) Math.ceil(Math.sqrt(shards));
        this.direct = direct;
    }

    /**
     * A sum for each run.
     *
     * @param nanos that the driver took to add
     */
    record Timed(List<GradientSum> sums, long nanos) {}

    /** Whether the driver adds the results of all these runs in one job. */
    boolean takesTogether(List<RunRequest> runs) {
        return addsOnDriver(runs.stream().mapToLong(RunRequest::length).sum());
    }

    /** Whether the driver adds results of so many floats; else executors do. */
    boolean addsOnDriver(long length) {
        return shards * length <= direct;
    }

    /** @param runs that the task answers: one run, or several that fit together */
    Timed of(JavaRDD<Shard> rdd, ShardTask task, List<RunRequest> runs) {
        if (!takesTogether(runs)) {
            return scattered(rdd, task, runs.get(0).length());
        }
        GradientSum[][] results = (GradientSum[][]) rdd.context().runJob(rdd.rdd(), task, SUMS);
        long start = System.nanoTime();
        List<GradientSum> sums = new ArrayList<>(runs.size());
        for (int i = 0; i < runs.size(); i++) {
            Adder adder = adder();
            for (GradientSum[] result : results) {
                adder.add(result[i]);
            }
            sums.add(adder.total());
        }
        return new Timed(sums, System.nanoTime() - start);
    }

    /** Adds the results of all shards one by one, in index order. */
    Adder adder() {
        return new Adder(groupSize);
    }

    static final class Adder {
        private final int groupSize;
        private int count;
        private @Nullable GradientSum group;
        private @Nullable GradientSum total;

        Adder(int groupSize) {
            this.groupSize = groupSize;
        }

        /** Adds the next shard's result. Returns a result that may be reused; null if all are still needed. */
        @Nullable
        GradientSum add(GradientSum result) {
            if (count++ % groupSize != 0 && group != null) {
                group.add(result);
                return result;
            }
            GradientSum ended = endGroup();
            group = result;
            return ended;
        }

        private @Nullable GradientSum endGroup() {
            if (total == null) {
                total = group;
                return null;
            }
            if (group != null) {
                total.add(group);
            }
            return group;
        }

        /** The sum of all. */
        GradientSum total() {
            endGroup();
            group = null;
            return Objects.requireNonNull(total);
        }
    }

    private Timed scattered(JavaRDD<Shard> rdd, ShardTask task, int length) {
        int most = Math.max(1, Math.min(shards, rdd.context().defaultParallelism()));
        int slices = Math.max(1, Math.min(most, length / SLICE));
        JavaPairRDD<Integer, GradientSum> pieces = JavaPairRDD.fromJavaRDD(
                        rdd.mapPartitionsWithIndex(new Cut(task, slices), false))
                .partitionBy(new Slices(slices));
        try {
            GradientSum[] sums = (GradientSum[]) rdd.context().runJob(pieces.rdd(), new AddSlice(groupSize), SUM);
            long start = System.nanoTime();
            return new Timed(List.of(GradientSum.joined(sums)), System.nanoTime() - start);
        } finally {
            JobScope.release(rdd.context(), () -> pieces.rdd().cleanShuffleDependencies(false));
        }
    }

    /** Cuts a shard's result into slices, each with the key shard · slices + slice. */
    private static final class Cut
            implements Function2<Integer, Iterator<Shard>, Iterator<Tuple2<Integer, GradientSum>>> {
        private static final long serialVersionUID = 1L;

        private final ShardTask task;
        private final int slices;

        Cut(ShardTask task, int slices) {
            this.task = task;
            this.slices = slices;
        }

        @Override
        public Iterator<Tuple2<Integer, GradientSum>> call(Integer index, Iterator<Shard> shards) {
            GradientSum result = task.apply(shards.next())[0];
            long length = result.gradient.length;
            return IntStream.range(0, slices)
                    .mapToObj(i -> new Tuple2<>(
                            Math.addExact(Math.multiplyExact(index, slices), i),
                            result.slice((int) (length * i / slices), (int) (length * (i + 1) / slices))))
                    .iterator();
        }
    }

    /** Sends the same slice of all shards to one partition. */
    private static final class Slices extends Partitioner {
        private static final long serialVersionUID = 1L;

        private final int count;

        Slices(int count) {
            this.count = count;
        }

        @Override
        public int numPartitions() {
            return count;
        }

        @Override
        public int getPartition(Object key) {
            return (Integer) key % count;
        }
    }

    /** Adds one slice of all shards in the order of the shards. They arrive in any order. */
    private static final class AddSlice
            extends AbstractFunction2<TaskContext, scala.collection.Iterator<Tuple2<Integer, GradientSum>>, GradientSum>
            implements Serializable {
        private static final long serialVersionUID = 1L;

        private final int groupSize;

        AddSlice(int groupSize) {
            this.groupSize = groupSize;
        }

        @Override
        public GradientSum apply(TaskContext context, scala.collection.Iterator<Tuple2<Integer, GradientSum>> pieces) {
            List<Tuple2<Integer, GradientSum>> all = new ArrayList<>();
            while (pieces.hasNext()) {
                all.add(pieces.next());
            }
            all.sort((a, b) -> Integer.compare(a._1(), b._1()));
            Adder adder = new Adder(groupSize);
            all.forEach(piece -> adder.add(piece._2()));
            return adder.total();
        }
    }
}
