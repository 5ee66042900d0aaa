package dev.kindling.data;

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

    /** The name of one feature in messages. */
    String feature(int index) {
        return index < featureNames.size()
                ? "feature \"" + featureNames.get(index) + "\""
                : "value " + index + " of column \"" + features + "\"";
    }
}
