package dev.kindling.spark;

/** A vector on the wire. Tasks in one JVM share the received copy. */
public final class Floats extends FloatWire {
    private static final long serialVersionUID = 1L;

    private float[] values;

    public Floats(float[] values) {
        this.values = values;
    }

    /** For serializers. */
    public Floats() {
        this(new float[0]);
    }

    /** The vector itself; callers must not modify it. */
    public float[] values() {
        return values;
    }

    @Override
    public <E extends Exception> void send(Bytes<E> out) throws E {
        byte[] head = new byte[Integer.BYTES];
        head(head).putInt(values.length);
        out.pass(head, 0, head.length);
        send(values, out);
    }

    @Override
    public <E extends Exception> void receive(Bytes<E> in) throws E {
        byte[] head = new byte[Integer.BYTES];
        in.pass(head, 0, head.length);
        values = receive(head(head).getInt(), in);
    }
}
