package dev.kindling.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;

/** The data for a regressor's charts: true and predicted values of as many rows as a plot can show. */
public final class ValueSample {
    /** With more points than this, they hide each other. */
    public static final int MOST_ROWS = 3000;

    private final double[] actual;
    private final double[] predicted;
    private final boolean sampled;

    /**
     * @param predicted as long as {@code actual}; both are copied
     * @param sampled whether there are more rows than these
     */
    public ValueSample(double[] actual, double[] predicted, boolean sampled) {
        if (actual.length != predicted.length) {
            throw new IllegalArgumentException("each row must have a true and a predicted value, but there are "
                    + actual.length + " and " + predicted.length);
        }
        this.actual = actual.clone();
        this.predicted = predicted.clone();
        this.sampled = sampled;
    }

    void describe(ObjectNode json) {
        double[] residuals = new double[actual.length];
        Arrays.setAll(residuals, i -> predicted[i] - actual[i]);
        json.put("sampled", sampled);
        ReportJson.putAll(json, "actual", actual);
        ReportJson.putAll(json, "predicted", predicted);
        Histogram.of(residuals, 0, residuals.length).describe(json.putObject("residuals"));
    }
}
