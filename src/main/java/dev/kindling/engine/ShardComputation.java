package dev.kindling.engine;

import dev.kindling.data.BatchBuffer;
import dev.kindling.data.PackedRows;
import dev.kindling.data.Shard;
import dev.kindling.linalg.Permutation;
import dev.kindling.linalg.RandomKey;
import dev.kindling.loss.Batch;
import dev.kindling.loss.ScoredBatch;
import dev.kindling.nn.Network;
import dev.kindling.nn.Workspace;
import dev.kindling.nn.embedding.TouchedRows;
import dev.kindling.optim.Optimizer;
import java.lang.ref.SoftReference;
import org.jspecify.annotations.Nullable;

/**
 * What one thread does with one shard at a time for a run, and the arrays that it does it in. The arrays are kept from
 * one shard and step to the next where they fit; nothing depends on their contents.
 */
public final class ShardComputation {
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
    private @Nullable TouchedPart part; // that the arrays are for; null: the whole
    private @Nullable TouchedPart spare; // of a Spark task
    private @Nullable TouchedPart narrow; // of a local step
    private @Nullable LocalState narrowState;
    private long[] marks = {}; // (inputs) bits, all 0 between uses

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
     * @param part of the network that the request is about; null: the whole
     * @param parameters of that part
     * @param into overwritten and returned; null: an array of this computation's own, valid until the next answer
     */
    GradientSum answer(
            ShardRequest request,
            Shard shard,
            @Nullable TouchedPart part,
            float[] parameters,
            @Nullable GradientSum into) {
        long start = System.nanoTime();
        over(part);
        GradientSum answer = (into == null ? sum(request.length(network().parameterCount())) : into).cleared();
        request.add(this, setup.fold == null ? shard : shard.of(setup.fold), parameters, answer);
        return answer.since(start);
    }

    /** The part that these inputs touch. */
    TouchedPart part(int[] touched) {
        spare = TouchedPart.of(setup.network, touched, spare);
        return spare;
    }

    /** Chooses what the next steps compute with. */
    void over(@Nullable TouchedPart next) {
        Network before = network();
        part = next;
        if (network() != before) {
            workspace = null;
        }
    }

    @Nullable
    TouchedPart part() {
        return part;
    }

    /** The network over the chosen part. */
    Network network() {
        return part == null ? setup.network : part.network;
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
        int from = first(rows, step, steps);
        int to = first(rows, step + 1, steps);
        if (from == to) {
            return;
        }
        Network network = network();
        int pass = network.usesBatchStatistics() ? to - from : Math.min(network.passRows(), to - from);
        Workspace workspace = workspace(pass);
        workspace.scaleDropout(setup.dropoutFactor(epoch, step, steps));
        BatchBuffer buffer = buffer(rows, pass);
        RandomKey run = RandomKey.of(setup.seed);
        Permutation order = order(shard, epoch);
        RandomKey dropout = run.fold(RandomKey.DROPOUT).fold(epoch).fold(step).fold(shard.index);
        for (int first = from; first < to; first += pass) {
            clear(buffer);
            for (int position = first; position < Math.min(first + pass, to); position++) {
                rows.copyTo(order.at(position), buffer);
            }
            Batch batch = buffer.batch();
            RandomKey key = dropout.fold(first);
            sum.loss += withGradient
                    ? setup.source.accumulate(network, parameters, batch, setup.loss, key, workspace, sum.gradient)
                    : network.trainingLoss(parameters, batch, setup.loss, key, workspace);
            sum.count(setup.metric.tally(), new ScoredBatch(batch, setup.loss, network.outputs(), workspace.logits()));
            sum.weight += batch.weight();
        }
    }

    /** A shard's training rows in the order of an epoch. */
    private Permutation order(Shard shard, int epoch) {
        RandomKey shuffle = RandomKey.of(setup.seed).fold(RandomKey.SHUFFLE);
        return Permutation.of(shuffle.fold(epoch).fold(shard.index), shard.training.rows());
    }

    /** The inputs that are not 0 in some of a shard's rows of these steps of an epoch, ascending. */
    int[] touched(Shard shard, int epoch, int from, int to, int steps) {
        PackedRows rows = shard.training;
        int inputs = setup.network.inputs();
        marks = marks.length == 0 ? new long[(inputs + Long.SIZE - 1) / Long.SIZE] : marks;
        Permutation order = order(shard, epoch);
        for (int position = first(rows, from, steps); position < first(rows, to, steps); position++) {
            rows.mark(order.at(position), marks);
        }
        int count = 0;
        for (long word : marks) {
            count += Long.bitCount(word);
        }
        int[] touched = new int[count];
        int found = 0;
        for (int i = 0; found < count; i++) {
            for (long left = marks[i]; left != 0; left &= left - 1) {
                touched[found++] = i * Long.SIZE + Long.numberOfTrailingZeros(left);
            }
            marks[i] = 0;
        }
        return touched;
    }

    /** The position of a step's first row. */
    private static int first(PackedRows rows, int step, int steps) {
        return (int) ((long) rows.rows() * step / steps);
    }

    /** Adds the loss, metric and weight of a shard's validation rows. */
    void validation(Shard shard, float[] parameters, GradientSum sum) {
        PackedRows rows = shard.validation;
        if (rows.rows() == 0) {
            return;
        }
        Network network = network();
        int pass = network.passRows();
        Workspace workspace = workspace(Math.min(pass, rows.rows()));
        int count;
        for (int row = 0; row < rows.rows(); row += count) {
            count = rows.run(row, pass);
            Batch batch = rows.slice(row, count);
            sum.loss += network.loss(parameters, batch, setup.loss, workspace);
            sum.count(setup.metric.tally(), new ScoredBatch(batch, setup.loss, network.outputs(), workspace.logits()));
            sum.weight += batch.weight();
        }
    }

    /** What a shard's own steps change. */
    LocalState localState(Optimizer optimizer) {
        localState = LocalState.of(optimizer, network().parameterCount(), localState);
        return localState;
    }

    /** The same for a step of its own, after {@link #narrow}. */
    LocalState narrowState(Optimizer optimizer) {
        narrowState = LocalState.of(optimizer, network().parameterCount(), narrowState);
        return narrowState;
    }

    /** Chooses, for the next steps, what a shard's rows of one step touch. */
    TouchedRows narrow(Shard shard, int epoch, int step, int steps) {
        narrow = TouchedPart.of(setup.network, touched(shard, epoch, step, step + 1, steps), narrow);
        over(narrow);
        return narrow.rows;
    }

    private Workspace workspace(int rows) {
        if (workspace == null || workspace.capacity() < rows) {
            workspace = network().workspace(GemmBackend.follow(setup.gemm), rows);
        }
        return workspace;
    }

    /** A buffer for up to that many of these rows. */
    private BatchBuffer buffer(PackedRows source, int rows) {
        boolean narrow = part != null;
        if (buffer == null || !buffer.suits(source, rows, setup.classFactors, narrow)) {
            buffer = new BatchBuffer(source, rows, setup.classFactors, narrow);
        }
        return buffer;
    }

    private void clear(BatchBuffer filled) {
        if (part == null) {
            filled.clear();
        } else {
            filled.clear(part.network.inputs(), part.map);
        }
    }
}
