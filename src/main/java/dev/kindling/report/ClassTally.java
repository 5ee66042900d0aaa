package dev.kindling.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kindling.loss.Ranking;
import dev.kindling.loss.Scored;
import dev.kindling.loss.Tallies;
import dev.kindling.loss.Tally;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a report says of a classifier, from one pass over labelled rows: the confusion matrix, and how each class's probability
 * ranks the rows. It takes the same memory however many rows there are, and is one array, so that the tallies of parts of
 * the rows add up.
 */
public final class ClassTally {
    /** With more classes than this, curves of each and a matrix of all are no longer readable. */
    static final int MOST_CURVES = 30;

    /** A point of a curve that is nearer than this to the one before is left out. */
    private static final double STEP = 0.002;

    private final int classes;
    private final Tally confusion;
    private final Tally byClass;
    private final Tally.Ranks ranks;
    private final Tally.Confidence confidence = new Tally.Confidence();
    private final Tallies tallies;
    private final double[] sums;
    private final OneRow row = new OneRow();

    /** An empty one. */
    public ClassTally(int classes) {
        this.classes = classes;
        this.confusion = new Tally.Confusion(classes);
        this.byClass = new Tally.ByClass(classes);
        this.ranks = new Tally.Ranks(classes);
        List<Tally> all = new ArrayList<>();
        all.add(byClass);
        if (hasMatrix()) {
            all.add(confusion);
        }
        if (hasCurves()) {
            all.add(ranks);
        }
        all.add(confidence);
        this.tallies = new Tallies(all);
        this.sums = new double[tallies.sums()];
    }

    /** Counts a row. */
    public void add(double[] probabilities, int actual, int predicted, double weight) {
        row.probabilities = probabilities;
        row.actual = actual;
        row.predicted = predicted;
        row.weight = weight;
        tallies.add(row, sums);
    }

    /** All that was counted, as a tally of other rows adds it; not copied. */
    public double[] sums() {
        return sums;
    }

    /**
     * Adds another's.
     *
     * @param other sums of a tally of as many classes
     */
    public void addAll(double[] other) {
        if (other.length != sums.length) {
            throw new IllegalArgumentException(
                    "a tally of " + sums.length + " sums cannot take one of " + other.length + " in");
        }
        tallies.join(sums, other);
    }

    /** A class against the rest. */
    Ranking ranking(int c) {
        return ranks.ranking(sums, tallies.from(ranks), c);
    }

    private boolean hasMatrix() {
        return classes <= Tally.Confusion.MOST_CLASSES;
    }

    boolean hasCurves() {
        return classes <= MOST_CURVES;
    }

    /** Of the predicted class, whether it is right; of two classes, the second against the first. */
    private Ranking confidence() {
        return classes == 2 ? ranking(1) : confidence.ranking(sums, tallies.from(confidence));
    }

    void describe(ObjectNode json, List<String> names) {
        names.forEach(json.putArray("classes")::add);
        double[] weights = tallies.sumsOf(byClass, sums);
        ReportJson.putAll(json, "actual", Arrays.copyOfRange(weights, 0, classes));
        ReportJson.putAll(json, "predicted", Arrays.copyOfRange(weights, classes, 2 * classes));
        ReportJson.putAll(json, "correct", Arrays.copyOfRange(weights, 2 * classes, 3 * classes));
        ArrayNode matrix = json.putArray("confusion");
        for (int actual = 0; actual < classes && hasMatrix(); actual++) {
            ArrayNode counts = matrix.addArray();
            for (int predicted = 0; predicted < classes; predicted++) {
                counts.add(sums[tallies.from(confusion) + actual * classes + predicted]);
            }
        }
        ArrayNode each = json.putArray("curves");
        for (int c = ranks.first(); c < classes && hasCurves(); c++) {
            Ranking ranking = ranking(c);
            if (ranking.isDefined()) {
                ObjectNode curve = each.addObject();
                curve.put("class", c);
                ReportJson.put(curve, "rocArea", ranking.rocArea());
                ReportJson.put(curve, "averagePrecision", ranking.averagePrecision());
                ReportJson.put(curve, "base", ranking.base());
                ReportJson.putAll(curve, "roc", ranking.roc(STEP));
                ReportJson.putAll(curve, "precisionRecall", ranking.precisionRecall(STEP));
            }
        }
        ObjectNode reliability = json.putObject("reliability");
        Ranking.Reliability calibration = confidence().reliability(10);
        ReportJson.putAll(reliability, "predicted", calibration.predicted());
        ReportJson.putAll(reliability, "observed", calibration.observed());
        ReportJson.putAll(reliability, "weights", calibration.weights());
    }

    /** The row that is counted. */
    private static final class OneRow implements Scored {
        private double[] probabilities = {};
        private int actual;
        private int predicted;
        private double weight;

        @Override
        public int rows() {
            return 1;
        }

        @Override
        public double weight(int row) {
            return weight;
        }

        @Override
        public int actualClass(int row) {
            return actual;
        }

        @Override
        public int predictedClass(int row) {
            return predicted;
        }

        @Override
        public double probability(int row, int ofClass) {
            return probabilities[ofClass];
        }

        @Override
        public int targets() {
            return 0;
        }

        @Override
        public double target(int row, int place) {
            throw new UnsupportedOperationException("rows of classes have no values");
        }

        @Override
        public double prediction(int row, int place) {
            throw new UnsupportedOperationException("rows of classes have no values");
        }
    }
}
