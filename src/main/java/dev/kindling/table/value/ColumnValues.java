package dev.kindling.table.value;

import org.jspecify.annotations.Nullable;

/** The values of a column in some rows: a look at a number or a text makes no object. */
public interface ColumnValues {

    /** Whether {@link #number} can be asked for: numbers and booleans. */
    boolean isNumber();

    /** A number, or 1 or 0 for a boolean; NaN where it is null. */
    double number(int row);

    /** Whether {@link #bytes} can be asked for. */
    boolean isText();

    /** The texts in UTF-8, one after the other. They must not be modified. */
    byte[] bytes();

    /** Where a text begins. */
    int start(int row);

    /** Where it ends; where it begins if it is null. */
    int end(int row);

    /** The value of a row, for {@link Values}; a {@code double[]} in the place of a vector or an array. */
    @Nullable
    Object plain(int row);
}
