package dev.kindling.table.cache;

import dev.kindling.table.value.NumberStyle;
import dev.kindling.table.value.PlainNumber;
import dev.kindling.table.value.ShortDecimal;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Iterator;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** Packs rows into a block. Each row adds one value to each column. */
public final class BlockBuilder {
    private static final int VALUES = 1 << 17; // of a block, approximately
    private static final int MOST_ROWS = 1 << 12;
    private static final int MOST_BYTES = 1 << 22; // of a block's texts and vectors, approximately
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle DOUBLES =
            MethodHandles.byteArrayViewVarHandle(double[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final Cells[] columns;
    private final int most; // rows
    private int rows;
    private long bytes;

    private BlockBuilder(StructType schema) {
        int count = schema.size();
        most = Math.max(1, Math.min(MOST_ROWS, VALUES / Math.max(1, count)));
        columns = new Cells[count];
        Arrays.setAll(columns, j -> new Cells(schema.fields()[j].dataType(), most));
    }

    /** Packs the next rows. */
    static TableBlock build(Iterator<? extends BlockRow> source, StructType schema) {
        BlockBuilder builder = new BlockBuilder(schema);
        while (builder.rows < builder.most && builder.bytes < MOST_BYTES && source.hasNext()) {
            source.next().addTo(builder);
            builder.rows++;
        }
        TableBlock block = new TableBlock(builder.rows, builder.columns.length);
        for (int j = 0; j < builder.columns.length; j++) {
            builder.columns[j].finish(block, j, builder.rows);
        }
        return block;
    }

    /** Adds null to a column. */
    public void addNull(int column) {
        columns[column].addNull(rows);
    }

    /** Adds a text in UTF-8 to a column of texts. */
    public void addText(int column, byte[] text, int from, int to) {
        columns[column].addText(rows, text, from, to);
        bytes += to - from;
    }

    /** Adds the bits of a number or a boolean to a column of its type. */
    void addBits(int column, long bits) {
        columns[column].addBits(rows, bits);
    }

    /** Adds a value of another type. */
    void add(int column, Object value) {
        columns[column].others[rows] = value;
        if (value instanceof Vector vector) {
            bytes += (long) vector.numActives() * (Double.BYTES + Integer.BYTES);
        } else {
            bytes += value instanceof scala.collection.Seq<?> several
                    ? (long) several.size() * Double.BYTES
                    : Long.BYTES;
        }
    }

    /** The values of one column. */
    private static final class Cells {
        private final boolean isText;
        private final int width; // of a number
        private final int most;
        private final Object[] others; // (most) neither texts nor numbers
        private byte[] numbers; // (most) bits, or the decimals that all texts are by now
        private long @Nullable [] nulls; // of numbers, a bit a row
        private byte[] texts = {};
        private byte[] ends = {}; // (most) once there are texts
        private int end;

        Cells(DataType type, int most) {
            NumberType number = NumberType.of(type);
            this.isText = type instanceof StringType;
            this.width = isText ? Long.BYTES : number == null ? 0 : number.width;
            this.most = most;
            this.numbers = new byte[width * most];
            this.others = new Object[width == 0 ? most : 0];
        }

        void addNull(int row) {
            if (!isText && width > 0) {
                long[] known = nulls;
                if (known == null) {
                    known = new long[(most + Long.SIZE - 1) / Long.SIZE];
                    nulls = known;
                }
                known[row / Long.SIZE] |= 1L << row;
            } else if (ends.length > 0) {
                INTS.set(ends, Integer.BYTES * row, ~end);
            } else if (isText) {
                LONGS.set(numbers, Long.BYTES * row, ShortDecimal.NONE);
            }
        }

        void addBits(int row, long bits) {
            if (width == Long.BYTES) {
                LONGS.set(numbers, Long.BYTES * row, bits);
            } else {
                INTS.set(numbers, Integer.BYTES * row, (int) bits);
            }
        }

        void addText(int row, byte[] text, int from, int to) {
            if (ends.length == 0) {
                long decimal = ShortDecimal.of(text, from, to);
                if (decimal != ShortDecimal.NONE) {
                    LONGS.set(numbers, Long.BYTES * row, decimal);
                    return;
                }
                spellOut(row);
            }
            append(row, text, from, to);
        }

        /** Writes the decimals so far as texts, because another text follows. */
        private void spellOut(int rows) {
            ends = new byte[Integer.BYTES * most];
            byte[] text = new byte[ShortDecimal.LONGEST];
            for (int row = 0; row < rows; row++) {
                long decimal = (long) LONGS.get(numbers, Long.BYTES * row);
                if (decimal == ShortDecimal.NONE) {
                    addNull(row);
                } else {
                    append(row, text, ShortDecimal.write(decimal, text), text.length);
                }
            }
            numbers = new byte[0];
        }

        private void append(int row, byte[] text, int from, int to) {
            int length = to - from;
            if (end + length > texts.length) {
                texts = Arrays.copyOf(texts, Math.max(2 * texts.length, end + length) + 64);
            }
            System.arraycopy(text, from, texts, end, length);
            end += length;
            INTS.set(ends, Integer.BYTES * row, end);
        }

        void finish(TableBlock block, int column, int rows) {
            if (numbers.length > 0) {
                block.numbers[column] = rows == most ? numbers : Arrays.copyOf(numbers, width * rows);
                block.nulls[column] = nulls;
            } else if (ends.length > 0) {
                block.texts[column] = Arrays.copyOf(texts, end);
                block.ends[column] = Arrays.copyOf(ends, Integer.BYTES * rows);
                block.numbers[column] = doubles(rows);
            } else {
                block.others[column] = Arrays.copyOf(others, rows);
            }
        }

        /** The texts' plain numbers, NaN for texts that are none and for codes such as 01220; null if all are. */
        private byte @Nullable [] doubles(int rows) {
            byte[] doubles = new byte[Double.BYTES * rows];
            boolean some = false;
            int start = 0;
            for (int row = 0; row < rows; row++) {
                int stop = (int) INTS.get(ends, Integer.BYTES * row);
                double number = Double.NaN;
                if (stop >= 0) {
                    number = NumberStyle.isCode(texts, start, stop) ? number : PlainNumber.parse(texts, start, stop);
                    start = stop;
                }
                some |= !Double.isNaN(number);
                DOUBLES.set(doubles, Double.BYTES * row, number);
            }
            return some ? doubles : null;
        }
    }
}
