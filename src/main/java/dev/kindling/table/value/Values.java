package dev.kindling.table.value;

import dev.kindling.linalg.InvalidInput;
import java.math.BigDecimal;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import org.jspecify.annotations.Nullable;

/** Reads a value of a row as a number, a text or a date, whatever type it has. */
public final class Values {
    /** Squares of larger numbers overflow. */
    public static final double LARGEST = 1e100;

    private static final double LARGEST_WHOLE = 0x1p53;

    private Values() {}

    /**
     * The number; NaN where it is missing.
     *
     * @throws RowProblem if it is no number
     */
    public static double number(@Nullable Object value, NumberStyle style) {
        if (value == null) {
            return Double.NaN;
        }
        if (value instanceof Number number) {
            return number.doubleValue() + 0.0; // so that -0.0 and 0.0 are one value
        }
        if (value instanceof Boolean truth) {
            return truth ? 1 : 0;
        }
        String text = String.valueOf(value).strip();
        double number = style.parse(text);
        if (Double.isNaN(number) && !text.isEmpty() && !NumberStyle.isMissing(text)) {
            throw RowProblem.other(style.words(), text);
        }
        return number + 0.0;
    }

    /** The number of a value in a block, for which {@link ColumnValues#numbers} gave this: what is no number there may be a text that is one. */
    public static double number(ColumnValues values, int row, double given, NumberStyle style) {
        return values.isNumber() || !Double.isNaN(given) ? given : number(values.plain(row), style);
    }

    /** The text without blanks at its ends; empty where it is missing. Whole numbers have no decimal point. */
    public static String text(@Nullable Object value) {
        if (value == null) {
            return "";
        }
        if (value instanceof Double || value instanceof Float) {
            double number = ((Number) value).doubleValue();
            return Double.isNaN(number)
                    ? ""
                    : number == Math.rint(number) && Math.abs(number) < LARGEST_WHOLE
                            ? String.valueOf((long) number)
                            : String.valueOf(value);
        }
        return value instanceof BigDecimal decimal
                ? decimal.stripTrailingZeros().toPlainString()
                : String.valueOf(value).strip();
    }

    /** 1 or 0; NaN where it is missing. */
    public static double truth(@Nullable Object value) {
        if (value instanceof String given) {
            String text = given.strip();
            if (text.isEmpty() || NumberStyle.isMissing(text)) {
                return Double.NaN;
            }
            if (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")) {
                return text.equalsIgnoreCase("true") ? 1 : 0;
            }
        }
        double number = value instanceof String given
                ? NumberStyle.PLAIN.parse(given.strip())
                : value == null || value instanceof Number || value instanceof Boolean
                        ? number(value, NumberStyle.PLAIN)
                        : Double.NaN;
        if (number == 0 || number == 1 || (Double.isNaN(number) && !(value instanceof String))) {
            return number;
        }
        throw RowProblem.other("booleans", String.valueOf(value));
    }

    /**
     * Seconds since 1970 on the clocks of the zone; NaN where it is missing.
     *
     * @throws RowProblem if it is no date
     */
    public static double seconds(@Nullable Object value, DateStyle style, ZoneId zone) {
        if (value == null) {
            return Double.NaN;
        }
        if (value instanceof Timestamp timestamp) {
            return seconds(LocalDateTime.ofInstant(timestamp.toInstant(), zone));
        }
        if (value instanceof Instant instant) {
            return seconds(LocalDateTime.ofInstant(instant, zone));
        }
        if (value instanceof LocalDateTime local) {
            return seconds(local);
        }
        if (value instanceof Date date) {
            return date.toLocalDate().toEpochDay() * 86_400.0;
        }
        if (value instanceof LocalDate date) {
            return date.toEpochDay() * 86_400.0;
        }
        String text = text(value); // a number may be a date too, such as 20200131
        double seconds = style.seconds(text, zone);
        if (Double.isNaN(seconds) && !text.isEmpty() && !NumberStyle.isMissing(text)) {
            throw RowProblem.other(style.words(), text);
        }
        return seconds;
    }

    public static double requireFinite(double value) {
        if (Math.abs(value) > LARGEST) {
            throw new RowProblem(
                    "must hold finite numbers of at most " + LARGEST + ", but holds " + InvalidInput.value(value));
        }
        return value;
    }

    public static void requireSize(int expected, int size) {
        if (size != expected) {
            throw new RowProblem(
                    "must hold vectors of one size, but holds one of " + size + " values and one of " + expected);
        }
    }

    public static double seconds(LocalDateTime local) {
        return local.toEpochSecond(ZoneOffset.UTC) + local.get(ChronoField.NANO_OF_SECOND) * 1e-9;
    }
}
