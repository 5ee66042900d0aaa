package dev.kindling.data;

import java.io.Serializable;
import java.util.Arrays;

/**
 * What each feature's values are, and how they go with the label, over some rows, weights left aside. One pass, in memory
 * of a few numbers a column; only values that are not 0 cost time. Parts are joined as in {@link Moments}, in shard order.
 */
public final class ColumnTally implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Beyond so many pairs of a column and a class or target, how features go with labels is left out. */
    private static final int MOST_PAIRS = 1 << 20;

    private static final long SPREAD_ROWS = 0x9E3779B97F4A7C15L; // odd constants that mix bits well
    private static final long SPREAD_BITS = 0xD6E8FEB86659FD93L;

    private final int columns;
    private long rows;
    private final long[] classes; // (classes): rows
    private final long[] targetCounts; // (targets): rows
    private final double[] targetMeans; // (targets)
    private final double[] targetSquares; // (targets): Σ (t - mean)²
    private final float[] targetLow; // (targets)
    private final float[] targetHigh; // (targets)

    // of each column's values that are not 0
    private final long[] stored; // (columns)
    private final double[] means; // (columns)
    private final double[] squares; // (columns): Σ (x - mean)²
    private final float[] low; // (columns)
    private final float[] high; // (columns)
    private final long[] prints; // (columns): sums of hashes of row and value

    // the same of the rows of each class alone; of values to predict, how they go with each target
    private final long[] pairStored; // (classes, columns)
    private final double[] pairMeans; // (classes or targets, columns): of the values; of the targets beside them
    private final double[] pairSquares; // (classes or targets, columns): Σ (x - mean)²; Σ (x - mean)·(t - mean)

    private ColumnTally(int columns, int classes, int targets) {
        int pairs = (int)
                ((long) columns * Math.max(classes, targets) > MOST_PAIRS
                        ? 0
                        : (long) columns * Math.max(classes, targets));
        this.columns = columns;
        this.classes = new long[classes];
        this.targetCounts = new long[targets];
        this.targetMeans = new double[targets];
        this.targetSquares = new double[targets];
        this.targetLow = filled(targets, Float.POSITIVE_INFINITY);
        this.targetHigh = filled(targets, Float.NEGATIVE_INFINITY);
        this.stored = new long[columns];
        this.means = new double[columns];
        this.squares = new double[columns];
        this.low = filled(columns, Float.POSITIVE_INFINITY);
        this.high = filled(columns, Float.NEGATIVE_INFINITY);
        this.prints = new long[columns];
        this.pairStored = new long[classes > 0 ? pairs : 0];
        this.pairMeans = new double[pairs];
        this.pairSquares = new double[pairs];
    }

    private static float[] filled(int length, float value) {
        float[] values = new float[length];
        Arrays.fill(values, value);
        return values;
    }

    /**
     * The tally of no rows.
     *
     * @param classes 0 where labels are values
     * @param targets 0 where they are classes
     */
    static ColumnTally none(int columns, int classes, int targets) {
        return new ColumnTally(columns, classes, targets);
    }

    static ColumnTally of(Shard shard, int columns, int classes, int targets) {
        ColumnTally tally = new ColumnTally(columns, classes, targets);
        PackedRows packed = shard.training;
        int[] places = new int[columns];
        float[] values = new float[columns];
        for (int row = 0; row < packed.rows(); row++) {
            tally.add(packed, row, ((long) shard.index << Integer.SIZE) + row, places, values);
        }
        return tally;
    }

    private void add(PackedRows packed, int row, long number, int[] places, float[] values) {
        rows++;
        int group = 0;
        if (classes.length > 0) {
            group = (int) packed.label(row);
            classes[group]++;
        }
        for (int t = 0; t < targetMeans.length; t++) {
            addTarget(t, packed.label(row, t));
        }
        long key = (number + 1) * SPREAD_ROWS;
        int count = packed.nonzeros(row, places, values);
        for (int p = 0; p < count; p++) {
            int column = places[p];
            double before = means[column];
            addValue(column, values[p], key);
            if (pairStored.length > 0) {
                addToClass(group * columns + column, values[p]);
            } else if (pairMeans.length > 0) {
                for (int t = 0; t < targetMeans.length; t++) {
                    int pair = t * columns + column;
                    double target = packed.label(row, t);
                    pairMeans[pair] += (target - pairMeans[pair]) / stored[column];
                    pairSquares[pair] += (values[p] - before) * (target - pairMeans[pair]);
                }
            }
        }
    }

    private void addTarget(int t, float target) {
        targetCounts[t]++;
        double distance = target - targetMeans[t];
        targetMeans[t] += distance / targetCounts[t];
        targetSquares[t] += distance * (target - targetMeans[t]);
        targetLow[t] = Math.min(targetLow[t], target);
        targetHigh[t] = Math.max(targetHigh[t], target);
    }

    private void addValue(int column, float value, long key) {
        stored[column]++;
        double distance = value - means[column];
        means[column] += distance / stored[column];
        squares[column] += distance * (value - means[column]);
        low[column] = Math.min(low[column], value);
        high[column] = Math.max(high[column], value);
        long mixed = (key ^ Float.floatToIntBits(value)) * SPREAD_BITS;
        prints[column] += (mixed ^ (mixed >>> Integer.SIZE)) * SPREAD_ROWS;
    }

    private void addToClass(int pair, float value) {
        pairStored[pair]++;
        double distance = value - pairMeans[pair];
        pairMeans[pair] += distance / pairStored[pair];
        pairSquares[pair] += distance * (value - pairMeans[pair]);
    }

    /** Joins the tally of other rows to this. */
    void add(ColumnTally other) {
        for (int i = 0; i < pairMeans.length; i++) {
            if (pairStored.length > 0) {
                join(pairStored[i], pairMeans, pairSquares, i, other.pairStored[i], other.pairMeans, other.pairSquares);
                pairStored[i] += other.pairStored[i];
            } else {
                joinProducts(i, i % columns, other);
            }
        }
        for (int j = 0; j < columns; j++) {
            join(stored[j], means, squares, j, other.stored[j], other.means, other.squares);
            stored[j] += other.stored[j];
            low[j] = Math.min(low[j], other.low[j]);
            high[j] = Math.max(high[j], other.high[j]);
            prints[j] += other.prints[j];
        }
        for (int t = 0; t < targetMeans.length; t++) {
            join(
                    targetCounts[t],
                    targetMeans,
                    targetSquares,
                    t,
                    other.targetCounts[t],
                    other.targetMeans,
                    other.targetSquares);
            targetCounts[t] += other.targetCounts[t];
            targetLow[t] = Math.min(targetLow[t], other.targetLow[t]);
            targetHigh[t] = Math.max(targetHigh[t], other.targetHigh[t]);
        }
        for (int c = 0; c < classes.length; c++) {
            classes[c] += other.classes[c];
        }
        rows += other.rows;
    }

    private static void join(
            long count,
            double[] means,
            double[] squares,
            int at,
            long otherCount,
            double[] otherMeans,
            double[] otherSquares) {
        if (otherCount > 0) {
            double share = (double) otherCount / (count + otherCount);
            double distance = otherMeans[at] - means[at];
            means[at] += share * distance;
            squares[at] += otherSquares[at] + count * share * distance * distance;
        }
    }

    private void joinProducts(int pair, int column, ColumnTally other) {
        long otherCount = other.stored[column];
        if (otherCount > 0) {
            double share = (double) otherCount / (stored[column] + otherCount);
            double distance = other.pairMeans[pair] - pairMeans[pair];
            pairMeans[pair] += share * distance;
            pairSquares[pair] +=
                    other.pairSquares[pair] + stored[column] * share * distance * (other.means[column] - means[column]);
        }
    }

    public int columns() {
        return columns;
    }

    public long rows() {
        return rows;
    }

    /** The number of classes; 0 where labels are values. */
    public int classes() {
        return classes.length;
    }

    /** The rows of a class. */
    public long rowsOf(int label) {
        return classes[label];
    }

    /** The number of values to predict a row; 0 where labels are classes. */
    public int targets() {
        return targetMeans.length;
    }

    public double targetMean(int target) {
        return targetMeans[target];
    }

    /** The population standard deviation. */
    public double targetDeviation(int target) {
        return Math.sqrt(targetSquares[target] / rows);
    }

    public double targetLow(int target) {
        return targetLow[target];
    }

    public double targetHigh(int target) {
        return targetHigh[target];
    }

    public double low(int column) {
        return stored[column] == rows ? low[column] : Math.min(0, low[column]);
    }

    public double high(int column) {
        return stored[column] == rows ? high[column] : Math.max(0, high[column]);
    }

    public double mean(int column) {
        return means[column] * stored[column] / rows;
    }

    /** The population standard deviation. */
    public double deviation(int column) {
        return Math.sqrt(squares(column) / rows);
    }

    /** Σ (x - mean)², zeros included. */
    private double squares(int column) {
        return withZeros(squares[column], means[column], stored[column], rows);
    }

    private static double withZeros(double squares, double mean, long stored, long rows) {
        return squares + mean * mean * stored * ((double) (rows - stored) / rows);
    }

    /** Whether two columns hold the same value in each row, as far as hashes and moments tell. */
    public boolean areEqual(int column, int other) {
        return prints[column] == prints[other]
                && stored[column] == stored[other]
                && means[column] == means[other]
                && low[column] == low[other]
                && high[column] == high[other];
    }

    /** What equal columns have in common. */
    public long print(int column) {
        return prints[column];
    }

    /** Whether {@link #correlation} and {@link #correlationRatio} are known: not where columns and labels are very many. */
    public boolean hasPairs() {
        return pairMeans.length > 0;
    }

    /** Pearson's correlation of a column with a target; NaN where either is constant. */
    public double correlation(int column, int target) {
        int pair = target * columns + column;
        long zeros = rows - stored[column];
        double products = pairSquares[pair];
        if (stored[column] > 0 && zeros > 0) {
            double targetBesideZeros = (rows * targetMeans[target] - stored[column] * pairMeans[pair]) / zeros; // mean
            products +=
                    means[column] * (pairMeans[pair] - targetBesideZeros) * stored[column] * ((double) zeros / rows);
        }
        return products / Math.sqrt(squares(column) * targetSquares[target]);
    }

    /**
     * η², the share of a column's variance that lies between the classes: 1 where the class says the value. Fisher,
     * Statistical Methods for Research Workers, 1925, section 45. NaN where the column is constant.
     *
     * @param least rows that a class must have to be counted
     */
    public double correlationRatio(int column, long least) {
        double within = 0;
        double between = 0;
        double mean = 0;
        long count = 0;
        for (int c = 0; c < classes.length; c++) {
            if (classes[c] < least) {
                continue;
            }
            int pair = c * columns + column;
            double own = pairMeans[pair] * pairStored[pair] / classes[c];
            within += withZeros(pairSquares[pair], pairMeans[pair], pairStored[pair], classes[c]);
            double share = (double) classes[c] / (count + classes[c]);
            double distance = own - mean;
            between += count * share * distance * distance;
            mean += share * distance;
            count += classes[c];
        }
        return between / (between + within);
    }
}
