package dev.kindling.table.cache;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StringType;
import org.jspecify.annotations.Nullable;

/**
 * Spark's {@code xxhash64} of the values of a row, without a plan: each value is hashed with the hash of those before it as the seed,
 * by Collet's XXH64 (<a href="https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md">specification</a>).
 */
public final class RowHash {
    /** The seed of Spark's function. */
    public static final long SEED = 42;

    private static final long P1 = 0x9E3779B185EBCA87L;
    private static final long P2 = 0xC2B2AE3D27D4EB4FL;
    private static final long P3 = 0x165667B19E3779F9L;
    private static final long P4 = 0x85EBCA77C2B2AE63L;
    private static final long P5 = 0x27D4EB2F165667C5L;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private RowHash() {}

    /** Whether values of the class that Spark gives for a type can be added. */
    public static boolean takes(DataType type) {
        return type instanceof StringType || NumberType.of(type) != null;
    }

    /** The hash of a value after others, whose hash is given. */
    public static long add(long hash, @Nullable Object value) {
        if (value == null) {
            return hash;
        }
        if (value instanceof String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            return ofBytes(hash, bytes, 0, bytes.length);
        }
        if (value instanceof Double number) {
            return ofDouble(hash, number);
        }
        if (value instanceof Long number) {
            return ofLong(hash, number);
        }
        if (value instanceof Float number) {
            return ofFloat(hash, number);
        }
        if (value instanceof Boolean truth) {
            return ofInt(hash, truth ? 1 : 0);
        }
        return ofInt(hash, ((Number) value).intValue());
    }

    static long ofDouble(long seed, double value) {
        return ofLong(seed, value == 0 ? 0 : Double.doubleToLongBits(value)); // -0.0 is 0.0
    }

    static long ofFloat(long seed, float value) {
        return ofInt(seed, value == 0 ? 0 : Float.floatToIntBits(value));
    }

    static long ofInt(long seed, int value) {
        return mixed(withInt(seed + P5 + Integer.BYTES, value));
    }

    private static long withInt(long hash, int value) {
        return Long.rotateLeft(hash ^ (value & 0xFFFFFFFFL) * P1, 23) * P2 + P3;
    }

    private static long withByte(long hash, byte value) {
        return Long.rotateLeft(hash ^ (value & 0xFFL) * P5, 11) * P1;
    }

    static long ofLong(long seed, long value) {
        return mixed(withLong(seed + P5 + Long.BYTES, value));
    }

    private static long withLong(long hash, long value) {
        return Long.rotateLeft(hash ^ round(0, value), 27) * P1 + P4;
    }

    private static long round(long lane, long value) {
        return Long.rotateLeft(lane + value * P2, 31) * P1;
    }

    /**
     * The hash of a text of at most eight bytes.
     *
     * @param text its bytes, the first one lowest, and zeros after them
     */
    static long ofPacked(long seed, long text) {
        int length = Long.BYTES - Long.numberOfLeadingZeros(text) / Byte.SIZE;
        long hash = seed + P5 + length;
        if (length == Long.BYTES) {
            return mixed(withLong(hash, text));
        }
        long rest = text;
        if (length >= Integer.BYTES) {
            hash = withInt(hash, (int) text);
            rest >>>= Integer.SIZE;
        }
        for (; rest != 0; rest >>>= Byte.SIZE) {
            hash = withByte(hash, (byte) rest);
        }
        return mixed(hash);
    }

    static long ofBytes(long seed, byte[] bytes, int from, int to) {
        int place = from;
        long hash = seed + P5;
        if (to - from >= 32) {
            long[] lanes = {seed + P1 + P2, seed + P2, seed, seed - P1};
            for (; place <= to - 32; place += 32) {
                for (int i = 0; i < 4; i++) {
                    lanes[i] = round(lanes[i], (long) LONGS.get(bytes, place + 8 * i));
                }
            }
            hash = Long.rotateLeft(lanes[0], 1)
                    + Long.rotateLeft(lanes[1], 7)
                    + Long.rotateLeft(lanes[2], 12)
                    + Long.rotateLeft(lanes[3], 18);
            for (long lane : lanes) {
                hash = (hash ^ round(0, lane)) * P1 + P4;
            }
        }
        hash += to - from;
        for (; place <= to - Long.BYTES; place += Long.BYTES) {
            hash = withLong(hash, (long) LONGS.get(bytes, place));
        }
        if (place <= to - Integer.BYTES) {
            hash = withInt(hash, (int) INTS.get(bytes, place));
            place += Integer.BYTES;
        }
        for (; place < to; place++) {
            hash = withByte(hash, bytes[place]);
        }
        return mixed(hash);
    }

    private static long mixed(long hash) {
        long h = (hash ^ hash >>> 33) * P2;
        h = (h ^ h >>> 29) * P3;
        return h ^ h >>> 32;
    }
}
