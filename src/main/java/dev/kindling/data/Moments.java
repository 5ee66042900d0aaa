package dev.kindling.data;

import dev.kindling.loss.ValueLoss;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The statistics from which the first parameters are computed, measured over the training rows with their weights: the
 * class shares or the targets' means and deviations, and each column's mean and deviation. Parts are joined by the
 * method of Chan, Golub and LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances", 1979,
 * in shard order, so that the bits do not vary.
 */
public final class Moments implements Serializable {
    private static final long serialVersionUID = 1L;

    /** A deviation that is at most this fraction of the mean is the rounding error of a constant column. */
    private static final double CONSTANT = 1e-9;

    public double weight;
    public double[] targets; // (targets): mean
    public double[] targetSquares; // (targets): Σ w·(t - mean)²
    public double[] targetLows; // (targets): the least with a weight
    public double[] targetHighs; // (targets): the largest
    public double[] classes; // (classes): weight
    public double[] means; // (columns), if requested
    public double[] squares; // (columns): Σ w·(x - mean)²
    public double[] others; // (columns): weight of the values that are neither 0 nor 1

    private Moments(int classes, int targets, int columns) {
        this.targets = new double[targets];
        this.targetSquares = new double[targets];
        this.targetLows = new double[targets];
        this.targetHighs = new double[targets];
        Arrays.fill(targetLows, Double.POSITIVE_INFINITY);
        Arrays.fill(targetHighs, Double.NEGATIVE_INFINITY);
        this.classes = new double[classes];
        this.means = new double[columns];
        this.squares = new double[columns];
        this.others = new double[columns];
    }

    /** The moments of no rows. */
    static Moments none(int classes, int targets, int columns) {
        return new Moments(classes, targets, columns);
    }

    /**
     * @param classes 0 if targets are values
     * @param columns 0 if column statistics are not needed
     */
    static Moments of(PackedRows rows, int classes, int columns) {
        Moments moments = new Moments(classes, rows.targets(), columns);
        for (int row = 0; row < rows.rows(); row++) {
            float weight = rows.weight(row);
            moments.weight += weight;
            for (int j = 0; j < moments.targets.length; j++) {
                moments.targets[j] += (double) weight * rows.label(row, j);
            }
            if (classes > 0) {
                moments.classes[(int) rows.label(row)] += weight;
            }
        }
        if (!(moments.weight > 0)) {
            return moments;
        }
        moments.measureTargets(rows);
        if (columns > 0) {
            moments.measureColumns(rows);
        }
        return moments;
    }

    boolean hasColumns() {
        return means.length > 0;
    }

    private void measureTargets(PackedRows rows) {
        for (int j = 0; j < targets.length; j++) {
            targets[j] /= weight;
            for (int row = 0; row < rows.rows(); row++) {
                double distance = rows.label(row, j) - targets[j];
                targetSquares[j] += rows.weight(row) * distance * distance;
                if (rows.weight(row) > 0) {
                    targetLows[j] = Math.min(targetLows[j], rows.label(row, j));
                    targetHighs[j] = Math.max(targetHighs[j], rows.label(row, j));
                }
            }
        }
    }

    /** Only values that are not 0 are looked at: a wide table of categories has few. */
    private void measureColumns(PackedRows rows) {
        int[] columns = new int[means.length];
        float[] values = new float[means.length];
        int counted = 0; // rows that weigh anything
        for (int row = 0; row < rows.rows(); row++) {
            float rowWeight = rows.weight(row);
            counted += rowWeight > 0 ? 1 : 0;
            int found = rows.nonzeros(row, columns, values);
            for (int k = 0; k < found; k++) {
                means[columns[k]] += (double) rowWeight * values[k];
                others[columns[k]] += values[k] == 1 ? 0 : rowWeight;
            }
        }
        for (int j = 0; j < means.length; j++) {
            means[j] /= weight;
        }
        double[] nonzero = new double[means.length]; // weight of the values that are not 0
        int[] counts = new int[means.length];
        for (int row = 0; row < rows.rows(); row++) {
            float rowWeight = rows.weight(row);
            int found = rows.nonzeros(row, columns, values);
            for (int k = 0; k < found; k++) {
                int j = columns[k];
                double distance = values[k] - means[j];
                squares[j] += rowWeight * distance * distance;
                nonzero[j] += rowWeight;
                counts[j] += rowWeight > 0 ? 1 : 0;
            }
        }
        for (int j = 0; j < means.length; j++) {
            if (counts[j] < counted) { // else the difference of the weights would be rounding alone
                squares[j] += (weight - nonzero[j]) * means[j] * means[j];
            }
        }
    }

