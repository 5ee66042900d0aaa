package dev.kindling.train;

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
 * What crosses the wire as raw bytes, in portions that stay in the cache, whichever serializer Spark uses: both Java's and
 * Kryo's own way with arrays of floats take one float at a time. Subclasses need a public constructor without arguments.
 */
abstract class OnWire implements Externalizable, KryoSerializable {
    private static final long serialVersionUID = 1L;
    private static final int PORTION = 1 << 13;

    /** Takes or fills so many bytes of an array. */
    interface Bytes<E extends Exception> {
        void pass(byte[] bytes, int from, int count) throws E;
    }

    abstract <E extends Exception> void send(Bytes<E> out) throws E;

    /** Reads what {@link #send} wrote. */
    abstract <E extends Exception> void receive(Bytes<E> in) throws E;

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

    /** Room for so many bytes that go before the floats. */
    static ByteBuffer head(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    static <E extends Exception> void send(float[] values, Bytes<E> out) throws E {
        byte[] portion = portion(values.length);
        FloatBuffer floats = head(portion).asFloatBuffer();
        for (int from = 0; from < values.length; from += PORTION) {
            int count = Math.min(PORTION, values.length - from);
            floats.put(0, values, from, count);
            out.pass(portion, 0, count * Float.BYTES);
        }
    }

    static <E extends Exception> float[] receive(int length, Bytes<E> in) throws E {
        float[] values = new float[length];
        byte[] portion = portion(length);
        FloatBuffer floats = head(portion).asFloatBuffer();
        for (int from = 0; from < length; from += PORTION) {
            int count = Math.min(PORTION, length - from);
            in.pass(portion, 0, count * Float.BYTES);
            floats.get(0, values, from, count);
        }
        return values;
    }

    private static byte[] portion(int length) {
        return new byte[Math.min(PORTION, length) * Float.BYTES];
    }
}
