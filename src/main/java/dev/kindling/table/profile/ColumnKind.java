package dev.kindling.table.profile;

import java.util.Locale;

/** What a column of a table holds. */
public enum ColumnKind {
    NUMBER,
    BOOLEAN,
    /** Texts, or numbers, that rows share. */
    CATEGORY,
    DATETIME,
    /** Several numbers: a vector or an array. */
    VECTOR,
    /** Names of rows: kept out of the features. */
    ID,
    /** A column without anything to learn from, or one that the user leaves out. */
    DROPPED;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
