package dev.kindling.export;

import dev.kindling.protobuf.ProtoMessage;
import java.util.List;

/** A named argument of a node: an {@code AttributeProto}. */
public final class Argument {
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

    private Argument(String name, int type) {
        message = new ProtoMessage().put(NAME, name).put(TYPE, type);
    }

    public static Argument of(String name, long value) {
        Argument attribute = new Argument(name, TYPE_INT);
        attribute.message.put(I, value);
        return attribute;
    }

    static Argument of(String name, float value) {
        Argument attribute = new Argument(name, TYPE_FLOAT);
        attribute.message.put(F, value);
        return attribute;
    }

    public static Argument of(String name, long[] values) {
        Argument attribute = new Argument(name, TYPE_INTS);
        for (long value : values) {
            attribute.message.put(INTS, value);
        }
        return attribute;
    }

    public static Argument of(String name, List<String> values) {
        Argument attribute = new Argument(name, TYPE_STRINGS);
        values.forEach(value -> attribute.message.put(STRINGS, value));
        return attribute;
    }
}
