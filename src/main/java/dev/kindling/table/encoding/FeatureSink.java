package dev.kindling.table.encoding;

import dev.kindling.linalg.InvalidInput;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The features of one row, in their order; zeros are left out. */
public final class FeatureSink {
    private final int size;
    private int[] indices;
    private double[] values;
    private int count;
    private @Nullable String refusal;

    /** @param size 0 to keep nothing */
    public FeatureSink(int size) {
        this.size = size;
        this.indices = new int[Math.min(size, 64)];
        this.values = new double[indices.length];
    }

    void put(int index, double value) {
        if (value == 0 || size == 0) {
            return;
        }
        if (count == indices.length) {
            int room = Math.min(size, 2 * count);
            indices = Arrays.copyOf(indices, room);
            values = Arrays.copyOf(values, room);
        }
        indices[count] = index;
        values[count++] = value;
    }

    /** Says why the row is refused; only the first reason counts. */
    void refuse(String sentence) {
        refusal = refusal == null ? sentence : refusal;
    }

    /** Why the row is refused, for {@link InvalidInput}; null if it is not. */
    public @Nullable String refusal() {
        return refusal;
    }

    /** Whether a sparse vector takes less memory: the rule of Spark's {@code Vector.compressed}. */
    public boolean isSparse() {
        return 1.5 * (count + 1.0) < size;
    }

    /** All features. */
    public double[] dense() {
        double[] dense = new double[size];
        for (int i = 0; i < count; i++) {
            dense[indices[i]] = values[i];
        }
        return dense;
    }

    /** Where the features lie that are not 0, in ascending order. */
    public int[] indices() {
        return Arrays.copyOf(indices, count);
    }

    /** Those features. */
    public double[] values() {
        return Arrays.copyOf(values, count);
    }
}
