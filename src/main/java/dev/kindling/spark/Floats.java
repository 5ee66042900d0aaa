package dev.kindling.spark;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A vector on the wire, and which numbers it belongs to, if it is a part of another. Tasks in one JVM share the received
 * copy.
 */
public final class Floats extends FloatWire {
    private static final long serialVersionUID = 1L;
    private static final int WHOLE = -1; // in the place of a count

    private float[] values;
    private int @Nullable [] numbers;

    public Floats(float[] values) {
        this(values, null);
    }

    public Floats(float[] values, int @Nullable [] numbers) {
        this.values = values;
        this.numbers = numbers;
    }

    /** For serializers. */
    public Floats() {
        this(new float[0]);
    }

    /** The vector itself; callers must not modify it. */
    public float[] values() {
        return values;
    }

    /** What it is a part by; null if it is whole. Callers must not modify it. */
    public int @Nullable [] numbers() {
        return numbers;
    }

    private static int bytes(int count) {
        return Math.multiplyExact(Integer.BYTES, count);
    }

    @Override
    public <E extends Exception> void send(Bytes<E> out) throws E {
        byte[] head = new byte[2 * Integer.BYTES + bytes(numbers == null ? 0 : numbers.length)];
        ByteBuffer buffer = head(head).putInt(values.length).putInt(numbers == null ? WHOLE : numbers.length);
        if (numbers != null) {
            buffer.asIntBuffer().put(numbers);
        }
        out.pass(head, 0, head.length);
        send(values, out);
    }

    @Override
    public <E extends Exception> void receive(Bytes<E> in) throws E {
        byte[] head = new byte[2 * Integer.BYTES];
        in.pass(head, 0, head.length);
        int length = head(head).getInt(0);
        int count = head(head).getInt(Integer.BYTES);
        numbers = count == WHOLE ? null : new int[count];
        if (numbers != null) {
            byte[] bytes = new byte[bytes(count)];
            in.pass(bytes, 0, bytes.length);
            head(bytes).asIntBuffer().get(numbers);
        }
        values = receive(length, in);
    }
}
