package dev.kindling.nn;

import dev.kindling.linalg.Gemm;
import dev.kindling.linalg.RandomKey;
import dev.kindling.linalg.Rows;
import dev.kindling.loss.Batch;
import org.jspecify.annotations.Nullable;

/**
 * One layer's view of one pass: its input, its output, and the position of its parameters. Part of a {@link Workspace}.
 */
public final class Frame {
    private static final float[] EMPTY = {};

    final Gemm gemm;
    final Layer layer;
    final int inputs;
    final int outputs;
    final int offset; // of this layer's first parameter
    final boolean first; // no layer below needs the gradient of this layer's input
    final float[] out; // (rows, outputs)
    final int[] places; // what the layer knows of its inputs
    final double[] scratch; // values kept from the forward to the backward pass
    final Frame[] inner; // of a layer made of layers
    final float[] kept; // the same in float32

    Rows in; // (rows, inputs)
    float[] parameters;
    /** The rows of this pass; null at inference. */
    @Nullable
    Batch batch;
    /** The key of this pass and this layer; null at inference, where nothing is random. */
    @Nullable
    RandomKey key;

    double dropout = 1; // a factor of dropout's rate

    private Rows output; // the view of out, reused while the number of rows stays the same

    Frame(Gemm gemm, int capacity, Layer layer, int inputs, int outputs, int offset, boolean first) {
        this.gemm = gemm;
        this.layer = layer;
        this.inputs = inputs;
        this.outputs = outputs;
        this.offset = offset;
        this.first = first;
        this.out = new float[Math.toIntExact((long) capacity * outputs)];
        this.places = layer.places(inputs);
        this.scratch = new double[layer.scratch(inputs, capacity)];
        boolean whole = layer.inner().isEmpty();
        this.inner = whole ? new Frame[0] : Chain.of(inputs, layer.inner()).frames(gemm, capacity, offset, first);
        this.kept = new float[layer.kept(inputs, capacity)];
        this.in = Rows.dense(0, inputs, EMPTY, 0);
        this.parameters = EMPTY;
        this.output = Rows.dense(0, outputs, out, 0);
    }

    int rows() {
        return in.rows();
    }

    Rows output(int rows) {
        if (output.rows() != rows) {
            output = Rows.dense(rows, outputs, out, 0);
        }
        return output;
    }
}
