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
 * A vector that crosses the wire as raw bytes, in portions that stay in the cache, whichever serializer Spark uses: both
 * Java's and Kryo's own way with arrays of floats take one float at a time. Tasks of one JVM share what was received.
 */
final class Floats implements Externalizable, KryoSerializable {
    private static final long serialVersionUID = 1L;
    private static final int PORTION = 1 << 13;

    private float[] values;

    Floats(float[] values) {
        this.values = values;
    }

    /** For serializers. */
    public Floats() {
        this(new float[0]);
    }

    /** The vector itself, not to be modified. */
    float[] values() {
        return values;
    }

    @Override
    public void writeExternal(ObjectOutput out) throws IOException {
        out.writeInt(values.length);
        write(values, out::write);
    }

    @Override
    public void readExternal(ObjectInput in) throws IOException {
        values = read(in.readInt(), in::readFully);
    }

    @Override
    public void write(Kryo kryo, Output out) {
        out.writeInt(values.length);
        write(values, out::write);
    }

    @Override
    public void read(Kryo kryo, Input in) {
        values = read(in.readInt(), in::readBytes);
    }

    /** Takes or fills so many bytes of an array. */
    interface Bytes<E extends Exception> {
        void pass(byte[] bytes, int from, int count) throws E;
    }

    static <E extends Exception> void write(float[] values, Bytes<E> out) throws E {
        byte[] portion = portion(values.length);
        FloatBuffer floats = floats(portion);
        for (int from = 0; from < values.length; from += PORTION) {
            int count = Math.min(PORTION, values.length - from);
            floats.put(0, values, from, count);
            out.pass(portion, 0, count * Float.BYTES);
        }
    }

    static <E extends Exception> float[] read(int length, Bytes<E> in) throws E {
        float[] values = new float[length];
        byte[] portion = portion(length);
        FloatBuffer floats = floats(portion);
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

    private static FloatBuffer floats(byte[] portion) {
        return ByteBuffer.wrap(portion).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    }
}
