package dev.kindling.nn;

import dev.kindling.linalg.Gemm;
import dev.kindling.linalg.RandomKey;
import dev.kindling.linalg.Rows;
import org.jspecify.annotations.Nullable;

/** What one layer sees in one pass: its input, its output, where its parameters are. Part of a {@link Workspace}. */
public final class Frame {
    final Gemm gemm;
    final int inputs;
    final int outputs;
    final int offset; // of this layer's first parameter
    final boolean first; // nothing below needs this layer's input gradient
    final float[] out; // (rows, outputs)

    Rows in; // (rows, inputs)
    float[] parameters;
    /** Of this pass and this layer; null at inference, where nothing is random. */
    @Nullable
    RandomKey key;

    Frame(Gemm gemm, int inputs, int outputs, int offset, boolean first, float[] out) {
        this.gemm = gemm;
        this.inputs = inputs;
        this.outputs = outputs;
        this.offset = offset;
        this.first = first;
        this.out = out;
        this.in = Rows.dense(0, inputs, EMPTY, 0);
        this.parameters = EMPTY;
    }

    private static final float[] EMPTY = {};
}
