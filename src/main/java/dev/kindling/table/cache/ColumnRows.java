package dev.kindling.table.cache;

import java.util.List;
import org.apache.spark.api.java.JavaRDD;

/** Rows of which some columns can be read. */
public interface ColumnRows {
    /** The rows with these columns, in this order. */
    JavaRDD<BlockRows> of(List<String> columns);

    /** Whether these columns are read from a cache each time that they are asked for. */
    default boolean isCached(List<String> columns) {
        return false;
    }
}
