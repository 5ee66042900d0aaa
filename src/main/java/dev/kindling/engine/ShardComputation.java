package dev.kindling.engine;

import dev.kindling.data.BatchBuffer;
import dev.kindling.data.PackedRows;
import dev.kindling.data.Shard;
import dev.kindling.linalg.Permutation;
import dev.kindling.linalg.RandomKey;
import dev.kindling.loss.Batch;
import dev.kindling.nn.Network;
import dev.kindling.nn.Workspace;
import dev.kindling.optim.Optimizer;
import java.lang.ref.SoftReference;
import org.jspecify.annotations.Nullable;

/**
 * What one thread does with one shard at a time for a run, and the arrays that it does it in. The arrays are kept from
 * one shard and step to the next where they fit; nothing depends on their contents.
 */
public final class ShardComputation {
    /** Rows in one pass through the network: enough for products at full rate, few enough for the cache. */
    private static final int PASS = 512;

    /**
     * Of Spark's threads: a task's result is written before its thread takes the next task, so the next task may use
     * the same arrays. What is kept can be dropped at any time.
     */
    private static final ThreadLocal<@Nullable SoftReference<ShardComputation[]>> OF_THREAD = new ThreadLocal<>();

    final RunSetup setup;
    private @Nullable Workspace workspace;
    private @Nullable BatchBuffer buffer;
    private @Nullable GradientSum sum;
    private @Nullable LocalState localState;

    ShardComputation(RunSetup setup) {
        this.setup = setup;
    }

    /** This thread's computations for these runs; those for other runs are dropped. */
    static ShardComputation[] ofThread(RunSetup[] runs) {
        SoftReference<ShardComputation[]> reference = OF_THREAD.get();
        ShardComputation[] kept = reference == null ? null : reference.get();
        ShardComputation[] computations = new ShardComputation[runs.length];
        for (int i = 0; i < runs.length; i++) {
            computations[i] = kept == null ? new ShardComputation(runs[i]) : find(kept, i, runs[i]);
        }
        OF_THREAD.set(new SoftReference<>(computations));
        return computations;
    }

    /** The one of these for the run, most likely at {@code hint}; else a new one. */
    private static ShardComputation find(ShardComputation[] kept, int hint, RunSetup run) {
        for (int i = 0; i < kept.length; i++) {
            ShardComputation computation = kept[(hint + i) % kept.length];
            if (computation.setup.equals(run)) {
                return computation;
            }
        }
        return new ShardComputation(run);
    }

    /**
     * A shard's answer, and how long it took.
     *
     * @param into overwritten and returned; null: an array of this computation's own, valid until the next answer
     */
    GradientSum answer(ShardRequest request, Shard shard, float[] parameters, @Nullable GradientSum into) {
        long start = System.nanoTime();
        GradientSum answer = (into == null ? sum(request.length(setup.network.parameterCount())) : into).cleared();
        request.add(this, setup.fold == null ? shard : shard.of(setup.fold), parameters, answer);
        return answer.since(start);
    }

    private GradientSum sum(int length) {
        if (sum == null || sum.gradient.length != length) {
            sum = new GradientSum(length);
        }
        return sum;
    }

    /** Adds the loss, metric, weight and, if asked for, gradient of a shard's rows at one step of an epoch. */
    void step(Shard shard, float[] parameters, int epoch, int step, int steps, boolean withGradient, GradientSum sum) {
        PackedRows rows = shard.training;
        int from = (int) ((long) rows.rows() * step / steps);
        int to = (int) ((long) rows.rows() * (step + 1) / steps);
        if (from == to) {
            return;
        }
        Network network = setup.network;
        int pass = network.usesBatchStatistics() ? to - from : Math.min(PASS, to - from);
        Workspace workspace = workspace(pass);
        BatchBuffer buffer = buffer(rows, pass);
        RandomKey run = RandomKey.of(setup.seed);
        Permutation order =
                Permutation.of(run.fold(RandomKey.SHUFFLE).fold(epoch).fold(shard.index), rows.rows());
        RandomKey dropout = run.fold(RandomKey.DROPOUT).fold(epoch).fold(step).fold(shard.index);
        for (int first = from; first < to; first += pass) {
            buffer.clear();
            for (int position = first; position < Math.min(first + pass, to); position++) {
                rows.copyTo(order.at(position), buffer);
            }
            Batch batch = buffer.batch();
            RandomKey key = dropout.fold(first);
            sum.loss += withGradient
                    ? setup.source.accumulate(network, parameters, batch, setup.loss, key, workspace, sum.gradient)
                    : network.trainingLoss(parameters, batch, setup.loss, key, workspace);
            sum.metric += setup.metric.sum(batch, network.outputs(), workspace.logits());
            sum.weight += batch.weight();
        }
    }

    /** Adds the loss, metric and weight of a shard's validation rows. */
    void validation(Shard shard, float[] parameters, GradientSum sum) {
        PackedRows rows = shard.validation;
        if (rows.rows() == 0) {
            return;
        }
        Network network = setup.network;
        Workspace workspace = workspace(Math.min(PASS, rows.rows()));
        int count;
        for (int row = 0; row < rows.rows(); row += count) {
            count = rows.run(row, PASS);
            Batch batch = rows.slice(row, count);
            sum.loss += network.loss(parameters, batch, setup.loss, workspace);
            sum.metric += setup.metric.sum(batch, network.outputs(), workspace.logits());
            sum.weight += batch.weight();
        }
    }

    /** What a shard's own steps change. */
    LocalState localState(Optimizer optimizer) {
        if (localState == null) {
            localState = new LocalState(optimizer, setup.network.parameterCount());
        }
        return localState;
    }

    private Workspace workspace(int rows) {
        if (workspace == null || workspace.capacity() < rows) {
            workspace = setup.network.workspace(GemmBackend.follow(setup.gemm), rows);
        }
        return workspace;
    }

    /** An empty buffer for up to that many of these rows. */
    private BatchBuffer buffer(PackedRows source, int rows) {
        if (buffer == null || !buffer.suits(source, rows, setup.classFactors)) {
            buffer = new BatchBuffer(source, rows, setup.classFactors);
        }
        buffer.clear();
        return buffer;
    }
}
