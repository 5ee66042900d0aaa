package dev.kindling.table.cache;

import dev.kindling.table.value.ColumnValues;
import dev.kindling.table.value.ShortDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import org.apache.spark.sql.types.DataType;
import org.jspecify.annotations.Nullable;

/** The values of a column in some rows of a block, as they lie there: a look at a number makes no object. */
public final class BlockColumn implements ColumnValues {
    private static final int MET = 256; // a power of two
    private static final int PROBES = 4; // of slots for a text; then the first one is given to it
    private static final int LONGEST_MET = 32; // bytes

    private final TableBlock block;
    private final int column;
    private final int @Nullable [] places; // (rows) in the block, ascending; null for all
    private final @Nullable NumberType type; // null for texts and others
    private final byte @Nullable [] texts;
    private final Object @Nullable [] others;
    private final @Nullable String[] met; // by a hash
    private final byte[][] metBytes; // theirs
    private final byte[] written = new byte[ShortDecimal.LONGEST];

    BlockColumn(TableBlock block, int column, DataType type, int @Nullable [] places) {
        this.block = block;
        this.column = column;
        this.places = places;
        this.type = NumberType.of(type);
        this.texts = block.texts[column];
        this.others = block.others[column];
        this.met = new String[texts == null ? 0 : Math.min(MET, Integer.highestOneBit(block.rows))];
        this.metBytes = new byte[met.length][];
    }

    private int rows() {
        return places == null ? block.rows : places.length;
    }

    private int place(int row) {
        return places == null ? row : places[row];
    }

    @Override
    public boolean isNumber() {
        return type != null;
    }

    @Override
    public double[] numbers(boolean ofTexts) {
        double[] numbers = new double[rows()];
        if (block.numbers[column] == null || (type == null && !ofTexts)) {
            Arrays.fill(numbers, Double.NaN);
            return numbers;
        }
        if (block.isDecimals(column, type)) {
            for (int row = 0; row < numbers.length; row++) {
                numbers[row] = ShortDecimal.number(block.bits(column, place(row), Long.BYTES)) + 0.0;
            }
            return numbers;
        }
        double[] all = block.numbers(column, type);
        for (int row = 0; row < numbers.length; row++) {
            numbers[row] = all[place(row)] + 0.0;
        }
        return numbers;
    }

    /** The value of a row, of the class that Spark gives for the type. */
    public @Nullable Object value(int row) {
        int place = place(row);
        if (others != null) {
            return others[place];
        }
        if (type != null) {
            return block.isNull(column, place) ? null : type.value(block.bits(column, place, type.width));
        }
        if (texts != null) {
            int end = block.end(column, place);
            return end < 0 ? null : text(texts, block.start(column, place), end);
        }
        long decimal = block.bits(column, place, Long.BYTES);
        return decimal == ShortDecimal.NONE
                ? null
                : text(written, ShortDecimal.write(decimal, written), written.length);
    }

    /** Texts of a column often are few: one that was met lately is not made again, and knows its hash. */
    private String text(byte[] bytes, int from, int to) {
        if (met.length == 0 || to - from > LONGEST_MET) {
            return new String(bytes, from, to - from, StandardCharsets.UTF_8);
        }
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + bytes[i];
        }
        int first = (hash * 0x9E3779B1) >>> 16; // by Knuth's multiplicative hashing
        for (int probe = 0; probe < PROBES; probe++) {
            int slot = (first + probe) & (met.length - 1);
            String known = met[slot];
            if (known != null && Arrays.equals(metBytes[slot], 0, metBytes[slot].length, bytes, from, to)) {
                return known;
            }
            if (known == null) {
                return meet(slot, bytes, from, to);
            }
        }
        return meet(first & (met.length - 1), bytes, from, to);
    }

    private String meet(int slot, byte[] bytes, int from, int to) {
        metBytes[slot] = Arrays.copyOfRange(bytes, from, to);
        String text = new String(metBytes[slot], StandardCharsets.UTF_8);
        met[slot] = text;
        return text;
    }

    /** Adds the values of all rows to a set. Returns whether it has at most so many, and no text of more than as many characters. */
    boolean addTo(Set<@Nullable Object> different, int most) {
        for (int row = 0; row < rows(); row++) {
            Object value = value(row);
            different.add(value);
            if (different.size() > most || (value instanceof String text && text.length() > most)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public @Nullable Object plain(int row) {
        return PlainValue.of(value(row));
    }

    /**
     * Adds the values of all rows to their rows' hashes.
     *
     * @param hashes (rows) of the values before
     */
    void addTo(long[] hashes) {
        if (type != null) {
            for (int row = 0; row < hashes.length; row++) {
                int place = place(row);
                if (!block.isNull(column, place)) {
                    hashes[row] = type.hash(hashes[row], block.bits(column, place, type.width));
                }
            }
        } else if (others != null) {
            for (int row = 0; row < hashes.length; row++) {
                hashes[row] = RowHash.add(hashes[row], others[place(row)]);
            }
        } else if (texts != null) {
            for (int row = 0; row < hashes.length; row++) {
                int end = block.end(column, place(row));
                if (end >= 0) {
                    hashes[row] = RowHash.ofBytes(hashes[row], texts, block.start(column, place(row)), end);
                }
            }
        } else {
            for (int row = 0; row < hashes.length; row++) {
                hashes[row] = ofDecimal(hashes[row], block.bits(column, place(row), Long.BYTES));
            }
        }
    }

    private long ofDecimal(long hash, long decimal) {
        if (decimal == ShortDecimal.NONE) {
            return hash;
        }
        long text = ShortDecimal.packed(decimal);
        return text == 0
                ? RowHash.ofBytes(hash, written, ShortDecimal.write(decimal, written), written.length)
                : RowHash.ofPacked(hash, text);
    }
}
