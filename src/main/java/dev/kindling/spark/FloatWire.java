package dev.kindling.spark;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoSerializable;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * An array of floats that crosses the wire as raw bytes, in portions that fit in the cache, with either of Spark's
 * serializers: Java's and Kryo's own serialization of float arrays writes one float at a time. Subclasses need a public
 * constructor without arguments.
 */
public abstract class FloatWire implements Externalizable, KryoSerializable {
    private static final long serialVersionUID = 1L;
    private static final int PORTION = 1 << 13; // floats at a time, a whole number of blocks
    private static final int BLOCK = 1 << 5;
    private static final int RUN = 2 * Integer.BYTES; // bytes before a run's values

    /** Takes or fills {@code count} bytes of an array. */
    public interface Bytes<E extends Exception> {
        void pass(byte[] bytes, int from, int count) throws E;
    }

    public abstract <E extends Exception> void send(Bytes<E> out) throws E;

    /** Reads what {@link #send} wrote. */
    public abstract <E extends Exception> void receive(Bytes<E> in) throws E;

    @Override
    public final void writeExternal(ObjectOutput out) throws IOException {
        send(out::write);
    }

    @Override
    public final void readExternal(ObjectInput in) throws IOException {
        receive(in::readFully);
    }

    @Override
    public final void write(Kryo kryo, Output out) {
        send(out::write);
    }

    @Override
    public final void read(Kryo kryo, Input in) {
        receive(in::readBytes);
    }

    /** A buffer over the bytes that precede the floats. */
    public static ByteBuffer head(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Writes the values in runs of [number of zeros left out, number of values that follow, the values]. The gradient
     * of a wide sparse layer is zero except in the columns that its rows have. In any other vector, the first value of
     * a block already shows that nothing can be left out.
     */
    public static <E extends Exception> void send(float[] values, Bytes<E> out) throws E {
        byte[] run = new byte[RUN + Math.min(PORTION, values.length) * Float.BYTES];
        ByteBuffer head = head(run);
        FloatBuffer floats =
                head.slice(RUN, run.length - RUN).order(head.order()).asFloatBuffer();
        int sent = 0;
        while (sent < values.length) {
            int from = sent;
            while (from < values.length && isZero(values, from)) {
                from += BLOCK;
            }
            int to = from;
            while (to < values.length && to - from < PORTION && !isZero(values, to)) {
                to += BLOCK;
            }
            from = Math.min(from, values.length);
            to = Math.min(to, values.length);
            head.putInt(0, from - sent).putInt(Integer.BYTES, to - from);
            floats.put(0, values, from, to - from);
            out.pass(run, 0, RUN + (to - from) * Float.BYTES);
            sent = to;
        }
    }

    /** Whether the block that begins at {@code from} is zero. A negative zero does not count as zero: -0 + -0 is -0. */
    private static boolean isZero(float[] values, int from) {
        for (int i = from; i < Math.min(from + BLOCK, values.length); i++) {
            if (Float.floatToRawIntBits(values[i]) != 0) {
                return false;
            }
        }
        return true;
    }

    public static <E extends Exception> float[] receive(int length, Bytes<E> in) throws E {
        float[] values = new float[length];
        byte[] run = new byte[Math.max(RUN, Math.min(PORTION, length) * Float.BYTES)];
        ByteBuffer head = head(run);
        FloatBuffer floats = head.asFloatBuffer();
        int received = 0;
        while (received < length) {
            in.pass(run, 0, RUN);
            received += head.getInt(0);
            int count = head.getInt(Integer.BYTES);
            in.pass(run, 0, count * Float.BYTES);
            floats.get(0, values, received, count);
            received += count;
        }
        return values;
    }
}
