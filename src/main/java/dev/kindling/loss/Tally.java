package dev.kindling.loss;

import java.io.Serializable;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Sums over rows from which metrics are computed. Metrics with equal tallies share them.
 *
 * <p>Sums of parts of the rows join to those of all of them: see {@link #join}. Most add up element by element. A variance
 * cannot: {@code Σy² - (Σy)²/n} cancels where the mean is large beside the deviation. So the last elements may be
 * <em>moments</em>, four each: weight, origin, weighted mean minus origin, and weighted sum of squared distances from that
 * mean. The origin is one of the values: a mean of 1e12 in one double would be off by 1e-4.
 */
public sealed interface Tally extends Serializable {
    /** The number of doubles of one moment. */
    int MOMENT = 4;

    /** The number of sums, moments included. */
    int sums();

    /** How many moments the sums end with. */
    default int moments() {
        return 0;
    }

    /**
     * Counts rows.
     *
     * @param sums added to, from {@code from} on; zeros where nothing was counted yet
     */
    void add(Scored rows, double[] sums, int from);

    /**
     * Joins the sums of other rows to those of some. The result depends in its last bits on the order of the parts, so
     * callers keep to a fixed order. Moments are joined by Chan, Golub and LeVeque, <i>Updating formulae and a pairwise
     * algorithm for computing sample variances</i>, 1979, equations 2.1.
     *
     * @param sums {@code length} of them from {@code from} on are modified
     * @param others with the same places
     * @param moments how many end these places
     */
    static void join(double[] sums, double[] others, int from, int length, int moments) {
        int plain = from + length - MOMENT * moments;
        for (int i = from; i < plain; i++) {
            sums[i] += others[i];
        }
        for (int i = plain; i < from + length; i += MOMENT) {
            joinMoment(sums, i, others[i], others[i + 1], others[i + 2], others[i + 3]);
        }
    }

    private static void joinMoment(double[] sums, int at, double weight, double origin, double mean, double squares) {
        if (!(weight > 0)) {
            return;
        }
        if (sums[at] == 0) {
            sums[at + 1] = origin;
        }
        double all = sums[at] + weight;
        double share = weight / all;
        double distance = origin - sums[at + 1] + mean - sums[at + 2];
        sums[at + 3] += squares + sums[at] * share * distance * distance;
        sums[at + 2] += share * distance;
        sums[at] = all;
    }

    /** The weight of the rows whose class is predicted. One sum, so that it costs a training step nothing. */
    record Correct() implements Tally {
        @Override
        public int sums() {
            return 1;
        }

        @Override
        public void add(Scored rows, double[] sums, int from) {
            double sum = 0;
            for (int row = 0; row < rows.rows(); row++) {
                if (rows.predictedClass(row) == rows.actualClass(row)) {
                    sum += rows.weight(row);
                }
            }
            sums[from] += sum;
        }
    }

    /** {@code -Σ w·log p} with p the probability given to the true class: see {@link Metric.LogLoss}. */
    record LogLikelihood() implements Tally {
        private static final double EPSILON = Math.ulp(1.0);

        @Override
        public int sums() {
            return 1;
        }

        @Override
        public void add(Scored rows, double[] sums, int from) {
            double sum = 0;
            for (int row = 0; row < rows.rows(); row++) {
                double probability = rows.probability(row, rows.actualClass(row));
                sum -= rows.weight(row) * Math.log(Math.max(EPSILON, Math.min(1 - EPSILON, probability)));
            }
            sums[from] += sum;
        }
    }

    /** The weight of rows by actual and predicted class. Classes² sums: ask for it only where that is no burden. */
    record Confusion(int classes) implements Tally {
        /** Of more classes the sums are too many to send around, and nobody reads the matrix. */
        public static final int MOST_CLASSES = 1000;

        @Override
        public int sums() {
            return Math.multiplyExact(classes, classes);
        }

        @Override
        public void add(Scored rows, double[] sums, int from) {
            for (int row = 0; row < rows.rows(); row++) {
                sums[from + rows.actualClass(row) * classes + rows.predictedClass(row)] += rows.weight(row);
            }
        }
    }

    /** The weights of each class's rows, then of those predicted as it, then of those that are both. */
    record ByClass(int classes) implements Tally {
        @Override
        public int sums() {
            return Math.multiplyExact(3, classes);
        }

        @Override
        public void add(Scored rows, double[] sums, int from) {
            for (int row = 0; row < rows.rows(); row++) {
                int actual = rows.actualClass(row);
                int predicted = rows.predictedClass(row);
                double weight = rows.weight(row);
                sums[from + actual] += weight;
                sums[from + classes + predicted] += weight;
                sums[from + 2 * classes + actual] += actual == predicted ? weight : 0;
            }
        }

        /** The figures of each class, in their order. */
        public List<ClassFigures> figures(double[] sums) {
            return IntStream.range(0, classes)
                    .mapToObj(c -> ClassFigures.of(sums[c], sums[classes + c], sums[2 * classes + c]))
                    .toList();
        }
    }

    /**
     * How each class's probability ranks its rows among those of the other classes: the sums of a {@link Ranking} for each
     * class. Of two classes there is one, of the second: that of the first is its mirror image.
     */
    record Ranks(int classes) implements Tally {
        /** Of more classes the sums are too many to send around. */
        public static final int MOST_CLASSES = 100;

        @Override
        public int sums() {
            return Math.multiplyExact(Ranking.size(bins()), classes - first());
        }

        private int bins() {
            return Ranking.bins(classes - first());
        }

        /** The first class that is ranked; the others follow. */
        public int first() {
            return classes == 2 ? 1 : 0;
        }

        @Override
        public void add(Scored rows, double[] sums, int from) {
            for (int row = 0; row < rows.rows(); row++) {
                int actual = rows.actualClass(row);
                double weight = rows.weight(row);
                for (int c = first(); c < classes; c++) {
                    Ranking.add(sums, place(from, c), bins(), rows.probability(row, c), c == actual, weight);
                }
            }
        }

        private int place(int from, int ofClass) {
            return from + (ofClass - first()) * Ranking.size(bins());
        }

        /** One class against the rest; {@code sums} begin at {@code from} and are not copied. */
        public Ranking ranking(double[] sums, int from, int ofClass) {
            return new Ranking(sums, place(from, ofClass), bins());
        }

        /** Those of all classes that are ranked; {@code sums} are not copied. */
        public List<Ranking> rankings(double[] sums) {
            return IntStream.range(first(), classes)
                    .mapToObj(c -> ranking(sums, 0, c))
                    .toList();
        }

        /** A figure's mean over the classes that are ranked. */
        double mean(double[] sums, ToDoubleFunction<Ranking> figure) {
            double sum = 0;
            for (int c = first(); c < classes; c++) {
                sum += figure.applyAsDouble(ranking(sums, 0, c));
            }
            return sum / (classes - first());
        }
    }

    /** {@code Σ w·(p - y)²} of two classes' second or, of more classes, the sum over them: see {@link Metric.Brier}. */
    record ProbabilityErrors(int classes) implements Tally {
        @Override
        public int sums() {
            return 1;
        }

        @Override
        public void add(Scored rows, double[] sums, int from) {
            double sum = 0;
            for (int row = 0; row < rows.rows(); row++) {
                int actual = rows.actualClass(row);
                double squares = 0;
                for (int c = classes == 2 ? 1 : 0; c < classes; c++) {
                    double error = rows.probability(row, c) - (c == actual ? 1 : 0);
                    squares += error * error;
                }
                sum += rows.weight(row) * squares;
            }
            sums[from] += sum;
        }
    }

    /**
     * The largest probability of each row, by bins of equal width {@code (k/15, (k+1)/15]}: the sums of the probability in
     * each bin, then the weights of the rows whose class is the one that has it.
     */
    record Calibration(int classes) implements Tally {
        static final int BINS = 15;

        @Override
        public int sums() {
            return 2 * BINS;
        }

        @Override
        public void add(Scored rows, double[] sums, int from) {
            for (int row = 0; row < rows.rows(); row++) {
                int top = 0;
                for (int c = 1; c < classes; c++) {
                    top = rows.probability(row, c) > rows.probability(row, top) ? c : top;
                }
                double probability = rows.probability(row, top);
                int bin = (int) Math.max(0, Math.ceil(probability * BINS) - 1);
                sums[from + bin] += rows.weight(row) * probability;
                sums[from + BINS + bin] += top == rows.actualClass(row) ? rows.weight(row) : 0;
            }
        }
    }

    /** How the predicted class's probability ranks the rows it is right for: the sums of a {@link Ranking}. */
    record Confidence() implements Tally {
        @Override
        public int sums() {
            return Ranking.size(Ranking.COARSE);
        }

        @Override
        public void add(Scored rows, double[] sums, int from) {
            for (int row = 0; row < rows.rows(); row++) {
                int predicted = rows.predictedClass(row);
                boolean isRight = predicted == rows.actualClass(row);
                Ranking.add(sums, from, Ranking.COARSE, rows.probability(row, predicted), isRight, rows.weight(row));
            }
        }

        /** The ranking whose sums begin at {@code from}; they are not copied. */
        public Ranking ranking(double[] sums, int from) {
            return new Ranking(sums, from, Ranking.COARSE);
        }
    }

    /** {@code Σ w·(y - t)²}, the square's mean over a row's targets. One sum, so that it costs a training step nothing. */
    record SquaredErrors() implements Tally {
        @Override
        public int sums() {
            return 1;
        }

        @Override
        public void add(Scored rows, double[] sums, int from) {
            double sum = 0;
            int targets = rows.targets();
            for (int row = 0; row < rows.rows(); row++) {
                double weight = rows.weight(row) / targets;
                for (int j = 0; j < targets; j++) {
                    double error = rows.prediction(row, j) - rows.target(row, j);
                    sum += weight * error * error;
                }
            }
            sums[from] += sum;
        }
    }

    /**
     * Each target's absolute errors, then each one's squared errors, then each one's relative errors (see {@link
     * Metric.MeanAbsolutePercentageError}), then the moments of each target.
     */
    record Errors(int targets) implements Tally {
        private static final double EPSILON = Math.ulp(1.0);

        @Override
        public int sums() {
            return (3 + MOMENT) * targets;
        }

        @Override
        public int moments() {
            return targets;
        }

        @Override
        public void add(Scored rows, double[] sums, int from) {
            for (int j = 0; j < targets; j++) {
                for (int row = 0; row < rows.rows(); row++) {
                    double error = rows.prediction(row, j) - rows.target(row, j);
                    sums[from + j] += rows.weight(row) * Math.abs(error);
                    sums[from + targets + j] += rows.weight(row) * error * error;
                    sums[from + 2 * targets + j] +=
                            rows.weight(row) * Math.abs(error) / Math.max(EPSILON, Math.abs(rows.target(row, j)));
                }
                addMoment(rows, j, sums, from + moment(j));
            }
        }

        private int moment(int target) {
            return 3 * targets + MOMENT * target;
        }

        /** In two passes, and from distances to a first value, so that nothing cancels. */
        private static void addMoment(Scored rows, int place, double[] sums, int at) {
            double origin = 0;
            double weight = 0;
            double mean = 0;
            for (int row = 0; row < rows.rows(); row++) {
                origin = weight == 0 ? rows.target(row, place) : origin;
                weight += rows.weight(row);
                mean += rows.weight(row) * (rows.target(row, place) - origin);
            }
            mean /= weight;
            double squares = 0;
            for (int row = 0; row < rows.rows(); row++) {
                double distance = rows.target(row, place) - origin - mean;
                squares += rows.weight(row) * distance * distance;
            }
            joinMoment(sums, at, weight, origin, mean, squares);
        }

        /** One target's mean absolute error. */
        public double meanAbsolute(double[] sums, int target) {
            return sums[target] / sums[moment(target)];
        }

        /** One target's mean squared error. */
        public double meanSquare(double[] sums, int target) {
            return sums[targets + target] / sums[moment(target)];
        }

        /** One target's mean relative error. */
        public double meanRelative(double[] sums, int target) {
            return sums[2 * targets + target] / sums[moment(target)];
        }

        /** One target's R²: see {@link Metric.RSquared}. */
        public double rSquared(double[] sums, int target) {
            double unexplained = sums[targets + target];
            double squares = sums[moment(target) + 3];
            if (squares == 0) {
                return unexplained == 0 ? 1 : unexplained > 0 ? 0 : Double.NaN;
            }
            return 1 - unexplained / squares;
        }
    }
}
