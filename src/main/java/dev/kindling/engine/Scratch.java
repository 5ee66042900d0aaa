package dev.kindling.engine;

import dev.kindling.data.BatchBuffer;
import dev.kindling.data.PackedRows;
import dev.kindling.nn.Workspace;
import dev.kindling.optim.Optimizer;
import dev.kindling.optim.Slots;
import java.lang.ref.SoftReference;
import org.jspecify.annotations.Nullable;

/** What one thread computes in; kept from one shard and step to the next where that fits. */
public final class Scratch {
    /**
     * Of Spark's threads: a task's result is written before its thread takes the next task, so the next may compute in
     * the same arrays. What is kept can be given up at any time.
     */
    private static final ThreadLocal<@Nullable SoftReference<Scratch[]>> OF_THREAD = new ThreadLocal<>();

    private final Plan plan;
    private @Nullable Workspace workspace;
    private @Nullable BatchBuffer buffer;
    private @Nullable GradientSum sum;
    private @Nullable Own own;

    Scratch(Plan plan) {
        this.plan = plan;
    }

    /** This thread's for each run, and for no other. */
    static Scratch[] ofThread(Ask[] asks) {
        SoftReference<Scratch[]> reference = OF_THREAD.get();
        Scratch[] kept = reference == null ? null : reference.get();
        Scratch[] scratches = new Scratch[asks.length];
        for (int i = 0; i < asks.length; i++) {
            scratches[i] = kept == null ? new Scratch(asks[i].plan()) : find(kept, i, asks[i].plan());
        }
        OF_THREAD.set(new SoftReference<>(scratches));
        return scratches;
    }

    /** One of these that is the plan's, most likely at {@code hint}; else a new one. */
    private static Scratch find(Scratch[] kept, int hint, Plan plan) {
        for (int i = 0; i < kept.length; i++) {
            Scratch scratch = kept[(hint + i) % kept.length];
            if (scratch.plan.equals(plan)) {
                return scratch;
            }
        }
        return new Scratch(plan);
    }

    /** A workspace for passes of up to {@code rows} rows. */
    Workspace workspace(int rows) {
        if (workspace == null || workspace.capacity() < rows) {
            workspace = plan.network.workspace(GemmBackend.follow(plan.gemm), rows);
        }
        return workspace;
    }

    /** An empty buffer for up to {@code rows} of these rows. */
    BatchBuffer buffer(PackedRows source, int rows, float @Nullable [] classFactors) {
        if (buffer == null || !buffer.suits(source, rows, classFactors)) {
            buffer = new BatchBuffer(source, rows, classFactors);
        }
        buffer.clear();
        return buffer;
    }

    /** An empty sum, valid until the next is asked for. */
    GradientSum sum(int length) {
        if (sum == null || sum.gradient.length != length) {
            sum = new GradientSum(length);
        }
        return sum.cleared();
    }

    /** What a shard steps in by itself. */
    Own own(Optimizer optimizer, int parameters) {
        if (own == null) {
            own = new Own(optimizer, parameters);
        }
        return own;
    }

    static final class Own {
        final float[] parameters;
        final Slots slots;
        final GradientSum gradient;

        private Own(Optimizer optimizer, int parameters) {
            this.parameters = new float[parameters];
            this.slots = new Slots(optimizer, parameters);
            this.gradient = new GradientSum(parameters);
        }

        /** @param start the parameters, then the slots */
        void begin(float[] start) {
            System.arraycopy(start, 0, parameters, 0, parameters.length);
            for (int slot = 0; slot < slots.names().size(); slot++) {
                System.arraycopy(start, (1 + slot) * parameters.length, slots.vector(slot), 0, parameters.length);
            }
        }

        /** Writes, times {@code weight}, how far the parameters went and then the slots. */
        void end(float[] start, float weight, float[] to) {
            for (int i = 0; i < parameters.length; i++) {
                to[i] = weight * (parameters[i] - start[i]);
            }
            for (int slot = 0; slot < slots.names().size(); slot++) {
                float[] vector = slots.vector(slot);
                int base = (1 + slot) * parameters.length;
                for (int i = 0; i < vector.length; i++) {
                    to[base + i] = weight * vector[i];
                }
            }
        }
    }
}
