package dev.kindling.loss;

import java.io.Serializable;

/**
 * A figure that tells how good predictions are. It is computed from the sums of a {@link Tally}, which join over shards.
 * Values are those of scikit-learn, computed in double.
 */
public sealed interface Metric extends Serializable {

    /** The one reported beside the loss at every epoch: accuracy for classes, root mean squared error for values. */
    static Metric usual(boolean isClassification) {
        return isClassification ? new Accuracy() : new RootMeanSquaredError();
    }

    /** The usual one for a loss. */
    static Metric of(Loss loss) {
        return usual(loss.isClassification());
    }

    /** Its name in reports and files. */
    String name();

    boolean isLargerBetter();

    /** The sums it is computed from. */
    Tally tally();

    /**
     * The figure.
     *
     * @param sums of the rows, as many as the tally has
     * @param weight the rows' total weight; 0 gives NaN
     */
    double of(double[] sums, double weight);

    /** The fraction of weight in rows whose class is predicted. */
    record Accuracy() implements Metric {
        @Override
        public String name() {
            return "accuracy";
        }

        @Override
        public boolean isLargerBetter() {
            return true;
        }

        @Override
        public Tally tally() {
            return new Tally.Correct();
        }

        @Override
        public double of(double[] sums, double weight) {
            return sums[0] / weight;
        }
    }

    /**
     * The mean of {@code -log p} with p the probability given to the true class, as scikit-learn's {@code log_loss}: p is cut
     * to [ε, 1 - ε], with ε = 2⁻⁵² that of double.
     */
    record LogLoss() implements Metric {
        @Override
        public String name() {
            return "logLoss";
        }

        @Override
        public boolean isLargerBetter() {
            return false;
        }

        @Override
        public Tally tally() {
            return new Tally.LogLikelihood();
        }

        @Override
        public double of(double[] sums, double weight) {
            return sums[0] / weight;
        }
    }

    /**
     * The mean of the classes' F1 scores, {@code 2·precision·recall / (precision + recall)}, weighted by how often each class
     * occurs: scikit-learn's {@code f1_score(average="weighted", zero_division=0)}, and Spark's {@code f1}.
     */
    record F1(int classes) implements Metric {
        @Override
        public String name() {
            return "f1";
        }

        @Override
        public boolean isLargerBetter() {
            return true;
        }

        @Override
        public Tally.ByClass tally() {
            return new Tally.ByClass(classes);
        }

        @Override
        public double of(double[] sums, double weight) {
            double sum = 0;
            for (ClassFigures figures : tally().figures(sums)) {
                sum += figures.support() * figures.f1();
            }
            return sum / weight;
        }
    }

    /** The mean of the recalls of the classes that occur: {@code balanced_accuracy_score}. */
    record BalancedAccuracy(int classes) implements Metric {
        @Override
        public String name() {
            return "balancedAccuracy";
        }

        @Override
        public boolean isLargerBetter() {
            return true;
        }

        @Override
        public Tally.ByClass tally() {
            return new Tally.ByClass(classes);
        }

        @Override
        public double of(double[] sums, double weight) {
            return tally().figures(sums).stream()
                    .filter(figures -> figures.support() > 0)
                    .mapToDouble(ClassFigures::recall)
                    .average()
                    .orElse(Double.NaN);
        }
    }

    /**
     * The area under the ROC curve: of two classes, that of the second; of more, the mean over the classes of each against the
     * rest. {@code roc_auc_score(multi_class="ovr", average="macro")}, except that rows whose probabilities share a bin of
     * {@link Ranking} count as tied. NaN if a class has no rows or all.
     */
    record RocArea(int classes) implements Metric {
        @Override
        public String name() {
            return "auc";
        }

        @Override
        public boolean isLargerBetter() {
            return true;
        }

        @Override
        public Tally.Ranks tally() {
            return new Tally.Ranks(classes);
        }

        @Override
        public double of(double[] sums, double weight) {
            return tally().mean(sums, Ranking::rocArea);
        }
    }

    /**
     * The average precision, of two classes or as a mean over more, as {@link RocArea}: {@code
     * average_precision_score(average="macro")}, by the same bins. NaN if a class has no rows, where scikit-learn warns and
     * takes 0.
     */
    record AveragePrecision(int classes) implements Metric {
        @Override
        public String name() {
            return "averagePrecision";
        }

        @Override
        public boolean isLargerBetter() {
            return true;
        }

