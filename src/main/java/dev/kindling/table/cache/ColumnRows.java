package dev.kindling.table.cache;

import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;

/** Rows of which some columns can be read. */
public interface ColumnRows {
    /** The rows with these columns, in this order. */
    JavaRDD<Row> of(List<String> columns);
}
