package dev.kindling.loss;

import java.util.ArrayList;
import java.util.List;

/**
 * How well a probability separates positive rows from negative ones: a histogram of the probability for each, and the curves
 * computed from them. The bins have equal width in log odds. Probabilities of a confident network crowd at both ends, and
 * bins of equal width in probability would put them all in one. Rows in one bin count as tied: with {@link #COARSE} bins, that
 * is within 1e-3 of the exact area under the ROC curve for some hundred rows of each kind, and the nearer the more bins or
 * rows there are.
 */
public final class Ranking {
    /** The fewest bins. */
    static final int COARSE = 1024;

    /** The most bins. */
    private static final int FINE = 8192;

    /** Bins of all rankings that travel together, as long as each has the fewest: half a megabyte of sums. */
    private static final int TOGETHER = 32_768;

    /** Odds beyond e to this power share the last bin: float32 cannot tell such probabilities from 1. */
    private static final double SPAN = 16;

    private final double[] sums;
    private final int from;
    private final int bins;
    private final double others;
    private final double own;

    /** The ranking whose sums begin at {@code from}; they are not copied. */
    Ranking(double[] sums, int from, int bins) {
        this.sums = sums;
        this.from = from;
        this.bins = bins;
        double others = 0;
        double own = 0;
        for (int bin = 0; bin < bins; bin++) {
            others += others(bin);
            own += own(bin);
        }
        this.others = others;
        this.own = own;
    }

    /** The number of bins of each of several rankings. */
    static int bins(int rankings) {
        return Math.max(COARSE, Math.min(FINE, Integer.highestOneBit(TOGETHER / rankings)));
    }

    /** The number of sums: the weight of negative rows in each bin, then that of positive rows. */
    static int size(int bins) {
        return 2 * bins;
    }

    /**
     * Counts a row.
     *
     * @param sums added to, from {@code from} on
     * @param isOwn whether the row is positive
     */
    static void add(double[] sums, int from, int bins, double probability, boolean isOwn, double weight) {
        double logit = Math.log(probability) - Math.log1p(-probability);
        int bin = (int) Math.max(0, Math.min(bins - 1, (logit + SPAN) * bins / (2 * SPAN)));
        sums[from + (isOwn ? bins : 0) + bin] += weight;
    }

    private double others(int bin) {
        return sums[from + bin];
    }

    private double own(int bin) {
        return sums[from + bins + bin];
    }

    private double probability(int bin) {
        return 1 / (1 + Math.exp(SPAN - (bin + 0.5) * 2 * SPAN / bins));
    }

    /** Whether there are both positive and negative rows. */
    public boolean isDefined() {
        return own > 0 && others > 0;
    }

    /** The share of positive rows: the precision of guessing. */
    public double base() {
        return own / (own + others);
    }

    /** The area under the ROC curve: the chance that a positive row has a larger probability than a negative one, ties halved. */
    public double rocArea() {
        double area = 0;
        double above = 0;
        for (int bin = bins - 1; bin >= 0; bin--) {
            area += others(bin) * (above + own(bin) / 2);
            above += own(bin);
        }
        return area / (own * others);
    }

    /** {@code Σ (recall(n) - recall(n-1))·precision(n)}, as scikit-learn's {@code average_precision_score}. */
    public double averagePrecision() {
        double sum = 0;
        double ownAbove = 0;
        double above = 0;
        for (int bin = bins - 1; bin >= 0; bin--) {
            ownAbove += own(bin);
            above += own(bin) + others(bin);
            sum += own(bin) > 0 ? own(bin) * ownAbove / above : 0;
        }
        return sum / own;
    }

    /** False positive rates and true positive rates, from (0, 0) to (1, 1). */
    public double[][] roc(double step) {
        Points points = new Points(step);
        points.add(0, 0);
        double ownAbove = 0;
        double othersAbove = 0;
        for (int bin = bins - 1; bin >= 0; bin--) {
            ownAbove += own(bin);
            othersAbove += others(bin);
            points.add(othersAbove / others, ownAbove / own);
        }
        return points.done();
    }

    /** Recalls and precisions, from the largest probability on. */
    public double[][] precisionRecall(double step) {
        Points points = new Points(step);
        double ownAbove = 0;
        double above = 0;
        for (int bin = bins - 1; bin >= 0; bin--) {
            ownAbove += own(bin);
            above += own(bin) + others(bin);
            if (above > 0) {
                points.add(ownAbove / own, ownAbove / above);
            }
        }
        return points.done();
    }

    /**
     * Mean probabilities beside the observed shares of positive rows, in groups of equal width.
     *
     * @param predicted the mean probability of each group; NaN for a group without rows
     * @param observed the share of positive rows
     */
    @SuppressWarnings("ArrayRecordComponent") // columns to write, not values to compare
    public record Reliability(double[] predicted, double[] observed, double[] weights) {}

    public Reliability reliability(int groups) {
        double[] predicted = new double[groups];
        double[] observed = new double[groups];
        double[] weights = new double[groups];
        for (int bin = 0; bin < bins; bin++) {
            double probability = probability(bin);
            int group = (int) (probability * groups);
            double weight = own(bin) + others(bin);
            predicted[group] += probability * weight;
            observed[group] += own(bin);
            weights[group] += weight;
        }
        for (int group = 0; group < groups; group++) {
            predicted[group] /= weights[group]; // NaN without rows
            observed[group] /= weights[group];
        }
        return new Reliability(predicted, observed, weights);
    }

    /** Points of a curve, without those that are too near to the one before. */
    private static final class Points {
        private final double step;
        private final List<double[]> kept = new ArrayList<>();
        private double[] last = {Double.NaN, Double.NaN};

        Points(double step) {
            this.step = step;
        }

        void add(double x, double y) {
            last = new double[] {x, y};
            if (kept.isEmpty() || isFar(kept.get(kept.size() - 1), last)) {
                kept.add(last);
            }
        }

        private boolean isFar(double[] one, double[] other) {
            return Math.max(Math.abs(one[0] - other[0]), Math.abs(one[1] - other[1])) >= step;
        }

        /** All xs, then all ys; the last point is always there. */
        double[][] done() {
            if (kept.get(kept.size() - 1) != last) {
                kept.add(last);
            }
            return new double[][] {
                kept.stream().mapToDouble(point -> point[0]).toArray(),
                kept.stream().mapToDouble(point -> point[1]).toArray()
            };
        }
    }
}