        @Override
        public Tally.Ranks tally() {
            return new Tally.Ranks(classes);
        }

        @Override
        public double of(double[] sums, double weight) {
            return tally().mean(sums, Ranking::averagePrecision);
        }
    }

    /**
     * The Brier score: the mean squared distance of the probabilities from what came true. Of two classes, {@code (p - y)²}
     * of the second; of more, the sum over the classes, up to 2. {@code brier_score_loss}, since scikit-learn 1.7, with its
     * default of {@code scale_by_half}.
     */
    record Brier(int classes) implements Metric {
        @Override
        public String name() {
            return "brier";
        }

        @Override
        public boolean isLargerBetter() {
            return false;
        }

        @Override
        public Tally tally() {
            return new Tally.ProbabilityErrors(classes);
        }

        @Override
        public double of(double[] sums, double weight) {
            return sums[0] / weight;
        }
    }

    /**
     * The expected calibration error: the distance between how sure the largest probability is and how often its class is the
     * true one, in 15 bins of equal width, weighted by their rows. Guo et al., <a href="https://arxiv.org/abs/1706.04599">On
     * calibration of modern neural networks</a>, 2017, equation 3.
     */
    record CalibrationError(int classes) implements Metric {
        @Override
        public String name() {
            return "calibrationError";
        }

        @Override
        public boolean isLargerBetter() {
            return false;
        }

        @Override
        public Tally tally() {
            return new Tally.Calibration(classes);
        }

        @Override
        public double of(double[] sums, double weight) {
            double sum = 0;
            for (int bin = 0; bin < Tally.Calibration.BINS; bin++) {
                sum += Math.abs(sums[bin] - sums[Tally.Calibration.BINS + bin]);
            }
            return sum / weight;
        }
    }

    /** {@code √(Σ w·(y - t)² / Σ w)}, the square's mean over a row's targets. */
    record RootMeanSquaredError() implements Metric {
        @Override
        public String name() {
            return "rmse";
        }

        @Override
        public boolean isLargerBetter() {
            return false;
        }

        @Override
        public Tally tally() {
            return new Tally.SquaredErrors();
        }

        @Override
        public double of(double[] sums, double weight) {
            return Math.sqrt(sums[0] / weight);
        }
    }

    /** {@code Σ w·|y - t| / Σ w}, its mean over the targets. */
    record MeanAbsoluteError(int targets) implements Metric {
        @Override
        public String name() {
            return "mae";
        }

        @Override
        public boolean isLargerBetter() {
            return false;
        }

        @Override
        public Tally.Errors tally() {
            return new Tally.Errors(targets);
        }

        @Override
        public double of(double[] sums, double weight) {
            double sum = 0;
            for (int j = 0; j < targets; j++) {
                sum += tally().meanAbsolute(sums, j) / targets;
            }
            return sum;
        }
    }

    /**
     * {@code Σ w·|y - t| / max(|t|, ε) / Σ w}, its mean over the targets, with ε = 2⁻⁵²: scikit-learn's {@code
     * mean_absolute_percentage_error}, a fraction and not a percentage. A target of 0 makes it huge.
     */
    record MeanAbsolutePercentageError(int targets) implements Metric {
        @Override
        public String name() {
            return "mape";
        }

        @Override
        public boolean isLargerBetter() {
            return false;
        }

        @Override
        public Tally.Errors tally() {
            return new Tally.Errors(targets);
        }

        @Override
        public double of(double[] sums, double weight) {
            double sum = 0;
            for (int j = 0; j < targets; j++) {
                sum += tally().meanRelative(sums, j) / targets;
            }
            return sum;
        }
    }

    /**
     * {@code 1 - Σ w·(y - t)² / Σ w·(t - mean)²}, its mean over the targets: scikit-learn's {@code r2_score} with {@code
     * uniform_average}. A constant target gives 1 where every prediction is exact, else 0.
     */
    record RSquared(int targets) implements Metric {
        @Override
        public String name() {
            return "r2";
        }

        @Override
        public boolean isLargerBetter() {
            return true;
        }

        @Override
        public Tally.Errors tally() {
            return new Tally.Errors(targets);
        }

        @Override
        public double of(double[] sums, double weight) {
            double sum = 0;
            for (int j = 0; j < targets; j++) {
                sum += tally().rSquared(sums, j) / targets;
            }
            return weight > 0 ? sum : Double.NaN;
        }
    }
}
