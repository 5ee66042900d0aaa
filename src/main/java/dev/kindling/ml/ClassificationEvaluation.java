package dev.kindling.ml;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.kindling.loss.ClassFigures;
import dev.kindling.loss.Metric;
import dev.kindling.loss.Ranking;
import dev.kindling.loss.Tallies;
import dev.kindling.loss.Tally;
import dev.kindling.ml.internal.Evaluation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The metrics of a classifier on some rows, as scikit-learn computes them. With a weight column, rows count by their weights.
 *
 * @param values the loss, which is the model's own, and the metrics, by their names: {@code accuracy}, {@code f1} (the mean of
 *     the classes' F1 scores, weighted by class frequency, as Spark's default), {@code logLoss}, {@code auc} (ROC, of each class against the rest),
 *     {@code averagePrecision}, {@code balancedAccuracy}, {@code brier} and {@code calibrationError}. {@code auc} and {@code
 *     averagePrecision} are NaN where a class has no rows, and left out where there are more than 100 classes. See {@link
 *     Metric} for each
 * @param classes the figures of each class, in the order of their indices
 * @param confusion [actual class][predicted class]: the weight of such rows; not copied. Empty where there are more than 1,000
 *     classes
 * @param rankings how each class's probability ranks its rows among those of the others, for curves; of two classes, the
 *     second's alone. Empty where there are more than 100 classes
 * @param reliability whether probabilities are the shares that they promise, in 10 groups of equal width, as the report draws
 *     it: of two classes, the second's probability; of more, the predicted class's
 */
@SuppressWarnings("ArrayRecordComponent") // a matrix to print, not a value to compare
public record ClassificationEvaluation(
        long rows,
        Map<String, Double> values,
        List<ClassFigures> classes,
        double[][] confusion,
        @JsonIgnore List<Ranking> rankings,
        Ranking.Reliability reliability) {
    private static final int GROUPS = 10;

    private static List<Metric> metrics(int classes) {
        List<Metric> metrics =
                new ArrayList<>(List.of(new Metric.Accuracy(), new Metric.F1(classes), new Metric.LogLoss()));
        if (classes <= Tally.Ranks.MOST_CLASSES) {
            metrics.add(new Metric.RocArea(classes));
            metrics.add(new Metric.AveragePrecision(classes));
        }
        metrics.add(new Metric.BalancedAccuracy(classes));
        metrics.add(new Metric.Brier(classes));
        metrics.add(new Metric.CalibrationError(classes));
        return metrics;
    }

    public ClassificationEvaluation {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        classes = List.copyOf(classes);
        rankings = List.copyOf(rankings);
    }

    /** What they are computed from, and the confusion matrix. */
    static Tallies tallies(int classes) {
        List<Tally> tallies =
                new ArrayList<>(metrics(classes).stream().map(Metric::tally).toList());
        if (classes <= Tally.Confusion.MOST_CLASSES) {
            tallies.add(new Tally.Confusion(classes));
        }
        if (classes > 2) {
            tallies.add(new Tally.Confidence());
        }
        return new Tallies(tallies);
    }

    static ClassificationEvaluation of(Evaluation evaluation, int classes) {
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("loss", evaluation.loss());
        metrics(classes).forEach(metric -> values.put(metric.name(), evaluation.of(metric)));
        Tally.ByClass each = new Tally.ByClass(classes);
        Tally.Ranks ranks = new Tally.Ranks(classes);
        List<Ranking> rankings =
                classes > Tally.Ranks.MOST_CLASSES ? List.of() : ranks.rankings(evaluation.sumsOf(ranks));
        Tally.Confidence confidence = new Tally.Confidence();
        Ranking overall = classes == 2 ? rankings.get(0) : confidence.ranking(evaluation.sumsOf(confidence), 0);
        return new ClassificationEvaluation(
                evaluation.rows(),
                values,
                each.figures(evaluation.sumsOf(each)),
                confusion(evaluation, classes),
                rankings,
                overall.reliability(GROUPS));
    }

    private static double[][] confusion(Evaluation evaluation, int classes) {
        if (classes > Tally.Confusion.MOST_CLASSES) {
            return new double[0][];
        }
        double[] sums = evaluation.sumsOf(new Tally.Confusion(classes));
        double[][] confusion = new double[classes][];
        for (int c = 0; c < classes; c++) {
            confusion[c] = Arrays.copyOfRange(sums, c * classes, (c + 1) * classes);
        }
        return confusion;
    }

    /** One of the {@link #values}, by its name; NaN if there is none. */
    public double value(String name) {
        return values.getOrDefault(name, Double.NaN);
    }

    public double loss() {
        return value("loss");
    }

    public double accuracy() {
        return value("accuracy");
    }

    public double f1() {
        return value("f1");
    }

    public double logLoss() {
        return value("logLoss");
    }

    public double auc() {
        return value("auc");
    }
}
