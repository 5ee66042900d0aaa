package dev.kindling.ml.internal;

import dev.kindling.loss.Metric;
import dev.kindling.loss.Tallies;
import dev.kindling.loss.Tally;

/** The sums over the rows of a dataset that a model was evaluated on. */
public final class Evaluation {
    static final int ROWS = 0;
    static final int WEIGHT = 1;
    static final int LOSS = 2;
    static final int LOSS_WEIGHT = 3; // of the weights as float32, which the loss is computed with
    static final int SUMS = 4;

    private final double[] totals; // SUMS of them
    private final Tallies tallies;
    private final double[] sums; // of the tallies

    Evaluation(double[] totals, Tallies tallies, double[] sums) {
        this.totals = totals;
        this.tallies = tallies;
        this.sums = sums;
    }

    public long rows() {
        return (long) totals[ROWS];
    }

    /** The mean of the model's own loss. */
    public double loss() {
        return totals[LOSS] / totals[LOSS_WEIGHT];
    }

    public double of(Metric metric) {
        return tallies.of(metric, sums, totals[WEIGHT]);
    }

    /** A copy of one tally's sums. */
    public double[] sumsOf(Tally tally) {
        return tallies.sumsOf(tally, sums);
    }
}
