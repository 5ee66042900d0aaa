package dev.kindling.data;

import org.jspecify.annotations.Nullable;

/** Where a {@link RowReader} puts the parts of one row. Values are checked as they come, arrays copied. */
public interface RowSink {

    /** All feature values, in the order of the columns. */
    void dense(double[] values);

    /** The stored values of a row {@code size} wide; the others are zero. Indices rise. */
    void sparse(int size, int[] indices, double[] values);

    /** The class index, or the value to predict; null where the source has none, which is refused. */
    void label(@Nullable Double label);

    /** The values to predict where a row has several. */
    void labels(double[] values);

    /** The row's weight; without this call it is 1. Null, where the source has none, is refused. */
    void weight(@Nullable Double weight);

    /** Puts the row with those that the model is validated on, not trained on. */
    void validation(boolean validation);

    /** The source has no feature vector in this row, which is refused. */
    void missingFeatures();
}
