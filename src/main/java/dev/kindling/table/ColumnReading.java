package dev.kindling.table;

import java.io.Serializable;
import org.apache.spark.sql.types.DataType;

/**
 * How a column's values are read.
 *
 * @param numbers how texts write numbers
 * @param dates how texts write dates
 */
record ColumnReading(String column, DataType type, ColumnKind kind, NumberStyle numbers, DateStyle dates)
        implements Serializable {

    ColumnReading(String column, DataType type, ColumnKind kind) {
        this(column, type, kind, NumberStyle.PLAIN, DateStyle.ISO);
    }

    ColumnReading as(ColumnKind other) {
        return new ColumnReading(column, type, other, numbers, dates);
    }

    ColumnReading asNumbers(NumberStyle style) {
        return new ColumnReading(column, type, ColumnKind.NUMBER, style, dates);
    }

    ColumnReading asDates(DateStyle style) {
        return new ColumnReading(column, type, ColumnKind.DATETIME, numbers, style);
    }
}
