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
        LEFT_OUT("leftOutColumns", "columns are left out that hold something"),
        TEXT_IN_NUMBERS("textInNumbers", "one text besides numbers makes them categories"),
        NAMES_ROWS(
                "numbersThatNameRows",
                "whole numbers that differ in each row may name the rows, and tell nothing of others"),
        CODES("codesAsNumbers", "whole numbers are read as amounts, but may be codes, by the column's name"),
        DATES_AS_NUMBERS("datesAsNumbers", "whole numbers are read as amounts, but may be dates"),
        SHORT_YEARS("yearsOfTwoDigits", "years of two digits are read as 2000 to 2099"),
        RARE_CATEGORIES("rareCategories", "most categories have so few rows that they can hardly be learned"),
        MOSTLY_MISSING("mostlyMissing", "values are missing in more than half of the rows");

        /** Of the finding. */
        public final String title;

        /** What stands before the columns. */
        public final String sentence;

        Kind(String title, String sentence) {
            this.title = title;
            this.sentence = sentence;
        }
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
