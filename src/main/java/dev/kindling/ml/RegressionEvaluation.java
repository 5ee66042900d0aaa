package dev.kindling.ml;

import dev.kindling.ml.internal.Evaluator;
import java.util.ArrayList;
import java.util.List;

/**
 * The metrics of a regressor on some rows. With a weight column, rows count by their weights. With several targets, rmse is
 * over all errors together; mae and r2 are means over the targets, as scikit-learn's {@code uniform_average}.
 *
 * @param loss the mean of the model's own loss
 * @param rmse the root of the mean squared error
 * @param mae the mean absolute error
 * @param r2 one minus the squared error over that of the targets' mean
 * @param targets the metrics of each target, in the order of the labels
 */
public record RegressionEvaluation(long rows, double loss, double rmse, double mae, double r2, List<Target> targets) {

    /** The metrics for one target. */
    public record Target(double rmse, double mae, double r2) {}

    public RegressionEvaluation {
        targets = List.copyOf(targets);
    }

    /** @param sums as {@link Evaluator} makes them */
    static RegressionEvaluation of(double[] sums, int targets) {
        double weight = sums[Evaluator.WEIGHT];
        List<Target> each = new ArrayList<>();
        double squared = 0;
        double absolute = 0;
        double explained = 0;
        for (int j = 0; j < targets; j++) {
            int from = Evaluator.SUMS + j * Evaluator.TARGET_SUMS;
            double mean = sums[from + Evaluator.TARGET] / weight;
            double variance = sums[from + Evaluator.SQUARED_TARGET] / weight - mean * mean;
            double error = sums[from + Evaluator.SQUARED_ERROR] / weight;
            Target target =
                    new Target(Math.sqrt(error), sums[from + Evaluator.ABSOLUTE_ERROR] / weight, 1 - error / variance);
            each.add(target);
            squared += error / targets;
            absolute += target.mae / targets;
            explained += target.r2 / targets;
        }
        return new RegressionEvaluation(
                (long) sums[Evaluator.ROWS],
                sums[Evaluator.LOSS] / weight,
                Math.sqrt(squared),
                absolute,
                explained,
                each);
    }
}
