package dev.kindling.table.profile;

import dev.kindling.table.value.ColumnValues;
import dev.kindling.table.value.DateStyle;
import dev.kindling.table.value.NumberStyle;
import dev.kindling.table.value.Values;
import java.io.Serializable;
import java.time.ZoneId;
import org.apache.spark.sql.types.DataType;

/**
 * How a column's values are read.
 *
 * @param numbers how texts write numbers
 * @param dates how texts write dates
 */
public record ColumnReading(String column, DataType type, ColumnKind kind, NumberStyle numbers, DateStyle dates)
        implements Serializable {

    public ColumnReading(String column, DataType type, ColumnKind kind) {
        this(column, type, kind, NumberStyle.PLAIN, DateStyle.ISO);
    }

    public ColumnReading as(ColumnKind other) {
        return new ColumnReading(column, type, other, numbers, dates);
    }

    public ColumnReading asNumbers(NumberStyle style) {
        return new ColumnReading(column, type, ColumnKind.NUMBER, style, dates);
    }

    public ColumnReading asDates(DateStyle style) {
        return new ColumnReading(column, type, ColumnKind.DATETIME, numbers, style);
    }

    /** Whether values are numbers that are written plainly. */
    public boolean isPlain() {
        return kind == ColumnKind.NUMBER && numbers.isPlain();
    }

    /** The values of all rows, each as {@link #number} reads it. */
    double[] numbers(ColumnValues values, int rows, ZoneId zone) {
        boolean isNumber = kind == ColumnKind.NUMBER;
        double[] all = isNumber ? values.numbers(isPlain()) : new double[rows];
        for (int row = 0; row < rows; row++) {
            all[row] = isNumber ? Values.number(values, row, all[row], numbers) : number(values, row, zone);
        }
        return all;
    }

    /** A value as a number: that of a number or a boolean, seconds of a date; NaN where it is missing. */
    double number(ColumnValues values, int row, ZoneId zone) {
        return switch (kind) {
            case BOOLEAN -> Values.truth(values.plain(row));
            case DATETIME -> Values.seconds(values.plain(row), dates, zone);
            default -> Values.number(values.plain(row), numbers);
        };
    }
}
