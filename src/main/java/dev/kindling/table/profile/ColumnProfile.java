package dev.kindling.table.profile;

import dev.kindling.linalg.InvalidInput;
import java.io.Serializable;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/** What is known of one column after a pass over the rows. */
public final class ColumnProfile implements Serializable {
    private static final long serialVersionUID = 1L;

    /** A column of texts that has more is no category. */
    public static final int MOST_TEXTS = 50_000;

    private static final int MOST_NUMBERS = 1 << 18; // of all columns together

    private final String column;
    public long rows;
    public long missing;
    public final @Nullable NumberStats numbers; // of numbers, booleans, and dates as seconds
    public final @Nullable ValueCounts<String> texts;
    public NumberStats[] elements = {}; // of vectors

    /** @param columns of the table, which share the memory */
    ColumnProfile(ColumnReading reading, int columns) {
        column = reading.column();
        boolean isText = reading.kind() == ColumnKind.CATEGORY;
        int kept = Math.max(256, Math.min(4096, MOST_NUMBERS / columns));
        numbers = isText || reading.kind() == ColumnKind.VECTOR ? null : new NumberStats(kept);
        texts = isText ? new ValueCounts<>(MOST_TEXTS) : null;
    }

    /**
     * Adds the value of a row.
     *
     * @throws RowProblem if the column must not have it
     */
    void add(ColumnReading reading, Row row, int place, ZoneId zone) {
        rows++;
        if (reading.kind() == ColumnKind.VECTOR) {
            addElements(row.isNullAt(place) ? null : elements(row, place));
        } else if (texts != null) {
            String text = Values.text(row.get(place));
            if (text.isEmpty()) {
                missing++;
            } else {
                texts.add(text);
            }
        } else if (numbers != null) {
            double value = reading.number(row.get(place), zone);
            if (Double.isNaN(value)) {
                missing++;
            } else {
                numbers.add(requireFinite(value));
            }
        }
    }

    public static double requireFinite(double value) {
        if (Math.abs(value) > NumberStats.LARGEST) {
            throw new RowProblem("must hold finite numbers of at most " + NumberStats.LARGEST + ", but holds "
                    + InvalidInput.value(value));
        }
        return value;
    }

    /** The numbers of a vector or an array; NaN for those that are missing. */
    public static double[] elements(Row row, int place) {
        if (row.get(place) instanceof Vector vector) {
            return vector.toArray();
        }
        List<Object> values = row.getList(place);
        double[] elements = new double[values.size()];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = Values.number(values.get(i), NumberStyle.PLAIN);
        }
        return elements;
    }

    private void addElements(double @Nullable [] values) {
        if (values == null) {
            missing++;
            return;
        }
        if (elements.length == 0) {
            elements = new NumberStats[values.length];
            Arrays.setAll(elements, i -> new NumberStats(0));
        }
        requireSize(elements.length, values.length);
        for (int i = 0; i < values.length; i++) {
            if (!Double.isNaN(values[i])) {
                elements[i].add(requireFinite(values[i]));
            }
        }
    }

    public static void requireSize(int expected, int size) {
        if (size != expected) {
            throw new RowProblem(
                    "must hold vectors of one size, but holds one of " + size + " values and one of " + expected);
        }
    }

    /** Adds what another pass knows. Returns why it cannot be of the same column; null if it can. */
    @Nullable
    String add(ColumnProfile other) {
        rows += other.rows;
        missing += other.missing;
        if (numbers != null && other.numbers != null) {
            numbers.add(other.numbers);
        }
        if (texts != null && other.texts != null) {
            texts.add(other.texts);
        }
        if (elements.length == 0) {
            elements = other.elements;
        } else if (other.elements.length > 0) {
            try {
                requireSize(elements.length, other.elements.length);
            } catch (RowProblem e) {
                return e.of(column);
            }
            for (int i = 0; i < elements.length; i++) {
                elements[i].add(other.elements[i]);
            }
        }
        return null;
    }
}
