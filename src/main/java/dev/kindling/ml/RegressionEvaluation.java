package dev.kindling.ml;

import dev.kindling.loss.Metric;
import dev.kindling.loss.Tally;
import dev.kindling.ml.internal.Evaluation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The metrics of a regressor on some rows. With a weight column, rows count by their weights. With several targets, rmse is
 * over all errors together; mae, r2 and mape are means over the targets, as scikit-learn's {@code uniform_average}.
 *
 * @param loss the mean of the model's own loss
 * @param rmse the root of the mean squared error
 * @param mae the mean absolute error
 * @param r2 one minus the squared error over that of the targets' mean; of a constant target 1 if every prediction is exact,
 *     else 0
 * @param mape the mean of the absolute errors over the targets' absolute values, a fraction; huge where a target is 0
 * @param targets the metrics of each target, in the order of the labels
 */
public record RegressionEvaluation(
        long rows, double loss, double rmse, double mae, double r2, double mape, List<Target> targets) {
    private static final Metric RMSE = new Metric.RootMeanSquaredError();

    /** The metrics for one target. */
    public record Target(double rmse, double mae, double r2, double mape) {}

    public RegressionEvaluation {
        targets = List.copyOf(targets);
    }

    static List<Metric> metrics(int targets) {
        return List.of(
                RMSE,
                new Metric.MeanAbsoluteError(targets),
                new Metric.RSquared(targets),
                new Metric.MeanAbsolutePercentageError(targets));
    }

    static RegressionEvaluation of(Evaluation evaluation, int targets) {
        Tally.Errors errors = new Tally.Errors(targets);
        double[] sums = evaluation.sumsOf(errors);
        List<Target> each = new ArrayList<>();
        for (int j = 0; j < targets; j++) {
            each.add(new Target(
                    Math.sqrt(errors.meanSquare(sums, j)),
                    errors.meanAbsolute(sums, j),
                    errors.rSquared(sums, j),
                    errors.meanRelative(sums, j)));
        }
        return new RegressionEvaluation(
                evaluation.rows(),
                evaluation.loss(),
                evaluation.of(RMSE),
                evaluation.of(new Metric.MeanAbsoluteError(targets)),
                evaluation.of(new Metric.RSquared(targets)),
                evaluation.of(new Metric.MeanAbsolutePercentageError(targets)),
                each);
    }

    /** The loss and the metrics by their names; with several targets, those of all together. */
    public Map<String, Double> values() {
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("loss", loss);
        values.put(RMSE.name(), rmse);
        values.put(new Metric.MeanAbsoluteError(targets.size()).name(), mae);
        values.put(new Metric.RSquared(targets.size()).name(), r2);
        values.put(new Metric.MeanAbsolutePercentageError(targets.size()).name(), mape);
        return values;
    }
}
