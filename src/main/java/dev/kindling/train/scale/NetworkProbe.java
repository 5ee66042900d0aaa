package dev.kindling.train.scale;

import dev.kindling.engine.ShardEngine;
import dev.kindling.spark.JobScope;
import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Collections;
import java.util.Random;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.RDD;
import org.jspecify.annotations.Nullable;
import scala.collection.Iterator;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction2;

/** Measures what Spark's jobs and messages cost, by jobs that do nothing else. */
final class NetworkProbe {
    /** Above what travels within a task or its answer; the larger is still one block of a broadcast. */
    private static final int SMALL = 1_200_000;

    private static final int LARGE = 4_000_000;

    /** Parameters up to so many bytes travel within the task. */
    private static final long WITHIN_TASK = (long) Float.BYTES * ShardEngine.INLINE;

    private static final double SECONDS = 10;
    private static final int MOST_PEERS = 8;
    private static final int MANY = 16; // times as many tasks as cores
    private static final ClassTag<byte[]> BYTES = ClassTag$.MODULE$.apply(byte[].class);

    private final JavaSparkContext context;
    private final ClusterSize cluster;
    private final double pace;
    private final byte[] message = new byte[LARGE]; // that cannot be compressed, as parameters

    /** @param pace times as long as usual */
    NetworkProbe(JavaSparkContext context, ClusterSize cluster, double pace) {
        this.pace = pace;
        this.context = context;
        this.cluster = cluster;
        new Random(1).nextBytes(message);
    }

    Wire measure() {
        int slots = cluster.slots();
        int many = MANY * slots;
        int executors = Math.min(cluster.executors(), MOST_PEERS);
        int tasks = Math.min(slots, MOST_PEERS);
        Repeated none = job(1, 0);
        Repeated all = job(slots, 0);
        Repeated ofMany = job(many, 0);
        Repeated allBusy = Repeated.of(() -> busy(slots));
        Repeated manyBusy = Repeated.of(() -> busy(many));
        Repeated[][] sent = {
            {broadcast(1, SMALL), broadcast(executors, SMALL)}, {broadcast(1, LARGE), broadcast(executors, LARGE)}
        };
        Repeated[][] returned = {{job(1, SMALL), job(tasks, SMALL)}, {job(1, LARGE), job(tasks, LARGE)}};
        Repeated.byTurns(
                pace * SECONDS,
                none,
                all,
                ofMany,
                allBusy,
                manyBusy,
                sent[0][0],
                sent[0][1],
                sent[1][0],
                sent[1][1],
                returned[0][0],
                returned[0][1],
                returned[1][0],
                returned[1][1]);
        double waiting = ofMany.median() - all.median();
        double busy = manyBusy.median() - allBusy.median();
        double task = Math.max(0, Math.min(waiting, busy) / (many - slots));
        long direct = context.getConf().getSizeAsBytes("spark.task.maxDirectResultSize", "1m");
        return new Wire(
                Math.max(0, all.median() - task * slots),
                task,
                transfer(WITHIN_TASK, executors, none, sent),
                transfer(direct, tasks, none, returned));
    }

    /** By the least of each time: a link is never faster than it is, and what else the machine does only slows it. */
    private static Transfer transfer(long direct, int peers, Repeated none, Repeated[][] messages) {
        return Transfer.of(direct, SMALL, LARGE, peers, none.least(), pair(messages[0]), pair(messages[1]));
    }

    private static Transfer.Pair pair(Repeated[] figures) {
        return new Transfer.Pair(figures[0].least(), figures[1].least());
    }

    private Repeated job(int tasks, int returned) {
        return Repeated.seconds(() -> run(tasks, null, returned));
    }

    private Repeated broadcast(int tasks, int bytes) {
        return Repeated.seconds(() -> send(bytes, tasks));
    }

    /** To as many executors as tasks, because Spark deals tasks out to executors in turn. */
    private void send(int bytes, int tasks) {
        Broadcast<byte[]> broadcast = context.broadcast(Arrays.copyOf(message, bytes));
        run(tasks, broadcast, 0);
        JobScope.release(context.sc(), broadcast::destroy);
    }

    private void run(int tasks, @Nullable Broadcast<byte[]> sent, int returned) {
        RDD<Integer> rdd =
                context.parallelize(Collections.nCopies(tasks, 0), tasks).rdd();
        context.sc().runJob(rdd, new Move(sent, returned), BYTES);
    }

    /** Processor seconds of the driver's threads in a job of no work; those of its compiler and garbage collector do not count. */
    private double busy(int tasks) {
        double before = processorSeconds();
        run(tasks, null, 0);
        return processorSeconds() - before;
    }

    private static double processorSeconds() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return Arrays.stream(threads.getAllThreadIds())
                        .map(threads::getThreadCpuTime)
                        .filter(nanos -> nanos > 0) // -1 of a thread that has ended
                        .sum()
                / 1e9;
    }

    /** Takes what was broadcast, and returns so many bytes. */
    private static final class Move extends AbstractFunction2<TaskContext, Iterator<Integer>, byte[]>
            implements Serializable {
        private static final long serialVersionUID = 1L;

        private final @Nullable Broadcast<byte[]> sent;
        private final int returned;

        Move(@Nullable Broadcast<byte[]> sent, int returned) {
            this.sent = sent;
            this.returned = returned;
        }

        @Override
        public byte[] apply(TaskContext context, Iterator<Integer> nothing) {
            return new byte[sent == null ? returned : Math.min(returned, sent.value().length)];
        }
    }
}
