package dev.kindling.table.cache;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.jspecify.annotations.Nullable;

/** The types whose values a block keeps as bits. */
enum NumberType {
    DOUBLE(DataTypes.DoubleType, Long.BYTES),
    FLOAT(DataTypes.FloatType, Integer.BYTES),
    LONG(DataTypes.LongType, Long.BYTES),
    INTEGER(DataTypes.IntegerType, Integer.BYTES),
    SHORT(DataTypes.ShortType, Integer.BYTES),
    BYTE(DataTypes.ByteType, Integer.BYTES),
    BOOLEAN(DataTypes.BooleanType, Integer.BYTES);

    private static final List<NumberType> ALL = List.of(values());

    @SuppressWarnings("ImmutableEnumChecker") // Spark's types of numbers are
    private final DataType type;

    final int width; // bytes of a value

    NumberType(DataType type, int width) {
        this.type = type;
        this.width = width;
    }

    static @Nullable NumberType of(DataType type) {
        for (NumberType number : ALL) { // asked for each column of each block
            if (number.type.equals(type)) {
                return number;
            }
        }
        return null;
    }

    /** The bits of a value of the class that Spark gives for the type. */
    long bits(Object value) {
        return switch (this) {
            case DOUBLE -> Double.doubleToRawLongBits((Double) value);
            case FLOAT -> Float.floatToRawIntBits((Float) value);
            case LONG, INTEGER, SHORT, BYTE -> ((Number) value).longValue();
            case BOOLEAN -> (Boolean) value ? 1 : 0;
        };
    }

    /** The numbers of values whose bits are given; 1 or 0 for booleans. */
    double[] numbers(byte[] bits) {
        ByteBuffer values = ByteBuffer.wrap(bits).order(ByteOrder.LITTLE_ENDIAN);
        double[] numbers = new double[bits.length / width];
        if (this == DOUBLE) {
            values.asDoubleBuffer().get(numbers);
        } else if (width == Long.BYTES) {
            long[] longs = new long[numbers.length];
            values.asLongBuffer().get(longs);
            for (int i = 0; i < longs.length; i++) {
                numbers[i] = longs[i];
            }
        } else {
            int[] ints = new int[numbers.length];
            values.asIntBuffer().get(ints);
            for (int i = 0; i < ints.length; i++) {
                numbers[i] = this == FLOAT ? Float.intBitsToFloat(ints[i]) : ints[i];
            }
        }
        return numbers;
    }

    /** The value of the class that Spark gives for the type. */
    Object value(long bits) {
        return switch (this) {
            case DOUBLE -> Double.longBitsToDouble(bits);
            case FLOAT -> Float.intBitsToFloat((int) bits);
            case LONG -> bits;
            case INTEGER -> (int) bits;
            case SHORT -> (short) bits;
            case BYTE -> (byte) bits;
            case BOOLEAN -> bits != 0;
        };
    }

    /** The hash of a value whose bits are given, after others. */
    long hash(long hash, long bits) {
        return switch (this) {
            case DOUBLE -> RowHash.ofDouble(hash, Double.longBitsToDouble(bits));
            case FLOAT -> RowHash.ofFloat(hash, Float.intBitsToFloat((int) bits));
            case LONG -> RowHash.ofLong(hash, bits);
            case INTEGER, SHORT, BYTE, BOOLEAN -> RowHash.ofInt(hash, (int) bits);
        };
    }
}
