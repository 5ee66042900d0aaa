package dev.kindling.table.encoding;

import java.util.Arrays;

/** The features of one row, in their order; zeros are left out. */
public final class FeatureSink {
    private final int size;
    private int[] indices;
    private double[] values;
    private int count;

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

    /** Where the features lie that are not 0, in ascending order. */
    public int[] indices() {
        return Arrays.copyOf(indices, count);
    }

    /** Those features. */
    public double[] values() {
        return Arrays.copyOf(values, count);
    }
}
