package dev.kindling.engine;

import dev.kindling.data.BatchBuffer;
import dev.kindling.data.PackedRows;
import dev.kindling.data.Shard;
import dev.kindling.linalg.Permutation;
import dev.kindling.linalg.RandomKey;
import dev.kindling.loss.Batch;
import dev.kindling.loss.Loss;
import dev.kindling.loss.Metric;
import dev.kindling.loss.ScoredBatch;
import dev.kindling.nn.GradientSource;
import dev.kindling.nn.Network;
import dev.kindling.nn.Workspace;
import java.io.Serializable;
import java.lang.ref.WeakReference;
import java.util.Collections;
import java.util.Map;
import java.util.UUID;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/** What every task of a run needs besides the parameters, and what tasks do with one shard. It travels in closures. */
public final class Plan implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Rows in one pass through the network: enough for the products to run at full rate, few enough for the cache. */
    private static final int PASS = 512;

    /** Those of this JVM, each while it is in use. */
    private static final Map<Plan, WeakReference<Plan>> HERE = Collections.synchronizedMap(new WeakHashMap<>());

    final Network network;
    final Loss loss;
    final Metric metric;
    final String gemm;
    final long seed;

    private final String run = UUID.randomUUID().toString();
    private final GradientSource source;
    private final float @Nullable [] classFactors; // of the training rows' weights; null where all are 1

    public Plan(
            Network network,
            Loss loss,
            Metric metric,
            GradientSource source,
            String gemm,
            long seed,
            float @Nullable [] classFactors) {
        this.network = network;
        this.source = source;
        this.classFactors = classFactors;
        this.loss = loss;
        this.metric = metric;
        this.gemm = gemm;
        this.seed = seed;
    }

    /** One instance a run and JVM, so that what a thread computed in fits the next task too. */
    private Object readResolve() {
        synchronized (HERE) {
            WeakReference<Plan> known = HERE.get(this);
            Plan plan = known == null ? null : known.get();
            if (plan == null) {
                plan = this;
                HERE.put(plan, new WeakReference<>(plan));
            }
            return plan;
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Plan plan && plan.run.equals(run);
    }

    @Override
    public int hashCode() {
        return run.hashCode();
    }

    /** Adds the loss, metric, weight and, if asked for, gradient of a shard's rows at one step of an epoch. */
    void step(
            Shard shard,
            float[] parameters,
            int epoch,
            int step,
            int steps,
            boolean withGradient,
            Scratch scratch,
            GradientSum sum) {
        PackedRows rows = shard.training;
        int from = (int) ((long) rows.rows() * step / steps);
        int to = (int) ((long) rows.rows() * (step + 1) / steps);
        if (from == to) {
            return;
        }
        int pass = network.usesBatchStatistics() ? to - from : Math.min(PASS, to - from);
        Workspace workspace = scratch.workspace(pass);
        BatchBuffer buffer = scratch.buffer(rows, pass, classFactors);
        RandomKey run = RandomKey.of(seed);
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
                    ? source.accumulate(network, parameters, batch, loss, key, workspace, sum.gradient)
                    : network.trainingLoss(parameters, batch, loss, key, workspace);
            sum.count(metric.tally(), new ScoredBatch(batch, loss, network.outputs(), workspace.logits()));
            sum.weight += batch.weight();
        }
    }

    /** Adds the loss, metric and weight of a shard's validation rows. */
    void validation(Shard shard, float[] parameters, Scratch scratch, GradientSum sum) {
        PackedRows rows = shard.validation;
        if (rows.rows() == 0) {
            return;
        }
        Workspace workspace = scratch.workspace(Math.min(PASS, rows.rows()));
        int count;
        for (int row = 0; row < rows.rows(); row += count) {
            count = rows.run(row, PASS);
            Batch batch = rows.slice(row, count);
            sum.loss += network.loss(parameters, batch, loss, workspace);
            sum.count(metric.tally(), new ScoredBatch(batch, loss, network.outputs(), workspace.logits()));
            sum.weight += batch.weight();
        }
    }
}
