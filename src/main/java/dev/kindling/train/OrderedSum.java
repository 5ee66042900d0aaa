package dev.kindling.train;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
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
 * Sums what the shards' tasks return, in an order that only the number of shards decides: in index order within groups
 * of ⌈√shards⌉, then over the groups in order.
 */
final class OrderedSum {
    /** Up to this many results the driver has added them all before a shuffle would have begun. */
    private static final int DIRECT = 32;

    private static final ClassTag<byte[]> BYTES = ClassTag$.MODULE$.apply(byte[].class);

    private final int groupSize;
    private final int groups;
    private final boolean onExecutors;

    OrderedSum(int shards, int aggregationDepth) {
        this.groupSize = (int) Math.ceil(Math.sqrt(shards));
        this.groups = (shards + groupSize - 1) / groupSize;
        this.onExecutors = aggregationDepth > 1 && shards > DIRECT;
    }

    GradientSum of(JavaRDD<Shard> rdd, ShardTask task) {
        return onExecutors ? addGroups(sumsOfGroups(rdd, task)) : addAll(results(rdd, task));
    }

    private static byte[][] results(JavaRDD<Shard> rdd, ShardTask task) {
        return (byte[][]) rdd.context().runJob(rdd.rdd(), task, BYTES);
    }

    private GradientSum addAll(byte[][] results) {
        Adder adder = adder();
        for (byte[] result : results) {
            adder.add(GradientSum.fromBytes(result));
        }
        return adder.total();
    }

    /** Takes the results of all shards one by one, in index order. */
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

        /** Adds the next shard's result, and returns the one that is free for other use; none where all are in use. */
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

    private byte[][] sumsOfGroups(JavaRDD<Shard> rdd, ShardTask task) {
        JavaPairRDD<Integer, byte[]> results = JavaPairRDD.fromJavaRDD(
                        rdd.mapPartitionsWithIndex(new Indexed(task), false))
                .partitionBy(new Groups(groupSize, groups));
        return (byte[][]) rdd.context().runJob(results.rdd(), new AddGroup(), BYTES);
    }

    private static GradientSum addGroups(byte[][] sums) {
        return add(Arrays.asList(sums));
    }

    private static GradientSum add(List<byte[]> results) {
        GradientSum sum = GradientSum.fromBytes(results.get(0));
        for (byte[] result : results.subList(1, results.size())) {
            sum.add(GradientSum.fromBytes(result));
        }
        return sum;
    }

    /** A shard's result under its index. */
    private static final class Indexed
            implements Function2<Integer, Iterator<Shard>, Iterator<Tuple2<Integer, byte[]>>> {
        private static final long serialVersionUID = 1L;

        private final ShardTask task;

        Indexed(ShardTask task) {
            this.task = task;
        }

        @Override
        public Iterator<Tuple2<Integer, byte[]>> call(Integer index, Iterator<Shard> shards) {
            return List.of(new Tuple2<>(index, task.apply(shards.next()))).iterator();
        }
    }

    /** Sends neighbours to one partition. */
    private static final class Groups extends Partitioner {
        private static final long serialVersionUID = 1L;

        private final int size;
        private final int count;

        Groups(int size, int count) {
            this.size = size;
            this.count = count;
        }

        @Override
        public int numPartitions() {
            return count;
        }

        @Override
        public int getPartition(Object index) {
            return (Integer) index / size;
        }
    }

    /** Adds the results of one group, which arrive in any order, in the order of their index. */
    private static final class AddGroup
            extends AbstractFunction2<TaskContext, scala.collection.Iterator<Tuple2<Integer, byte[]>>, byte[]>
            implements Serializable {
        private static final long serialVersionUID = 1L;

        @Override
        public byte[] apply(TaskContext context, scala.collection.Iterator<Tuple2<Integer, byte[]>> results) {
            List<Tuple2<Integer, byte[]>> group = new ArrayList<>();
            while (results.hasNext()) {
                group.add(results.next());
            }
            group.sort((a, b) -> Integer.compare(a._1(), b._1()));
            return add(group.stream().map(Tuple2::_2).toList()).toBytes();
        }
    }
}
