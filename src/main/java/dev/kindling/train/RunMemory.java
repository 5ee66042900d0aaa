package dev.kindling.train;

import dev.kindling.data.Shards;
import dev.kindling.engine.ShardEngine;
import dev.kindling.linalg.Require;
import dev.kindling.nn.Network;
import dev.kindling.optim.Optimizer;
import dev.kindling.spark.CachedBytes;
import java.util.OptionalLong;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;

/**
 * The memory that a run takes. A vector is as long as the network's parameters, in float32.
 *
 * @param parameters of the network
 * @param state vectors on the driver: parameters, the optimizer's, the moving average, the best parameters, and a checkpoint's
 *     copy of all that
 * @param result floats in the answer of a task: a gradient, or the optimizer's state too after local steps, of what a step
 *     touches
 * @param results that the driver holds at a time
 * @param scratch bytes of the arrays that a task computes a pass in: mostly outputs of layers
 * @param tasks that compute in the driver's JVM at a time
 * @param rows bytes of the rows that are cached in the driver's JVM
 */
public record RunMemory(long parameters, int state, long result, int results, long scratch, int tasks, long rows) {
    /** The share of a heap that vectors may use and leave enough to rows, Spark and garbage. */
    public static final double COMFORTABLE = 0.6;

    private static final long MIB = 1 << 20;
    private static final long SPARK = 128 * MIB; // what a JVM with Spark needs at least

    /**
     * What a run needs.
     *
     * @param checkpoints whether there will be any
     * @param members the number of networks that train at once
     */
    public static RunMemory of(RunConfig run, Shards shards, boolean checkpoints, int members) {
        TrainOptions options = run.options();
        int optimizer = run.rule().optimizer().vectors();
        boolean keepsBest =
                shards.validationRows() > 0 || options.earlyStopping().patience() > 0;
        int state = 1
                + optimizer
                + (options.emaDecay() > 0 ? 1 : 0)
                + (keepsBest ? 1 : 0)
                + (options.outerOptimizer().hasVelocity() ? 1 : 0);
        long parameters = run.network().parameterCount();
        OptionalLong touched = TouchedSteps.length(run, shards);
        if (touched.isPresent() && !run.rule().skipsUntouched()) {
            state++; // a gradient of all
        }
        SparkContext context = shards.rdd().context();
        long result = touched.orElse(parameters) * (options.localSteps() > 1 ? 1 + optimizer : 1);
        return new RunMemory(
                parameters,
                members * (checkpoints ? 2 * state : state),
                result,
                members * ShardEngine.sumsAtOnce(context, shards.count(), options.aggregationDepth(), result),
                members * scratch(run, shards),
                context.isLocal() ? Math.min(context.defaultParallelism(), shards.count()) : 0,
                context.isLocal() ? CachedBytes.of(shards.rdd().rdd()).memory() : 0);
    }

    /** Bytes of what {@link dev.kindling.nn.Workspace} holds for a pass: each layer's output, and two of the widest. */
    private static long scratch(RunConfig run, Shards shards) {
        Network network = run.network();
        long step = (run.options().batchSize() + shards.count() - 1L) / shards.count();
        long pass = network.usesBatchStatistics() ? step : Math.min(network.passRows(), step);
        if (shards.validationRows() > 0) {
            pass = Math.max(pass, Math.min(network.passRows(), shards.validationRows() / shards.count()));
        }
        long widest = 0;
        long all = 0;
        for (int layer = 0; layer < network.layerNames().size(); layer++) {
            widest = Math.max(widest, network.outputs(layer));
            all += network.outputs(layer);
        }
        return Float.BYTES * pass * (all + 2 * widest);
    }

    /** All vectors on the driver, or as much as so many. */
    public long vectors() {
        return state + whole(result * results);
    }

    /** How many vectors hold so many floats. */
    private long whole(long floats) {
        return (floats + parameters - 1) / parameters;
    }

    /** Bytes of one vector. */
    public long vector() {
        return parameters * Float.BYTES;
    }

    /** Bytes of all vectors on the driver. */
    public long driver() {
        return vectors() * vector();
    }

    /** A heap for so many bytes of vectors, in MiB, as Spark's options take it. */
    public static String enough(long bytes) {
        return (long) Math.ceil(bytes / COMFORTABLE / MIB) + 1 + "m";
    }

    /**
     * Refuses a run that the driver's or an executor's heap cannot hold: a mistyped width would end their JVMs.
     *
     * @throws dev.kindling.linalg.InvalidInput with the option that gives enough
     */
    public void requireFits(SparkContext context) {
        require(
                "driver",
                "the network's",
                vectors(),
                tasks,
                rows,
                Runtime.getRuntime().maxMemory());
        if (!context.isLocal()) {
            SparkConf conf = context.getConf();
            int slots = Math.max(1, conf.getInt("spark.executor.cores", 1) / conf.getInt("spark.task.cpus", 1));
            long heap = conf.getSizeAsMb("spark.executor.memory", "1g") * MIB;
            require("executor", "the network's", 1 + whole(slots * result), slots, 0, heap);
        }
    }

    /**
     * Refuses a network that the driver's heap cannot hold, however many rows there are.
     *
     * @param least at least a part of the network
     * @throws dev.kindling.linalg.InvalidInput with the option that gives enough
     */
    public static void requireFits(Network least, Optimizer optimizer) {
        long parameters = least.parameterCount();
        RunMemory memory = new RunMemory(parameters, 1 + optimizer.vectors(), parameters, 1, 0, 0, 0);
        memory.require(
                "driver",
                "the hidden layers'",
                memory.vectors(),
                0,
                0,
                Runtime.getRuntime().maxMemory());
    }

    private void require(String jvm, String whose, long vectors, int computing, long cached, long heap) {
        long passes = computing * scratch;
        long need = vectors * vector() + passes + cached;
        String of = computing == 1 ? " task" : " tasks";
        Require.that(
                need + SPARK <= heap,
                "the memory of " + (jvm.equals("driver") ? "the driver" : "an executor") + " must hold " + vectors
                        + " vectors of " + whose + " " + parameters
                        + " parameters (they, their gradients and the optimizer's state), " + vectors * vector() / MIB
                        + " MiB, "
                        + (passes < MIB
                                ? ""
                                : "outputs of layers in " + computing + of + ", " + passes / MIB + " MiB, ")
                        + (cached < MIB ? "" : "the rows, " + cached / MIB + " MiB, ") + "and " + SPARK / MIB
                        + " MiB for Spark, but is " + heap / MIB + " MiB; --" + jvm + "-memory " + enough(need)
                        + " (spark." + jvm + ".memory) gives enough, or take fewer hidden units");
    }
}
