package dev.kindling.nn;

import dev.kindling.linalg.Gemm;
import dev.kindling.linalg.RandomKey;
import dev.kindling.linalg.Rows;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The scratch of passes through one network: every layer's output and two buffers for gradients. Made once a task by
 * {@link Network#workspace}, used by one thread, never serialised. After the first pass of a size nothing is allocated.
 */
public final class Workspace {
    private final int capacity;
    private final Frame[] frames;
    private final Rows[] inputs; // the view of each layer's input, kept while the number of rows stays
    private final float[]
            densified; // (capacity, inputs) where the first layer is not dense, and so takes whole arrays only
    private final float[] delta; // (capacity, widest)
    private final float[] spare; // (capacity, widest)

    Workspace(Gemm gemm, int capacity, List<Layer> layers, int[] widths, int[] offsets) {
        this.capacity = capacity;
        this.frames = new Frame[layers.size()];
        this.inputs = new Rows[layers.size()];
        int widest = 0;
        for (int i = 0; i < frames.length; i++) {
            float[] out = new float[size(widths[i + 1])];
            frames[i] = new Frame(gemm, widths[i], widths[i + 1], offsets[i], i == 0, out);
            inputs[i] = frames[i].in;
            widest = Math.max(widest, widths[i + 1]);
        }
        // A first layer that is not dense works in place on the gradient, so the input's width does not count.
        this.delta = new float[size(widest)];
        this.spare = new float[size(widest)];
        this.densified = layers.get(0) instanceof Dense ? new float[0] : new float[size(widths[0])];
    }

    private int size(int width) {
        return Math.toIntExact((long) capacity * width);
    }

    /** The largest number of rows of a pass. */
    public int capacity() {
        return capacity;
    }

    /** The raw outputs of the last pass: (rows, outputs). */
    public float[] logits() {
        return frames[frames.length - 1].out;
    }

    float[] delta() {
        return delta;
    }

    float[] spare() {
        return spare;
    }

    /** Makes the frames ready for a pass. */
    Frame[] frames(Rows features, float[] parameters, @Nullable RandomKey key) {
        Rows in = features;
        if (densified.length > 0) {
            features.copyTo(densified);
            in = view(0, features.rows(), densified);
        }
        for (int i = 0; i < frames.length; i++) {
            Frame frame = frames[i];
            frame.in = in;
            frame.parameters = parameters;
            frame.key = key == null ? null : key.fold(i);
            if (i + 1 < frames.length) {
                in = view(i + 1, features.rows(), frame.out);
            }
        }
        return frames;
    }

    private Rows view(int layer, int rows, float[] values) {
        if (inputs[layer].rows() != rows || inputs[layer].values() != values) {
            inputs[layer] = Rows.dense(rows, frames[layer].inputs, values, 0);
        }
        return inputs[layer];
    }
}
