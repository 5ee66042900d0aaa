package dev.kindling.spark;

/** A key in a column's metadata: the column's name in the data, for messages, where the pipeline knows it by another name. */
public final class SourceName {
    public static final String KEY = "kindling_source";

    private SourceName() {}
}
