package dev.kindling.table.cache;

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

    /** The number; 1 or 0 for a boolean. */
    double number(long bits) {
        return switch (this) {
            case DOUBLE -> Double.longBitsToDouble(bits);
            case FLOAT -> Float.intBitsToFloat((int) bits);
            default -> bits;
        };
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
}
