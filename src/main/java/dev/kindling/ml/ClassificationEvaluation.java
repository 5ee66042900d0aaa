package dev.kindling.ml;

import dev.kindling.loss.Metric;
import dev.kindling.loss.Tally;
import dev.kindling.ml.internal.Evaluation;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The metrics of a classifier on some rows. With a weight column, rows count by their weights.
 *
 * @param loss the mean of the model's own loss
 * @param f1 the mean of the classes' F1 scores, weighted by class frequency, as Spark's default {@code f1}
 * @param logLoss the mean of -log of the predicted probability of the true class, with a lower bound of 2.2e-16, as
 *     scikit-learn's {@code log_loss}
 * @param confusion [actual class][predicted class]: the weight of such rows; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // a matrix to print, not a value to compare
public record ClassificationEvaluation(
        long rows, double loss, double accuracy, double f1, double logLoss, double[][] confusion) {

    private static final Metric ACCURACY = new Metric.Accuracy();
    private static final Metric LOG_LOSS = new Metric.LogLoss();

    static List<Metric> metrics(int classes) {
        return List.of(ACCURACY, new Metric.F1(classes), LOG_LOSS);
    }

    static ClassificationEvaluation of(Evaluation evaluation, int classes) {
        double[] sums = evaluation.sumsOf(new Tally.Confusion(classes));
        double[][] confusion = new double[classes][];
        for (int c = 0; c < classes; c++) {
            confusion[c] = Arrays.copyOfRange(sums, c * classes, (c + 1) * classes);
        }
        return new ClassificationEvaluation(
                evaluation.rows(),
                evaluation.loss(),
                evaluation.of(ACCURACY),
                evaluation.of(new Metric.F1(classes)),
                evaluation.of(LOG_LOSS),
                confusion);
    }

    /** The loss and the metrics by their names. */
    public Map<String, Double> values() {
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("loss", loss);
        values.put(ACCURACY.name(), accuracy);
        values.put(new Metric.F1(confusion.length).name(), f1);
        values.put(LOG_LOSS.name(), logLoss);
        return values;
    }
}
