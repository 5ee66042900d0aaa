package dev.kindling.data.disk;

import dev.kindling.linalg.Rows;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** Floats of packed rows, in an array or on disk. */
public sealed interface FloatChunk extends Serializable {

    float get(int index);

    /** Copies {@code count} floats from {@code from} on to {@code to}, from {@code at} on. */
    void get(int from, float[] to, int at, int count);

    /** All floats; borrowed or copied. */
    float[] array();

    /** The floats from {@code from} on as rows with all their values; borrowed or copied. */
    Rows rows(int rows, int columns, int from);

    /** All floats; they must not be modified. */
    FloatBuffer buffer();

    long bytesOnDisk();

    /** In memory; the array is borrowed. */
    static FloatChunk of(float[] array) {
        return new InMemory(array);
    }

    /** On disk: the array is copied. */
    static FloatChunk onDisk(float[] array, DiskFile file) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(Float.BYTES, array.length))
                .order(ByteOrder.nativeOrder());
        bytes.asFloatBuffer().put(array);
        return new OnDisk(file.keep(bytes).asFloatBuffer());
    }

    /** A class, not a record: the Kryo that Spark ships cannot write records. */
    final class InMemory implements FloatChunk {
        private static final long serialVersionUID = 1L;

        private final float[] array;

        private InMemory(float[] array) {
            this.array = array;
        }

        @Override
        public float get(int index) {
            return array[index];
        }

        @Override
        public void get(int from, float[] to, int at, int count) {
            System.arraycopy(array, from, to, at, count);
        }

        @Override
        public float[] array() {
            return array;
        }

        @Override
        public Rows rows(int rows, int columns, int from) {
            return Rows.dense(rows, columns, array, from);
        }

        @Override
        public FloatBuffer buffer() {
            return FloatBuffer.wrap(array);
        }

        @Override
        public long bytesOnDisk() {
            return 0;
        }
    }

    /** Java's serialization, which Kryo is told to use too, makes it one in memory. */
    final class OnDisk implements FloatChunk {
        private static final long serialVersionUID = 1L;

        private final transient FloatBuffer floats;

        private OnDisk(FloatBuffer floats) {
            this.floats = floats;
        }

        @Override
        public float get(int index) {
            return floats.get(index);
        }

        @Override
        public void get(int from, float[] to, int at, int count) {
            floats.get(from, to, at, count);
        }

        @Override
        public float[] array() {
            return floats(0, floats.capacity());
        }

        @Override
        public Rows rows(int rows, int columns, int from) {
            return Rows.dense(rows, columns, floats(from, Math.multiplyExact(rows, columns)), 0);
        }

        private float[] floats(int from, int count) {
            float[] copy = new float[count];
            floats.get(from, copy);
            return copy;
        }

        @Override
        public FloatBuffer buffer() {
            return floats;
        }

        @Override
        public long bytesOnDisk() {
            return (long) Float.BYTES * floats.capacity();
        }

        private Object writeReplace() {
            return new InMemory(array());
        }
    }
}
