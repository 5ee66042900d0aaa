package dev.kindling.table.cache;

import java.io.Serializable;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Some rows of a table, packed column by column. Numbers and booleans are their bits. Texts are decimals if all of the block's rows
 * are such, otherwise their bytes and where each one ends, and, so that numbers are parsed once, those that are some as doubles too.
 * Other values, such as vectors and dates, are kept as they are.
 *
 * <p>A class, not a record: the Kryo that Spark ships cannot write records.
 */
final class TableBlock implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final byte[] OF_DECIMALS = {'-', '.', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9'};

    final int rows;
    final byte[][] numbers; // (rows) of bits, as ints or longs; of texts, decimals or doubles; null if there are none
    final long[][] nulls; // of numbers, a bit a row; null if there are none
    final byte[][] texts; // by column; null for all others
    final byte[][] ends; // (rows) of texts, as ints: the complement for one that is null
    final Object[][] others; // (rows) of other values, by column

    TableBlock(int rows, int columns) {
        this.rows = rows;
        this.numbers = new byte[columns][];
        this.nulls = new long[columns][];
        this.texts = new byte[columns][];
        this.ends = new byte[columns][];
        this.others = new Object[columns][];
    }

    /** The bits of a number or a decimal. */
    long bits(int column, int row, int width) {
        return width == Long.BYTES
                ? (long) LONGS.get(numbers[column], Long.BYTES * row)
                : (int) INTS.get(numbers[column], Integer.BYTES * row);
    }

    /** Whether the column's texts are kept as decimals. */
    boolean isDecimals(int column, @Nullable NumberType type) {
        return type == null && texts[column] == null;
    }

    /**
     * The numbers of a column that has some, of a type, NaN where they are null; without a type, the doubles beside texts, NaN where a
     * text is none.
     */
    double[] numbers(int column, @Nullable NumberType type) {
        double[] all = (type == null ? NumberType.DOUBLE : type).numbers(numbers[column]);
        for (int row = 0; row < rows && nulls[column] != null; row++) {
            all[row] = isNull(column, row) ? Double.NaN : all[row];
        }
        return all;
    }

    /** Whether a number is null. */
    boolean isNull(int column, int row) {
        long[] missing = nulls[column];
        return missing != null && (missing[row / Long.SIZE] >>> row & 1) != 0;
    }

    /** Where the text of a row begins; of the row after the last, where the texts end. */
    int start(int column, int row) {
        int before = row == 0 ? 0 : end(column, row - 1);
        return before < 0 ? ~before : before;
    }

    /** Where the text of a row ends; the complement if it is null. */
    int end(int column, int row) {
        return (int) INTS.get(ends[column], Integer.BYTES * row);
    }

    /** Adds the columns in which a text has one of the characters. Decimals count as having all of theirs. */
    void search(boolean[] ofTexts, byte[][] characters, BitSet found) {
        for (int j = 0; j < texts.length; j++) {
            byte[] searched = texts[j] != null ? texts[j] : ofTexts[j] ? OF_DECIMALS : new byte[0];
            for (byte[] character : characters) {
                if (!found.get(j) && indexOf(searched, character) >= 0) {
                    found.set(j);
                }
            }
        }
    }

    private static int indexOf(byte[] bytes, byte[] character) {
        for (int i = 0; i <= bytes.length - character.length; i++) {
            if (bytes[i] == character[0]
                    && Arrays.equals(bytes, i, i + character.length, character, 0, character.length)) {
                return i;
            }
        }
        return -1;
    }
}
