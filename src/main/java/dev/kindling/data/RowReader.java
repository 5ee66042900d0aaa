package dev.kindling.data;

import java.io.Serializable;

/** Reads one row of a source, of any type, into a {@link RowSink}. Spark ships it to the executors. */
public interface RowReader<T> extends Serializable {

    /** Passes the row's features and label to the sink, and its weight and side of the validation split if it has them. */
    void read(T row, RowSink sink);
}
