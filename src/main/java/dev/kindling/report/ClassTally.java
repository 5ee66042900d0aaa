package dev.kindling.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;

/**
 * What a report says of a classifier, from one pass over labelled rows: the weight of rows by class and prediction, and by
 * class and probability. It takes the same memory however many rows there are, and is one array, so that the tallies of
 * parts of the rows add up.
 */
public final class ClassTally {
    /** With more classes than this, curves of each and a matrix of all are no longer readable. */
    static final int MOST_CURVES = 30;

    /** A point of a curve that is nearer than this to the one before is left out. */
    private static final double STEP = 0.002;

    private final int classes;
    private final int curves;
    private final double[] sums; // (classes, classes) actual by predicted, then Ranking.SIZE for each curve

    /** An empty one. */
    public ClassTally(int classes) {
        this.classes = classes;
        // each class against the rest, then whether the predicted class is right, by its probability
        this.curves = classes > MOST_CURVES ? 1 : classes + 1;
        this.sums = new double[Math.addExact(Math.multiplyExact(classes, classes), curves * Ranking.SIZE)];
    }

    /** Counts a row. */
    public void add(double[] probabilities, int actual, int predicted, double weight) {
        sums[actual * classes + predicted] += weight;
        for (int c = 0; c < curves - 1; c++) {
            Ranking.add(sums, from(c), probabilities[c], actual == c, weight);
        }
        Ranking.add(sums, from(curves - 1), probabilities[predicted], actual == predicted, weight);
    }

    private int from(int curve) {
        return classes * classes + curve * Ranking.SIZE;
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
        Arrays.setAll(sums, i -> sums[i] + other[i]);
    }

    /** Each class against the rest; none where there are too many classes. */
    Ranking ranking(int c) {
        return new Ranking(sums, from(c));
    }

    boolean hasCurves() {
        return curves > 1;
    }

    /** Of the class that is predicted, whether it is right; of two classes, the second against the first. */
    private Ranking confidence() {
        return ranking(classes == 2 ? 1 : curves - 1);
    }

    void describe(ObjectNode json, List<String> names) {
        names.forEach(json.putArray("classes")::add);
        ArrayNode matrix = json.putArray("confusion");
        for (int actual = 0; actual < classes; actual++) {
            ArrayNode row = matrix.addArray();
            for (int predicted = 0; predicted < classes; predicted++) {
                row.add(sums[actual * classes + predicted]);
            }
        }
        ArrayNode each = json.putArray("curves");
        for (int c = classes == 2 ? 1 : 0; c < curves - 1; c++) {
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
        ReportJson.put(reliability, "error", calibration.error());
        ReportJson.putAll(reliability, "predicted", calibration.predicted());
        ReportJson.putAll(reliability, "observed", calibration.observed());
        ReportJson.putAll(reliability, "weights", calibration.weights());
    }
}
