package dev.kindling.data;

import dev.kindling.linalg.InvalidInput;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * The names of the source's columns, for messages.
 *
 * @param featureNames the names of the single features; empty if they have none
 */
public record ColumnNames(String features, String label, String weight, ArrayList<String> featureNames)
        implements Serializable {

    public ColumnNames(String features, String label, String weight, List<String> featureNames) {
        this(features, label, weight, new ArrayList<>(featureNames));
    }

    public ColumnNames(String features, String label, String weight) {
        this(features, label, weight, List.of());
    }

    /** The sentence that refuses a row without features, without its location. */
    public String noFeatures() {
        return "column \"" + features + "\" must have a vector in every row, but is null";
    }

    /** The sentence that refuses a feature's value, without the location of its row. */
    public String notFinite(int index, double value) {
        String what = Double.isNaN(value)
                ? "NaN or null"
                : InvalidInput.value(value) + (Double.isFinite(value) ? ", beyond float32's range," : "");
        return feature(index) + " must be a finite number, but is " + what;
    }

    /** The name of one feature in messages. */
    private String feature(int index) {
        return index < featureNames.size()
                ? "feature \"" + featureNames.get(index) + "\""
                : "value " + index + " of column \"" + features + "\"";
    }
}
