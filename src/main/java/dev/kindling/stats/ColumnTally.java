package dev.kindling.stats;

import dev.kindling.data.PackedRows;
import dev.kindling.data.Shard;
import dev.kindling.data.Shards;
import dev.kindling.spark.JobScope;
import java.io.Serializable;
import java.util.Arrays;
import org.apache.spark.api.java.function.Function;

/**
 * The values of each feature over some rows, and their relation to the label; row weights are ignored. It takes one
 * pass, with a few numbers of memory per column; only non-zero values cost time. Parts are joined as in
 * {@link dev.kindling.data.Moments}, in shard order.
 */
public final class ColumnTally implements Serializable {
    private static final long serialVersionUID = 1L;

    /**
     * With more pairs of a column and a class or target than this, the relation of features to labels is not computed.
     */
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

    // of each column's non-zero values
    private final long[] stored; // (columns)
    private final double[] means; // (columns)
    private final double[] squares; // (columns): Σ (x - mean)²
    private final float[] low; // (columns)
    private final float[] high; // (columns)
    private final long[] prints; // (columns): sums of hashes of row and value

    // the same for the rows of each class; with values to predict, the relation to each target
    private final long[] pairStored; // (classes, columns)
    private final double[] pairMeans; // (classes or targets, columns): of the values; of the targets in the same rows
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

    /** The statistics of each column over the training rows. */
    public static ColumnTally of(Shards shards) {
        int columns = shards.columns();
        int classes = shards.isClassified() ? shards.classes() : 0;
        int targets = shards.isClassified() ? 0 : shards.targets();
        ColumnTally tally = new ColumnTally(columns, classes, targets);
        JobScope.run(shards.rdd().context(), () -> shards.rdd()
                        .map(new Counting(columns, classes, targets))
                        .collect())
                .forEach(tally::add);
        return tally;
    }

    /** Tallies a shard. */
    private static final class Counting implements Function<Shard, ColumnTally> {
        private static final long serialVersionUID = 1L;

        private final int columns;
        private final int classes;
        private final int targets;

        Counting(int columns, int classes, int targets) {
            this.columns = columns;
            this.classes = classes;
            this.targets = targets;
        }

        @Override
        public ColumnTally call(Shard shard) {
            ColumnTally tally = new ColumnTally(columns, classes, targets);
            PackedRows packed = shard.training;
            int[] columnsFound = new int[columns];
            float[] values = new float[columns];
            for (int row = 0; row < packed.rows(); row++) {
                tally.add(packed, row, ((long) shard.index << Integer.SIZE) + row, columnsFound, values);
            }
            return tally;
        }
    }

    private void add(PackedRows packed, int row, long number, int[] columnsFound, float[] values) {
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
        int count = packed.nonzeros(row, columnsFound, values);
        for (int p = 0; p < count; p++) {
            int column = columnsFound[p];
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

    /** Adds the tally of other rows to this one. */
    private void add(ColumnTally other) {
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

    /** The number of classes; 0 if labels are values. */
    public int classes() {
        return classes.length;
    }

    /** The number of rows of a class. */
    public long rowsOf(int label) {
        return classes[label];
    }

    /** The number of values to predict per row; 0 if labels are classes. */
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

    /** Σ (x - mean)², including zeros. */
    private double squares(int column) {
        return withZeros(squares[column], means[column], stored[column], rows);
    }

    private static double withZeros(double squares, double mean, long stored, long rows) {
        return squares + mean * mean * stored * ((double) (rows - stored) / rows);
    }

    /** Whether two columns hold the same value in every row, judged by hashes and moments. */
    public boolean areEqual(int column, int other) {
        return prints[column] == prints[other]
                && stored[column] == stored[other]
                && means[column] == means[other]
                && low[column] == low[other]
                && high[column] == high[other];
    }

    /** A hash of the column; equal columns have equal hashes. */
    public long print(int column) {
        return prints[column];
    }

    /**
     * Whether {@link #correlation} and {@link #correlationRatio} were computed; false if there are too many columns and
     * labels.
     */
    public boolean hasPairs() {
        return pairMeans.length > 0;
    }

    /** Pearson's correlation of a column with a target; NaN if either is constant. */
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
     * η², the share of a column's variance that lies between the classes: 1 if the class determines the value. Fisher,
     * Statistical Methods for Research Workers, 1925, section 45. NaN if the column is constant.
     *
     * @param least the minimum number of rows for a class to be counted
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
