package dev.kindling.protobuf;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A protocol buffer message under construction: fields by number, in the order they are put. The format is that of <a
 * href="https://protobuf.dev/programming-guides/encoding/">Protocol Buffers: Encoding</a>. Every field that is put is
 * written; to omit a field, as proto3 does with zeros, do not put it.
 */
public final class ProtoMessage {
    private static final int VARINT = 0;
    private static final int EIGHT_BYTES = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FOUR_BYTES = 5;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** An {@code int32}, {@code int64}, {@code bool} or enum. */
    public ProtoMessage put(int field, long value) {
        tag(field, VARINT);
        varint(value);
        return this;
    }

    /** A {@code double}. */
    public ProtoMessage put(int field, double value) {
        tag(field, EIGHT_BYTES);
        bytes.writeBytes(littleEndian(Double.BYTES).putDouble(value).array());
        return this;
    }

    /** A {@code float}. */
    public ProtoMessage put(int field, float value) {
        tag(field, FOUR_BYTES);
        bytes.writeBytes(littleEndian(Float.BYTES).putFloat(value).array());
        return this;
    }

    /** A packed {@code repeated double}. */
    public ProtoMessage put(int field, double[] values) {
        byte[] packed = new byte[Math.multiplyExact(values.length, Double.BYTES)];
        ByteBuffer.wrap(packed).order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer().put(values);
        return put(field, packed);
    }

    /** A {@code string}. */
    public ProtoMessage put(int field, String text) {
        return put(field, text.getBytes(StandardCharsets.UTF_8));
    }

    /** A nested message; for a repeated field, one more element. */
    public ProtoMessage put(int field, ProtoMessage message) {
        return put(field, message.bytes());
    }

    /** {@code bytes}. */
    public ProtoMessage put(int field, byte[] value) {
        tag(field, LENGTH_DELIMITED);
        varint(value.length);
        bytes.writeBytes(value);
        return this;
    }

    /** The fields of another message. */
    public ProtoMessage append(ProtoMessage fields) {
        bytes.writeBytes(fields.bytes());
        return this;
    }

    /** The message as it is so far. */
    public byte[] bytes() {
        return bytes.toByteArray();
    }

    private void tag(int field, int wireType) {
        varint(((long) field << 3) | wireType);
    }

    /** A varint: seven bits per byte, the lowest first; the eighth bit says that more bytes follow. */
    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes.write((int) ((rest & 0x7F) | 0x80));
            rest >>>= 7;
        }
        bytes.write((int) rest);
    }

    private static ByteBuffer littleEndian(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
