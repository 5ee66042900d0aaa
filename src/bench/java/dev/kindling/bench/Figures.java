package dev.kindling.bench;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * What a learner reached on a table; NaN for what it has no figure of.
 *
 * @param score accuracy, or R² of a regression
 */
record Figures(double score, double logLoss, double auc, double seconds) {
    static final Figures NONE = new Figures(Double.NaN, Double.NaN, Double.NaN, Double.NaN);

    static Figures mean(List<Figures> each) {
        return new Figures(
                mean(each, Figures::score),
                mean(each, Figures::logLoss),
                mean(each, Figures::auc),
                mean(each, Figures::seconds));
    }

    private static double mean(List<Figures> each, ToDoubleFunction<Figures> figure) {
        return each.stream().mapToDouble(figure).average().orElse(Double.NaN);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.4f, log loss %.4f, AUC %.4f, %.1f s", score, logLoss, auc, seconds);
    }
}
