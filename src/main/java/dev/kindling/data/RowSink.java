package dev.kindling.data;

import org.jspecify.annotations.Nullable;

/** Receives the parts of one row from a {@link RowReader}. Values are checked on arrival; arrays are copied. */
public interface RowSink {

    /** All feature values, in the order of the columns. */
    void dense(double[] values);

    /** The stored values of a row of width {@code size}; the others are zero. Indices are in ascending order. */
    void sparse(int size, int[] indices, double[] values);

    /** The class index, or the value to predict; null, if the source has none, is an error. */
    void label(@Nullable Double label);

    /** The values to predict, if a row has several. */
    void labels(double[] values);

    /** The row's weight; without this call it is 1. Null, if the source has none, is an error. */
    void weight(@Nullable Double weight);

    /** Puts the row in the validation set instead of the training set. */
    void validation(boolean validation);

    /** The source has no feature vector in this row, which is an error. */
    void missingFeatures();
}
