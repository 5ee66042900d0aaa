package dev.kindling.linalg;

import java.io.Serializable;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * What is subtracted from features and targets, in double, before they are narrowed to float32. float32 has 24 bits: of Unix
 * seconds, about 1.7e9, it keeps only multiples of 128. A model that was trained on rows less these offsets subtracts them
 * from each row that it scores, and adds the targets' to its predictions.
 *
 * <p>A class, not a record: the Kryo that Spark ships cannot write records.
 */
public final class Offsets implements Serializable {
    private static final long serialVersionUID = 1L;

    public static final Offsets NONE = new Offsets(new int[0], new double[0], new double[0]);

    private final int[] columns; // of the features that have an offset, ascending
    private final double[] values; // their offsets
    private final double[] targets; // (targets), or empty: all are 0

    /**
     * @param columns of the features that have an offset, ascending
     * @param values their offsets
     * @param targets the offset of each target; empty if none has one
     */
    public Offsets(int[] columns, double[] values, double[] targets) {
        this.columns = columns.clone();
        this.values = values.clone();
        this.targets = targets.clone();
    }

    public boolean isNone() {
        return columns.length == 0 && targets.length == 0;
    }

    public boolean ofFeatures() {
        return columns.length > 0;
    }

    /** The features that have an offset, in ascending order. */
    public int[] columns() {
        return columns.clone();
    }

    public double feature(int column) {
        int place = Arrays.binarySearch(columns, column);
        return place < 0 ? 0 : values[place];
    }

    public double target(int place) {
        return place < targets.length ? targets[place] : 0;
    }

    /** The number of targets that have an offset of their own: all or none. */
    public int targets() {
        return targets.length;
    }

    /** All values of a row, less their offsets. */
    public double[] subtract(double[] row) {
        double[] less = row.clone();
        for (int k = 0; k < columns.length && columns[k] < row.length; k++) {
            less[columns[k]] -= values[k];
        }
        return less;
    }

    /** The columns of a sparse row less its offsets: those that it stores and those that have an offset, ascending. */
    public int[] stored(int size, int[] indices) {
        IntStream moved = IntStream.of(columns).filter(column -> column < size);
        return IntStream.concat(IntStream.of(indices), moved)
                .sorted()
                .distinct()
                .toArray();
    }

    /** The values of a sparse row less their offsets, in the columns {@link #stored}. */
    public double[] subtract(int[] indices, double[] row, int[] stored) {
        double[] less = new double[stored.length];
        int next = 0;
        for (int p = 0; p < stored.length; p++) {
            boolean present = next < indices.length && indices[next] == stored[p];
            less[p] = (present ? row[next] : 0) - feature(stored[p]);
            next += present ? 1 : 0;
        }
        return less;
    }

    /** In words, for what identifies a run. */
    @Override
    public String toString() {
        return Arrays.toString(columns) + " " + Arrays.toString(values) + " " + Arrays.toString(targets);
    }
}
