package dev.kindling.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;

/** What a report says of a regressor: the true and the predicted values of some rows, as many as a plot can show. */
public final class ValueSample {
    /** More points than this hide each other. */
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
            throw new IllegalArgumentException("each row has a true and a predicted value, but there are "
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
