package dev.kindling.table.profile;

import dev.kindling.table.value.ColumnValues;
import dev.kindling.table.value.NumberStyle;
import dev.kindling.table.value.PlainNumber;
import dev.kindling.table.value.RowProblem;
import dev.kindling.table.value.Values;
import java.io.Serializable;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Objects;
import org.apache.spark.sql.types.StringType;
import org.jspecify.annotations.Nullable;

/** What is known of one column after a pass over the rows. */
public final class ColumnProfile implements Serializable {
    private static final long serialVersionUID = 1L;

    /** A column of texts that has more is no category. */
    public static final int MOST_TEXTS = 50_000;

    /** Of a column whose texts all are plain numbers, texts are counted while there are no more than so many different ones. */
    private static final int FEW_TEXTS = 64;

    private static final int MOST_NUMBERS = 1 << 18; // of all columns together

    private final String column;
    public final boolean isText;
    public long rows;
    public long missing;
    public final @Nullable NumberStats numbers; // of numbers, booleans, and dates as seconds
    public @Nullable ValueCounts<String> texts; // null where there are none, or too many that are plain numbers
    public @Nullable ColumnProfile
            plain; // of texts, as plain numbers; null once one is none, or is a code such as 01220
    public String named = ""; // how texts write a missing number, such as NaN; empty if none does
    public NumberStats[] elements = {}; // of vectors

    /**
     * @param columns of the table, which share the memory
     * @param textsOnly whether texts are not tried as numbers
     */
    ColumnProfile(ColumnReading reading, int columns, boolean textsOnly) {
        column = reading.column();
        isText = reading.kind() == ColumnKind.CATEGORY;
        int kept = Math.max(256, Math.min(4096, MOST_NUMBERS / columns));
        numbers = isText || reading.kind() == ColumnKind.VECTOR ? null : new NumberStats(kept);
        texts = isText ? new TextCounts(MOST_TEXTS) : null;
        plain = isText && !textsOnly && reading.type() instanceof StringType
                ? new ColumnProfile(reading.asNumbers(NumberStyle.PLAIN), columns, false)
                : null;
    }

    /** Whether texts were read that were neither all counted nor all plain numbers, so that another pass must count them. */
    public boolean isUndecided() {
        return isText && texts == null && plain == null;
    }

    /**
     * Adds the value of a row.
     *
     * @throws RowProblem if the column must not have it
     */
    void add(ColumnReading reading, ColumnValues values, int row, ZoneId zone) {
        rows++;
        if (reading.kind() == ColumnKind.VECTOR) {
            addElements((double[]) values.plain(row));
        } else if (isText) {
            addText(Values.text(values.plain(row)));
        } else if (numbers != null) {
            double value = reading.number(values, row, zone);
            if (Double.isNaN(value)) {
                missing++;
            } else {
                numbers.add(Values.requireFinite(value));
            }
        }
    }

    /**
     * Adds the values of all rows at once, if they are numbers that the column may have, or texts that mostly are and are no longer
     * counted; otherwise adds none.
     */
    boolean addAll(ColumnReading reading, ColumnValues values) {
        boolean isNumber = numbers != null && reading.kind() == ColumnKind.NUMBER && values.isNumber();
        ColumnProfile plainly = isText && texts == null ? plain : null;
        NumberStats stats = isNumber ? numbers : plainly == null ? null : plainly.numbers;
        if (stats == null) {
            return false;
        }
        double[] all = values.numbers(plainly != null);
        double[] present = new double[all.length];
        int added = 0;
        double largest = 0;
        for (double number : all) {
            present[added] = number;
            added += Double.isNaN(number) ? 0 : 1;
            largest = Math.abs(number) > largest ? Math.abs(number) : largest;
        }
        if (largest > Values.LARGEST) {
            return false;
        }
        stats.add(present, added);
        rows += all.length;
        if (plainly == null) {
            missing += all.length - added;
            return true;
        }
        plainly.rows += added;
        for (int row = 0; row < all.length && added < all.length; row++) {
            if (Double.isNaN(all[row])) {
                addText(Values.text(values.plain(row)));
            }
        }
        return true;
    }

    private void addText(String text) {
        if (plain != null && !addPlain(plain, text)) {
            plain = null;
        }
        if (text.isEmpty()) {
            missing++;
        } else if (texts != null) {
            texts.add(text);
            leaveOutNumbers();
        }
    }

    /** Adds a text to the numbers; returns whether it can be among them. */
    private boolean addPlain(ColumnProfile numbers, String text) {
        double value = PlainNumber.parse(text);
        boolean isMissing = Double.isNaN(value);
        if (isMissing ? !text.isEmpty() && !NumberStyle.isMissing(text) : NumberStyle.isCode(text)) {
            return false;
        }
        if (isMissing) {
            numbers.missing++;
            named = text.compareTo(named) > 0 ? text : named;
        } else if (Math.abs(value) > Values.LARGEST) {
            return false;
        } else {
            Objects.requireNonNull(numbers.numbers).add(value + 0.0); // so that -0.0 and 0.0 are one value
        }
        numbers.rows++;
        return true;
    }

    private void leaveOutNumbers() {
        if (plain != null && texts != null && texts.size() > FEW_TEXTS) {
            texts = null;
        }
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
        Values.requireSize(elements.length, values.length);
        for (int i = 0; i < values.length; i++) {
            if (!Double.isNaN(values[i])) {
                elements[i].add(Values.requireFinite(values[i]));
            }
        }
    }

    /** Makes little of it, to be sent. */
    void pack() {
        if (numbers != null && numbers.counts != null) {
            numbers.counts.pack();
        }
        if (texts != null) {
            texts.pack();
        }
        if (plain != null) {
            plain.pack();
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
        if (plain != null && other.plain != null) {
            plain.add(other.plain);
        } else {
            plain = null;
        }
        if (texts != null && other.texts != null) {
            texts.add(other.texts);
            leaveOutNumbers();
        } else {
            texts = null;
        }
        named = other.named.compareTo(named) > 0 ? other.named : named;
        if (elements.length == 0) {
            elements = other.elements;
        } else if (other.elements.length > 0) {
            try {
                Values.requireSize(elements.length, other.elements.length);
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
