package dev.kindling.spark;

import java.util.List;

/**
 * Why a decision about a column is worth a second look.
 *
 * @param detail what was found, in a few words without values of the data
 * @param values of the remedy: one, or one besides others where the column does not tell which
 */
public record ColumnDoubt(Kind kind, String detail, Remedy remedy, List<String> values) {
    public ColumnDoubt {
        values = List.copyOf(values);
    }

    /** What may be wrong. */
    public enum Kind {
        /** Left out, although it holds something. */
        LEFT_OUT,
        /** Read as categories because of a text besides numbers. */
        TEXT_IN_NUMBERS,
        /** Numbers that may name rows. */
        NAMES_ROWS,
        /** Numbers that may be codes of categories. */
        CODES,
        /** Numbers that may be dates. */
        DATES_AS_NUMBERS,
        /** Dates whose century was guessed. */
        SHORT_YEARS,
        /** Categories of few rows. */
        RARE_CATEGORIES,
        /** Without a value in most rows. */
        MOSTLY_MISSING
    }

    /** What decides otherwise. */
    public enum Remedy {
        EXCLUDE,
        ID,
        CATEGORICAL,
        DATETIME,
        MIN_CATEGORY_ROWS,
        NULL_VALUE,
        /** Writing values in another way before they are read: the value says which and how. */
        REWRITE
    }
}
