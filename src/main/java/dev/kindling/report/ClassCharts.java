package dev.kindling.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kindling.loss.ClassFigures;
import dev.kindling.loss.Ranking;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What a report shows of a classifier's predictions on some rows.
 *
 * @param figures of each class
 * @param confusion [actual class][predicted class]: the weight of such rows; empty where there are too many classes for it
 * @param rankings of each class against the rest, of two classes the second's alone; empty where there are too many for it
 * @param reliability whether probabilities are the shares that they promise
 */
@SuppressWarnings("ArrayRecordComponent") // a matrix to draw, not a value to compare
public record ClassCharts(
        List<ClassFigures> figures, double[][] confusion, List<Ranking> rankings, Ranking.Reliability reliability) {
    /** Of no class. */
    public static final ClassCharts NONE = new ClassCharts(
            List.of(),
            new double[0][],
            List.of(),
            new Ranking.Reliability(new double[0], new double[0], new double[0]));

    /** With more classes than this, curves of each are no longer readable. */
    static final int MOST_CURVES = 30;

    /** A point of a curve that is nearer than this to the one before is left out. */
    private static final double STEP = 0.002;

    void describe(ObjectNode json, List<String> names) {
        names.forEach(json.putArray("classes")::add);
        put(json, "actual", ClassFigures::support);
        put(json, "predicted", ClassFigures::predicted);
        put(json, "precision", ClassFigures::precision);
        put(json, "recall", ClassFigures::recall);
        put(json, "f1", ClassFigures::f1);
        ArrayNode matrix = json.putArray("confusion");
        for (double[] ofActual : confusion) {
            ArrayNode counts = matrix.addArray();
            for (double count : ofActual) {
                counts.add(count);
            }
        }
        ArrayNode each = json.putArray("curves");
        for (int i = 0; i < rankings.size() && figures.size() <= MOST_CURVES; i++) {
            Ranking ranking = rankings.get(i);
            if (ranking.isDefined()) {
                ObjectNode curve = each.addObject();
                curve.put("class", figures.size() - rankings.size() + i);
                ReportJson.put(curve, "rocArea", ranking.rocArea());
                ReportJson.put(curve, "averagePrecision", ranking.averagePrecision());
                ReportJson.put(curve, "base", ranking.base());
                ReportJson.putAll(curve, "roc", ranking.roc(STEP));
                ReportJson.putAll(curve, "precisionRecall", ranking.precisionRecall(STEP));
            }
        }
        ObjectNode calibration = json.putObject("reliability");
        ReportJson.putAll(calibration, "predicted", reliability.predicted());
        ReportJson.putAll(calibration, "observed", reliability.observed());
        ReportJson.putAll(calibration, "weights", reliability.weights());
    }

    private void put(ObjectNode json, String name, ToDoubleFunction<ClassFigures> figure) {
        ReportJson.putAll(json, name, figures.stream().mapToDouble(figure).toArray());
    }
}
