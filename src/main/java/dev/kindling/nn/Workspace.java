package dev.kindling.nn;

import dev.kindling.linalg.Gemm;
import dev.kindling.linalg.Rows;

/**
 * Scratch for passes through one network: every layer's output and two buffers for gradients. {@link Network#workspace}
 * creates one per task; one thread uses it, and it is never serialised. After the first pass of a size, passes allocate
 * nothing.
 */
public final class Workspace {
    final Chain chain;
    private final int capacity;
    final Frame[] frames;
    final float[] delta; // (capacity, widest)
    final float[] spare; // (capacity, widest)
    private final float[] densified; // (capacity, inputs) if the first layer takes dense arrays only
    private Rows dense;

    Workspace(Gemm gemm, int capacity, Chain chain) {
        this.chain = chain;
        this.capacity = capacity;
        this.frames = chain.frames(gemm, capacity, 0, true);
        // The first layer computes no gradient with respect to its input, so the input's width does not count.
        this.delta = new float[size(chain.widest())];
        this.spare = new float[size(chain.widest())];
        this.densified = chain.layers().get(0).takesSparseRows() ? new float[0] : new float[size(chain.inputs())];
        this.dense = Rows.dense(0, chain.inputs(), densified, 0);
    }

    private int size(int width) {
        return Math.toIntExact((long) capacity * width);
    }

    /** The largest number of rows in a pass. */
    public int capacity() {
        return capacity;
    }

    /** Multiplies the rate of every dropout in the next passes by a factor in [0, 1]. */
    public void scaleDropout(double factor) {
        scaleDropout(frames, factor);
    }

    private static void scaleDropout(Frame[] frames, double factor) {
        for (Frame frame : frames) {
            frame.dropout = factor;
            scaleDropout(frame.inner, factor);
        }
    }

    /** The raw outputs of the last pass: (rows, outputs). */
    public float[] logits() {
        return frames[frames.length - 1].out;
    }

    /** The output of a layer in the last pass: (rows, its width). Layers are counted from 0. */
    public float[] output(int layer) {
        return frames[layer].out;
    }

    /** The rows in the form that the first layer takes. */
    Rows input(Rows features) {
        if (densified.length == 0) {
            return features;
        }
        features.copyTo(densified);
        if (dense.rows() != features.rows()) {
            dense = Rows.dense(features.rows(), chain.inputs(), densified, 0);
        }
        return dense;
    }
}
