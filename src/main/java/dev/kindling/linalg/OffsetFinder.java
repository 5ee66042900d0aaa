package dev.kindling.linalg;

import java.io.Serializable;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Finds the columns whose values lie far from 0 beside their range, so that float32 would lose what tells them apart. The
 * offset of such a column is the middle of its range. Neither the order of the rows nor their partitions matter, because only
 * the least and the largest value count.
 *
 * <p>A column drops out as soon as its range is wide enough, for good: more values only widen it. So ordinary data cost next
 * to nothing after the first rows.
 */
public final class OffsetFinder implements Serializable {
    private static final long serialVersionUID = 1L;

    /** If the middle is at most this many times half the range, float32 rounds to at most 2⁻¹⁶ of half the range. */
    private static final double FAR = 256;

    /** A range that is at most this part of the middle is the rounding error of a constant, which needs no offset. */
    private static final double CONSTANT = 0x1p-44;

    private long rows;
    private int[] columns = {}; // those that may need an offset, ascending
    private double[] low = {};
    private double[] high = {};

    /** Adds a row with all its values. */
    public void add(double[] row) {
        if (rows == 0) {
            columns = IntStream.range(0, row.length).filter(j -> row[j] != 0).toArray();
            low = IntStream.of(columns).mapToDouble(j -> row[j]).toArray();
            high = low.clone();
        }
        for (int k = 0; k < columns.length; k++) {
            widen(k, columns[k] < row.length ? row[columns[k]] : 0);
        }
        count();
    }

    /** Adds a row by its values in the columns {@code stored}, which ascend; the others are 0. */
    public void add(int[] stored, double[] values) {
        if (rows == 0) {
            columns = stored.clone();
            low = values.clone();
            high = values.clone();
        }
        int next = 0;
        for (int k = 0; k < columns.length; k++) {
            while (next < stored.length && stored[next] < columns[k]) {
                next++;
            }
            widen(k, next < stored.length && stored[next] == columns[k] ? values[next] : 0);
        }
        count();
    }

    private void widen(int k, double value) {
        low[k] = Math.min(low[k], value);
        high[k] = Math.max(high[k], value);
    }

    private void count() {
        rows++;
        if ((rows & (rows - 1)) == 0) { // often at first, then hardly ever
            keep(IntStream.range(0, columns.length).filter(this::isFar).toArray());
        }
    }

    private boolean isFar(int k) {
        boolean oneSign = low[k] > 0 || high[k] < 0;
        return oneSign && Math.abs(low[k] + high[k]) > FAR * (high[k] - low[k]);
    }

    private boolean varies(int k) {
        return high[k] - low[k] > CONSTANT * Math.abs(low[k]);
    }

    private void keep(int[] places) {
        if (places.length < columns.length) {
            columns = IntStream.of(places).map(k -> columns[k]).toArray();
            low = IntStream.of(places).mapToDouble(k -> low[k]).toArray();
            high = IntStream.of(places).mapToDouble(k -> high[k]).toArray();
        }
    }

    /** Adds the rows that another has seen. */
    public void add(OffsetFinder other) {
        if (other.rows == 0) {
            return;
        }
        if (rows == 0) {
            columns = other.columns;
            low = other.low.clone();
            high = other.high.clone();
        }
        rows += other.rows;
        keep(IntStream.range(0, columns.length).filter(k -> join(k, other)).toArray());
    }

    private boolean join(int k, OffsetFinder other) {
        int place = Arrays.binarySearch(other.columns, columns[k]);
        if (place < 0) {
            return false;
        }
        widen(k, other.low[place]);
        widen(k, other.high[place]);
        return isFar(k);
    }

    /** The columns that need an offset, ascending. */
    public int[] columns() {
        return far().map(k -> columns[k]).toArray();
    }

    /** Their offsets. */
    public double[] offsets() {
        return far().mapToDouble(k -> low[k] + (high[k] - low[k]) / 2).toArray();
    }

    private IntStream far() {
        return IntStream.range(0, columns.length).filter(k -> isFar(k) && varies(k));
    }
}