    /** Adds the moments of other rows to these. */
    void add(Moments other) {
        if (!(other.weight > 0)) {
            return;
        }
        double all = weight + other.weight;
        double share = other.weight / all;
        join(targets, targetSquares, other.targets, other.targetSquares, share);
        join(means, squares, other.means, other.squares, share);
        for (int j = 0; j < targets.length; j++) {
            targetLows[j] = Math.min(targetLows[j], other.targetLows[j]);
            targetHighs[j] = Math.max(targetHighs[j], other.targetHighs[j]);
        }
        for (int c = 0; c < classes.length; c++) {
            classes[c] += other.classes[c];
        }
        for (int j = 0; j < others.length; j++) {
            others[j] += other.others[j];
        }
        weight = all;
    }

    private void join(
            double[] ownMeans, double[] ownSquares, double[] otherMeans, double[] otherSquares, double share) {
        for (int j = 0; j < ownMeans.length; j++) {
            double distance = otherMeans[j] - ownMeans[j];
            ownMeans[j] += share * distance;
            ownSquares[j] += otherSquares[j] + weight * share * distance * distance;
        }
    }

    /** Which columns have a value other than 0 and 1. */
    public boolean[] numbers() {
        boolean[] numbers = new boolean[others.length];
        for (int j = 0; j < numbers.length; j++) {
            numbers[j] = others[j] > 0;
        }
        return numbers;
    }

    /** What to subtract from each column to standardize it: its mean, or 0 where all values are 0 or 1. */
    public float[] centers() {
        float[] centers = new float[means.length];
        for (int j = 0; j < centers.length; j++) {
            centers[j] = others[j] > 0 ? (float) means[j] : 0f;
        }
        return centers;
    }

    /** What to divide each column by then: its population deviation, or 1 for a constant column and one of 0 and 1. */
    public float[] scales() {
        float[] scales = new float[means.length];
        for (int j = 0; j < scales.length; j++) {
            scales[j] = others[j] > 0 ? (float) deviation(means[j], squares[j]) : 1f;
        }
        return scales;
    }

    private double deviation(double mean, double sumOfSquares) {
        double deviation = Math.sqrt(sumOfSquares / weight);
        return deviation <= CONSTANT * Math.abs(mean) ? 1 : deviation;
    }

    /** Σ w·(t - mean)², averaged over the targets. */
    public double meanTargetSquares() {
        return Arrays.stream(targetSquares).average().orElse(0);
    }

    /** The loss of standardized targets; a constant target is only centred. */
    ValueLoss.Standardized standardized(ValueLoss loss) {
        List<Double> deviations = new ArrayList<>();
        for (int j = 0; j < targets.length; j++) {
            deviations.add(deviation(targets[j], targetSquares[j]));
        }
        return new ValueLoss.Standardized(loss, Arrays.stream(targets).boxed().toList(), deviations);
    }

    /** The moments of the same rows with their weights multiplied by a factor per class. */
    public Moments reweighted(float @Nullable [] factors) {
        if (factors == null) {
            return this;
        }
        Moments moments = new Moments(classes.length, targets.length, 0);
        for (int c = 0; c < classes.length; c++) {
            moments.classes[c] = factors[c] * classes[c];
            moments.weight += moments.classes[c];
        }
        return moments;
    }
}
