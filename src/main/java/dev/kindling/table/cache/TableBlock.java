package dev.kindling.table.cache;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
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
    private static final int MOST_BYTES = 1 << 22; // of a block's texts, approximately

    final int rows;
    private final byte[][] texts; // by column; null for those of numbers
    private final int[][] ends; // (rows) of texts: the complement for one that is null
    private final long[][] numbers; // (rows)
    private final long[][] nulls; // of numbers, a bit a row; null if there are none
    private final Object[][] others; // (rows) of other values, by column

    private TableBlock(int rows, int columns) {
        this.rows = rows;
        this.texts = new byte[columns][];
        this.ends = new int[columns][];
        this.numbers = new long[columns][];
        this.nulls = new long[columns][];
        this.others = new Object[columns][];
    }

    /** Packs the next rows. */
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
        private final int[] ends;
        private final long[] numbers;
        private long @Nullable [] nulls;
        private int end;

        Builder(DataType type, int most) {
            boolean isText = type instanceof StringType;
            boolean isNumber = isNumber(type);
            ends = new int[isText ? most : 0];
            numbers = new long[isNumber ? most : 0];
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
                return Long.BYTES;
            }
            if (value == null) {
                ends[row] = ~end;
                return 0;
            }
            byte[] text = ((String) value).getBytes(StandardCharsets.UTF_8);
            if (end + text.length > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, end + text.length) + 64);
            }
            System.arraycopy(text, 0, bytes, end, text.length);
            end += text.length;
            ends[row] = end;
            return text.length;
        }

        private void addNumber(int row, @Nullable Object value) {
            if (value == null) {
                long[] known = nulls;
                if (known == null) {
                    known = new long[(numbers.length + Long.SIZE - 1) / Long.SIZE];
                    nulls = known;
                }
                known[row / Long.SIZE] |= 1L << row;
            } else if (value instanceof Double number) {
                numbers[row] = Double.doubleToRawLongBits(number);
            } else if (value instanceof Float number) {
                numbers[row] = Float.floatToRawIntBits(number);
            } else if (value instanceof Boolean truth) {
                numbers[row] = truth ? 1 : 0;
            } else {
                numbers[row] = ((Number) value).longValue();
            }
        }

        void finish(TableBlock block, int column, int rows) {
            if (numbers.length > 0) {
                block.numbers[column] = rows == numbers.length ? numbers : Arrays.copyOf(numbers, rows);
                block.nulls[column] = nulls;
            } else if (others.length > 0) {
                block.others[column] = Arrays.copyOf(others, rows);
            } else {
                block.texts[column] = Arrays.copyOf(bytes, end);
                block.ends[column] = Arrays.copyOf(ends, rows);
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

    /** The values of a column, all at once. */
    Object[] values(int column, DataType type) {
        if (type instanceof StringType) {
            return texts(texts[column], ends[column]);
        }
        if (!isNumber(type)) {
            return others[column];
        }
        Object[] values = new Object[rows];
        long[] missing = nulls[column];
        for (int i = 0; i < rows; i++) {
            if (missing == null || (missing[i / Long.SIZE] >>> i & 1) == 0) {
                values[i] = number(numbers[column][i], type);
            }
        }
        return values;
    }

    private static Object[] texts(byte[] bytes, int[] ends) {
        Object[] values = new Object[ends.length];
        int from = 0;
        for (int i = 0; i < ends.length; i++) {
            if (ends[i] >= 0) {
                values[i] = new String(bytes, from, ends[i] - from, StandardCharsets.UTF_8);
                from = ends[i];
            }
        }
        return values;
    }

    private static Object number(long bits, DataType type) {
        if (type.equals(DataTypes.DoubleType)) {
            return Double.longBitsToDouble(bits);
        }
        if (type.equals(DataTypes.FloatType)) {
            return Float.intBitsToFloat((int) bits);
        }
        if (type.equals(DataTypes.LongType)) {
            return bits;
        }
        if (type.equals(DataTypes.IntegerType)) {
            return (int) bits;
        }
        if (type.equals(DataTypes.ShortType)) {
            return (short) bits;
        }
        return type.equals(DataTypes.ByteType) ? (Object) (byte) bits : (Object) (bits == 1);
    }

    /** Whether a text of the column has one of the characters. */
    boolean contains(int column, byte[][] characters) {
        for (byte[] character : characters) {
            if (indexOf(texts[column], character) >= 0) {
                return true;
            }
        }
        return false;
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
