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
        public Tally.Confusion tally() {
            return new Tally.Confusion(classes);
        }

        @Override
        public double of(double[] sums, double weight) {
            double sum = 0;
            for (int c = 0; c < classes; c++) {
                double actual = 0;
                double predicted = 0;
                for (int other = 0; other < classes; other++) {
                    actual += sums[c * classes + other];
                    predicted += sums[other * classes + c];
                }
                double right = sums[c * classes + c];
                sum += actual + predicted == 0 ? 0 : actual * 2 * right / (actual + predicted);
            }
            return sum / weight;
        }
    }

    /**
     * The area under the ROC curve of one class against the rest: {@code roc_auc_score}, except that
     * rows whose probabilities share a bin of {@link Ranking} count as tied. NaN if all rows are of the class, or none.
     */
    record RocArea(int ofClass) implements Metric {
        @Override
        public String name() {
            return "rocArea";
        }

        @Override
        public boolean isLargerBetter() {
            return true;
        }

        @Override
        public Tally tally() {
            return new Tally.Ranks(ofClass);
        }

        @Override
        public double of(double[] sums, double weight) {
            return new Ranking(sums, 0).rocArea();
        }
    }

    /** The average precision of one class against the rest: {@code average_precision_score}, by the same bins. */
    record AveragePrecision(int ofClass) implements Metric {
        @Override
        public String name() {
            return "averagePrecision";
        }

        @Override
        public boolean isLargerBetter() {
            return true;
        }

        @Override
        public Tally tally() {
            return new Tally.Ranks(ofClass);
        }

        @Override
        public double of(double[] sums, double weight) {
            return new Ranking(sums, 0).averagePrecision();
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
