package dev.kindling.ml.internal;

import java.util.List;
import org.apache.spark.sql.types.StructType;

/**
 * What the metadata of a column of features tell.
 *
 * @param widths how many features, from the first to the last, each column of the table has; empty if that is not known
 * @param isVectorized whether a table vectorizer made the features, which has scaled them as its own params say
 */
public record FeatureLayout(List<Integer> widths, boolean isVectorized) {
    public static final FeatureLayout UNKNOWN = new FeatureLayout(List.of(), false);

    public static FeatureLayout of(StructType schema, String column) {
        return new FeatureLayout(
                LabelledRows.columnWidths(schema, column),
                !LabelledRows.notes(schema, column).isEmpty());
    }
}
