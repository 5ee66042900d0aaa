package dev.kindling.data;

import java.io.Serializable;

/** Reads one row of a source, of whatever type, into a {@link RowSink}. It travels to the executors. */
public interface RowReader<T> extends Serializable {

    /** Gives the sink the row's features, label and, where there are such, weight and place. */
    void read(T row, RowSink sink);
}
