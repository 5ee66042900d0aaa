package dev.kindling.data;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * What the source's columns are called, for messages.
 *
 * @param featureNames the names of the single features, or empty where they have none
 */
public record ColumnNames(String features, String label, String weight, ArrayList<String> featureNames)
        implements Serializable {

    public ColumnNames(String features, String label, String weight, List<String> featureNames) {
        this(features, label, weight, new ArrayList<>(featureNames));
    }

    public ColumnNames(String features, String label, String weight) {
        this(features, label, weight, List.of());
    }

    /** How a message names one feature. */
    String feature(int index) {
        return index < featureNames.size()
                ? "feature \"" + featureNames.get(index) + "\""
                : "value " + index + " of column \"" + features + "\"";
    }
}
