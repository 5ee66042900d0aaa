package dev.kindling.export;

import java.util.List;

/** A named argument of a node: an {@code AttributeProto}. */
public final class Attribute {
    private static final int NAME = 1;
    private static final int F = 2;
    private static final int I = 3;
    private static final int INTS = 8;
    private static final int STRINGS = 9;
    private static final int TYPE = 20;

    private static final int TYPE_FLOAT = 1;
    private static final int TYPE_INT = 2;
    private static final int TYPE_INTS = 7;
    private static final int TYPE_STRINGS = 8;

    final ProtoMessage message;

    private Attribute(String name, int type) {
        message = new ProtoMessage().put(NAME, name).put(TYPE, type);
    }

    public static Attribute of(String name, long value) {
        Attribute attribute = new Attribute(name, TYPE_INT);
        attribute.message.put(I, value);
        return attribute;
    }

    static Attribute of(String name, float value) {
        Attribute attribute = new Attribute(name, TYPE_FLOAT);
        attribute.message.put(F, value);
        return attribute;
    }

    public static Attribute of(String name, long[] values) {
        Attribute attribute = new Attribute(name, TYPE_INTS);
        for (long value : values) {
            attribute.message.put(INTS, value);
        }
        return attribute;
    }

    public static Attribute of(String name, List<String> values) {
        Attribute attribute = new Attribute(name, TYPE_STRINGS);
        values.forEach(value -> attribute.message.put(STRINGS, value));
        return attribute;
    }
}
