package dev.kindling.spark;

/** Keys in a column's metadata. */
public final class SourceName {
    /** The column's name in the data, for messages, where the pipeline knows it by another name. */
    public static final String KEY = "kindling_source";

    /** The names of the table's columns that the features of a vector come from, one for each feature. */
    public static final String COLUMNS = "kindling_columns";

    private SourceName() {}
}
