package dev.kindling.table.value;

import org.jspecify.annotations.Nullable;

/** The values of a column in some rows: a look at numbers makes no object of one. */
public interface ColumnValues {

    /** Whether they are numbers or booleans, 1 and 0. */
    boolean isNumber();

    /**
     * The numbers of all rows, without -0.0, which is 0.0; NaN where they are null, and in the place of all other values, except, if it
     * is asked for, of texts that {@link PlainNumber} reads and that are no codes such as 01220.
     */
    double[] numbers(boolean ofTexts);

    /** The value of a row, for {@link Values}; a {@code double[]} in the place of a vector or an array. */
    @Nullable
    Object plain(int row);
}
