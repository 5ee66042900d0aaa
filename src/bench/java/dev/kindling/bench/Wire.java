package dev.kindling.bench;

import dev.kindling.StandaloneCluster;
import dev.kindling.checkpoint.Epoch;
import dev.kindling.data.Shard;
import dev.kindling.data.Shards;
import dev.kindling.engine.ShardEngine;
import dev.kindling.engine.StepTimes;
import dev.kindling.nn.Network;
import dev.kindling.train.TrainListener;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import scala.collection.Iterator;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction2;

/**
 * What a step costs over Spark beyond computing the gradient and moving the parameters, in local[2] and on a standalone cluster
 * of two executors in this machine, with 2 shards, beside the floor: a job of as many tasks that moves as many bytes each way as
 * arrays of bytes. Arguments: [rounds].
 */
public final class Wire {
    private static final Path FOLDER = Path.of("target", "benchmark", "wire").toAbsolutePath();
    private static final int ROWS = 32;
    private static final int BATCH = 16;
    private static final int SHARDS = 2;
    private static final ClassTag<byte[]> BYTES = ClassTag$.MODULE$.apply(byte[].class);

    private Wire() {}

    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
        Table table = new Table(
                "",
                "parameters",
                "ms a step",
                "compute",
                "update",
                "Spark's part",
                "empty job",
                "floor",
                "Spark's part / floor");
        measure("local[2]", Session.conf("local[2]"), rounds, table);
        try (StandaloneCluster cluster = new StandaloneCluster(FOLDER, SHARDS, Map.of())) {
            measure("cluster", Session.conf(cluster), rounds, table);
        }
        table.print();
    }

    private static void measure(String where, SparkConf conf, int rounds, Table table) throws IOException {
        try (SparkSession spark = Session.of(conf)) {
            JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
            context.setLocalProperty("spark.kindling.oneJvm", "false");
            try (Shards shards = Noise.pack(context, ROWS, SHARDS)) {
                for (int width : new int[] {98, 1_940, 9_700, 116_500}) {
                    measure(where, context, shards, width, rounds, table);
                }
            }
        }
    }

    private static void measure(
            String where, JavaSparkContext context, Shards shards, int width, int rounds, Table table) {
        Network network = Noise.network(width);
        int length = network.parameterCount();
        int most = context.isLocal() ? 400 : 100;
        int steps = Math.max(10, Math.min(most, 20_000_000 / length));
        double[] compute = new double[rounds];
        double[] update = new double[rounds];
        double[] spark = new double[rounds];
        double[] empty = new double[rounds];
        double[] floor = new double[rounds];
        for (int round = -2; round < rounds; round++) { // the first two warm up
            int at = Math.max(0, round);
            StepTimes stepTimes = train(network, shards, steps);
            compute[at] = stepTimes.compute();
            update[at] = stepTimes.update();
            spark[at] = stepTimes.schedule() + stepTimes.broadcast() + stepTimes.reduce();
            empty[at] = milliseconds(context, shards.rdd(), 0, steps);
            floor[at] = milliseconds(context, shards.rdd(), Float.BYTES * length, steps);
        }
        double part = Times.median(spark);
        double computing = Times.median(compute);
        double updating = Times.median(update);
        table.add(
                where,
                String.format("%,d", length),
                part + computing + updating,
                computing,
                updating,
                part,
                Times.median(empty),
                Times.median(floor),
                part / Times.median(floor));
    }

    private static StepTimes train(Network network, Shards shards, int steps) {
        int epochs = Math.max(2, steps * BATCH / ROWS);
        return Epoch.meanStepTimes(
                Noise.train(network, shards, epochs, BATCH, new TrainListener() {}).history());
    }

    /** Of a job that sends so many bytes to each task and gets as many from it. */
    private static double milliseconds(JavaSparkContext context, JavaRDD<Shard> shards, int bytes, int jobs) {
        long start = System.nanoTime();
        for (int job = 0; job < jobs; job++) {
            byte[] sent = new byte[bytes];
            if (bytes <= Float.BYTES * ShardEngine.INLINE) {
                context.sc().runJob(shards.rdd(), new Move(sent, null), BYTES);
            } else {
                Broadcast<byte[]> broadcast = context.broadcast(sent);
                context.sc().runJob(shards.rdd(), new Move(null, broadcast), BYTES);
                broadcast.destroy();
            }
        }
        return (System.nanoTime() - start) / 1e6 / jobs;
    }

    private static final class Move extends AbstractFunction2<TaskContext, Iterator<Shard>, byte[]>
            implements Serializable {
        private static final long serialVersionUID = 1L;

        private final byte[] inline;
        private final Broadcast<byte[]> broadcast;

        Move(byte[] inline, Broadcast<byte[]> broadcast) {
            this.inline = inline;
            this.broadcast = broadcast;
        }

        @Override
        public byte[] apply(TaskContext context, Iterator<Shard> shards) {
            shards.next();
            return new byte[inline == null ? broadcast.value().length : inline.length];
        }
    }
}
