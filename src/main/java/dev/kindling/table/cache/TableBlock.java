package dev.kindling.table.cache;

import java.io.Serializable;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Iterator;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * Some rows of a table, packed column by column. Texts are their bytes and where each one ends, numbers and booleans their bits;
 * other values, such as vectors and dates, are kept as they are.
 *
 * <p>A class, not a record: the Kryo that Spark ships cannot write records.
 */
final class TableBlock implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final int VALUES = 1 << 17; // of a block, approximately
    private static final int MOST_ROWS = 1 << 12;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int MOST_BYTES = 1 << 22; // of a block's texts and vectors, approximately

    final int rows;
    private final byte[][] texts; // by column; null for those of numbers
    private final byte[][] ends; // (rows) of texts, as ints: the complement for one that is null
    private final byte[][] numbers; // (rows) of bits, as ints or longs
    private final long[][] nulls; // of numbers, a bit a row; null if there are none
    private final Object[][] others; // (rows) of other values, by column

    private TableBlock(int rows, int columns) {
        this.rows = rows;
        this.texts = new byte[columns][];
        this.ends = new byte[columns][];
        this.numbers = new byte[columns][];
        this.nulls = new long[columns][];
        this.others = new Object[columns][];
    }

    /** Packs the next rows. Texts may come as their bytes. */
    static TableBlock of(Iterator<Row> rows, StructType schema) {
        int columns = schema.size();
        int most = Math.max(1, Math.min(MOST_ROWS, VALUES / Math.max(1, columns)));
        Builder[] builders = new Builder[columns];
        for (int j = 0; j < columns; j++) {
            builders[j] = new Builder(schema.fields()[j].dataType(), most);
        }
        int count = 0;
        long bytes = 0;
        for (; count < most && bytes < MOST_BYTES && rows.hasNext(); count++) {
            Row row = rows.next();
            for (int j = 0; j < columns; j++) {
                bytes += builders[j].add(count, row.get(j));
            }
        }
        TableBlock block = new TableBlock(count, columns);
        for (int j = 0; j < columns; j++) {
            builders[j].finish(block, j, count);
        }
        return block;
    }

    /** One column of a block that is being packed. */
    private static final class Builder {
        private final Object[] others; // (most) neither texts nor numbers
        private byte[] bytes = {};
        private final byte[] ends;
        private final byte[] numbers;
        private final int width; // of a number
        private final int most;
        private long @Nullable [] nulls;
        private int end;

        Builder(DataType type, int most) {
            boolean isText = type instanceof StringType;
            boolean isNumber = isNumber(type);
            this.most = most;
            width = width(type);
            ends = new byte[isText ? Integer.BYTES * most : 0];
            numbers = new byte[isNumber ? width * most : 0];
            others = new Object[isText || isNumber ? 0 : most];
        }

        /** Returns about how many bytes the value takes. */
        int add(int row, @Nullable Object value) {
            if (numbers.length > 0) {
                addNumber(row, value);
                return 0;
            }
            if (others.length > 0) {
                others[row] = value;
                return size(value);
            }
            if (value == null) {
                INTS.set(ends, Integer.BYTES * row, ~end);
                return 0;
            }
            byte[] text = value instanceof byte[] given ? given : ((String) value).getBytes(StandardCharsets.UTF_8);
            if (end + text.length > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, end + text.length) + 64);
            }
            System.arraycopy(text, 0, bytes, end, text.length);
            end += text.length;
            INTS.set(ends, Integer.BYTES * row, end);
            return text.length;
        }

        private static int size(@Nullable Object value) {
            if (value instanceof Vector vector) {
                return vector.numActives() * (Double.BYTES + Integer.BYTES);
            }
            return value instanceof scala.collection.Seq<?> several ? several.size() * Double.BYTES : Long.BYTES;
        }

        private void addNumber(int row, @Nullable Object value) {
            if (value == null) {
                long[] known = nulls;
                if (known == null) {
                    known = new long[(most + Long.SIZE - 1) / Long.SIZE];
                    nulls = known;
                }
                known[row / Long.SIZE] |= 1L << row;
            } else if (width == Long.BYTES) {
                LONGS.set(
                        numbers,
                        Long.BYTES * row,
                        value instanceof Double number
                                ? Double.doubleToRawLongBits(number)
                                : ((Number) value).longValue());
            } else {
                INTS.set(numbers, Integer.BYTES * row, bits(value));
            }
        }

        private static int bits(Object value) {
            if (value instanceof Float number) {
                return Float.floatToRawIntBits(number);
            }
            return value instanceof Boolean truth ? (truth ? 1 : 0) : ((Number) value).intValue();
        }

        void finish(TableBlock block, int column, int rows) {
            if (numbers.length > 0) {
                block.numbers[column] = rows == most ? numbers : Arrays.copyOf(numbers, width * rows);
                block.nulls[column] = nulls;
            } else if (others.length > 0) {
                block.others[column] = Arrays.copyOf(others, rows);
            } else {
                block.texts[column] = Arrays.copyOf(bytes, end);
                block.ends[column] = Arrays.copyOf(ends, Integer.BYTES * rows);
            }
        }
    }

    static boolean isNumber(DataType type) {
        return type.equals(DataTypes.DoubleType)
                || type.equals(DataTypes.FloatType)
                || type.equals(DataTypes.LongType)
                || type.equals(DataTypes.IntegerType)
                || type.equals(DataTypes.ShortType)
                || type.equals(DataTypes.ByteType)
                || type.equals(DataTypes.BooleanType);
    }

    private static int width(DataType type) {
        return type.equals(DataTypes.DoubleType) || type.equals(DataTypes.LongType) ? Long.BYTES : Integer.BYTES;
    }

    boolean hasNumbers(int column) {
        return numbers[column] != null;
    }

    /** A number that is not null; 1 or 0 for a boolean. */
    double number(int column, int row, DataType type) {
        if (type.equals(DataTypes.DoubleType)) {
            return Double.longBitsToDouble(longBits(column, row));
        }
        if (type.equals(DataTypes.FloatType)) {
            return Float.intBitsToFloat(intBits(column, row));
        }
        return type.equals(DataTypes.LongType) ? longBits(column, row) : intBits(column, row);
    }

    private long longBits(int column, int row) {
        return (long) LONGS.get(numbers[column], Long.BYTES * row);
    }

    private int intBits(int column, int row) {
        return (int) INTS.get(numbers[column], Integer.BYTES * row);
    }

    /** The bytes of a column of texts; null of others. */
    byte @Nullable [] texts(int column) {
        return texts[column];
    }

    /** Where the text of a row begins; of the row after the last, where the texts end. */
    int start(int column, int row) {
        int before = row == 0 ? 0 : end(column, row - 1);
        return before < 0 ? ~before : before;
    }

    private int end(int column, int row) {
        return (int) INTS.get(ends[column], Integer.BYTES * row);
    }

    /** Whether a text or a number is null. */
    boolean isNull(int column, int row) {
        if (texts[column] != null) {
            return end(column, row) < 0;
        }
        long[] missing = nulls[column];
        return missing != null && (missing[row / Long.SIZE] >>> row & 1) != 0;
    }

    /** The value of a row, of the class that Spark gives for the type. */
    @Nullable
    Object value(int column, int row, DataType type) {
        if (others[column] != null) {
            return others[column][row];
        }
        if (isNull(column, row)) {
            return null;
        }
        if (texts[column] == null) {
            return boxed(column, row, type);
        }
        int start = start(column, row);
        return new String(texts[column], start, start(column, row + 1) - start, StandardCharsets.UTF_8);
    }

    private Object boxed(int column, int row, DataType type) {
        if (width(type) == Long.BYTES) {
            long bits = longBits(column, row);
            return type.equals(DataTypes.LongType) ? (Object) bits : (Object) Double.longBitsToDouble(bits);
        }
        int bits = intBits(column, row);
        if (type.equals(DataTypes.FloatType)) {
            return Float.intBitsToFloat(bits);
        }
        if (type.equals(DataTypes.IntegerType)) {
            return bits;
        }
        if (type.equals(DataTypes.ShortType)) {
            return (short) bits;
        }
        return type.equals(DataTypes.ByteType) ? (Object) (byte) bits : (Object) (bits == 1);
    }

    /** Adds the columns in which a text has one of the characters. */
    void search(byte[][] characters, BitSet found) {
        for (int j = 0; j < texts.length; j++) {
            for (byte[] character : characters) {
                if (texts[j] != null && !found.get(j) && indexOf(texts[j], character) >= 0) {
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
