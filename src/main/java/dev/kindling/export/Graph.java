package dev.kindling.export;

import dev.kindling.linalg.InvalidInput;
import dev.kindling.protobuf.ProtoMessage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A graph of ONNX that grows node by node. Values are told by their names. Those of nodes begin with the scope that they are
 * made in, such as {@code dense1/Gemm}.
 */
public final class Graph {
    private static final int IR_VERSION = 8;
    private static final int OPSET = 17;
    private static final int ML_OPSET = 2;
    private static final String ML_DOMAIN = "ai.onnx.ml";
    private static final long MOST_BYTES = Integer.MAX_VALUE - (1L << 20); // Protocol Buffers end at 2 GB

    // onnx.proto: TensorProto
    private static final int DIMS = 1;
    private static final int DATA_TYPE = 2;
    private static final int STRING_DATA = 6;
    private static final int TENSOR_NAME = 8;
    private static final int RAW_DATA = 9;

    // NodeProto
    private static final int NODE_INPUT = 1;
    private static final int NODE_OUTPUT = 2;
    private static final int NODE_NAME = 3;
    private static final int OP_TYPE = 4;
    private static final int ATTRIBUTE = 5;
    private static final int DOMAIN = 7;

    // GraphProto
    private static final int NODE = 1;
    private static final int GRAPH_NAME = 2;
    private static final int INITIALIZER = 5;
    private static final int GRAPH_INPUT = 11;
    private static final int GRAPH_OUTPUT = 12;

    private final ProtoMessage nodes = new ProtoMessage();
    private final ProtoMessage initializers = new ProtoMessage();
    private final ProtoMessage inputs = new ProtoMessage();
    private final ProtoMessage outputs = new ProtoMessage();
    private final Map<List<Object>, String> constants = new HashMap<>();
    private final Set<String> names = new HashSet<>();
    private final Map<String, String> notes = new LinkedHashMap<>();
    private final List<Port> taken = new ArrayList<>();
    private final List<Port> given = new ArrayList<>();
    private String scope = "";
    private long weights; // bytes of them
    private boolean usesMl;

    /** Names what is made from now on. */
    public void enter(String name) {
        scope = name + "/";
    }

    /**
     * An input of the graph, of shape (rows, columns).
     *
     * @param meaning for people who read the graph
     * @throws InvalidInput if there is one of that name
     */
    public String input(String name, Element element, int columns, String meaning) {
        if (!names.add(name)) {
            throw new InvalidInput("the inputs and outputs of an ONNX graph must have different names, but two are \""
                    + name + "\"; rename the column, or export the network alone (--form network)");
        }
        inputs.put(GRAPH_INPUT, valueInfo(name, element, columns, meaning));
        taken.add(new Port(name, element, columns));
        return name;
    }

    /** The inputs so far. */
    public List<Port> inputs() {
        return List.copyOf(taken);
    }

    /**
     * Tells something of the model in the file's metadata, under {@code kindling.key}.
     *
     * @throws InvalidInput if it was told otherwise before
     */
    public void note(String key, String value) {
        String before = notes.putIfAbsent("kindling." + key, value);
        if (before != null && !before.equals(value)) {
            throw new InvalidInput(
                    "an ONNX graph must have one " + key + ", but parts of it have " + before + " and " + value);
        }
    }

    /** An output of the graph: of shape (rows, columns) or, where columns is 0, (rows). */
    void output(String name, Element element, int columns, String value, String meaning) {
        if (!names.add(name)) {
            throw new InvalidInput(
                    "the inputs and outputs of an ONNX graph must have different names, but a column is \"" + name
                            + "\", as an output; rename the column, or export the network alone (--form network)");
        }
        outputs.put(GRAPH_OUTPUT, valueInfo(name, element, columns, meaning));
        given.add(new Port(name, element, columns));
        node(name, "Identity", "", List.of(), value);
    }

    private static ProtoMessage valueInfo(String name, Element element, int columns, String meaning) {
        ProtoMessage shape = new ProtoMessage().put(1, new ProtoMessage().put(2, "rows")); // dim { dim_param }
        if (columns > 0) {
            shape.put(1, new ProtoMessage().put(1, columns)); // dim { dim_value }
        }
        ProtoMessage tensor = new ProtoMessage().put(1, element.number).put(2, shape); // elem_type, shape
        return new ProtoMessage()
                .put(1, name)
                .put(2, new ProtoMessage().put(1, tensor))
                .put(3, meaning);
    }

    /** A node without attributes; returns its value. */
    public String node(String operator, String... values) {
        return node(operator, List.of(), values);
    }

    /** A node; returns its value. */
    public String node(String operator, List<Argument> attributes, String... values) {
        return node(fresh(scope + operator), operator, "", attributes, values);
    }

    /** A node of an operator for tables, which {@code ai.onnx.ml} defines. */
    public String tableNode(String operator, List<Argument> attributes, String... values) {
        usesMl = true;
        return node(fresh(scope + operator), operator, ML_DOMAIN, attributes, values);
    }

    private String node(String output, String operator, String domain, List<Argument> attributes, String... values) {
        ProtoMessage node = new ProtoMessage();
        for (String value : values) {
            node.put(NODE_INPUT, value);
        }
        node.put(NODE_OUTPUT, output).put(NODE_NAME, output).put(OP_TYPE, operator);
        attributes.forEach(attribute -> node.put(ATTRIBUTE, attribute.message));
        if (!domain.isEmpty()) {
            node.put(DOMAIN, domain);
        }
        nodes.put(NODE, node);
        return output;
    }

    /** A value as another type. */
    public String cast(String value, Element element) {
        return node("Cast", List.of(Argument.of("to", element.number)), value);
    }

    /** Whether doubles are NaN. As float32, which are so too, since ONNX Runtime 1.12 has the operator for no others. */
    public String isNaN(String doubles) {
        return node("IsNaN", cast(doubles, Element.FLOAT));
    }

    /** Doubles less what is behind their points: ONNX Runtime 1.12 has Floor for float32 alone. */
    public String floor(String doubles) {
        String rest = node("Mod", List.of(Argument.of("fmod", 1)), doubles, constant(1.0)); // of the value's sign
        String below = cast(node("Less", rest, constant(0.0)), Element.DOUBLE);
        return node("Sub", node("Sub", doubles, rest), below);
    }

    /** Tensors beside each other. */
    public String concat(List<String> values) {
        return values.size() == 1
                ? values.get(0)
                : node("Concat", List.of(Argument.of("axis", 1)), values.toArray(new String[0]));
    }

    /** Columns of a tensor, in that order. */
    public String columns(String value, int... places) {
        return node(
                "Gather",
                List.of(Argument.of("axis", 1)),
                value,
                constant(Arrays.stream(places).asLongStream().toArray()));
    }

    /** Parameters of a network: {@code shape} of them from a place of the array. */
    String weights(String name, float[] parameters, int from, int... shape) {
        int count = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        byte[] raw = room((long) count * Float.BYTES);
        littleEndian(raw).asFloatBuffer().put(parameters, from, count);
        return raw(
                fresh(scope + name),
                Element.FLOAT,
                raw,
                Arrays.stream(shape).asLongStream().toArray());
    }

    String constant(float... values) {
        return constants.computeIfAbsent(key(Element.FLOAT, boxed(values)), key -> {
            byte[] raw = room((long) values.length * Float.BYTES);
            littleEndian(raw).asFloatBuffer().put(values);
            return raw(fresh("constant"), Element.FLOAT, raw, values.length);
        });
    }

    /** A vector of doubles. */
    public String constant(double... values) {
        return constants.computeIfAbsent(
                key(Element.DOUBLE, Arrays.stream(values).boxed().toList()), key -> {
                    byte[] raw = room((long) values.length * Double.BYTES);
                    littleEndian(raw).asDoubleBuffer().put(values);
                    return raw(fresh("constant"), Element.DOUBLE, raw, values.length);
                });
    }

    /** A vector of whole numbers. */
    public String constant(long... values) {
        return constants.computeIfAbsent(
                key(Element.INT64, Arrays.stream(values).boxed().toList()), key -> {
                    byte[] raw = room((long) values.length * Long.BYTES);
                    littleEndian(raw).asLongBuffer().put(values);
                    return raw(fresh("constant"), Element.INT64, raw, values.length);
                });
    }

    String constant(List<String> values) {
        String name = fresh("constant");
        ProtoMessage tensor = new ProtoMessage().put(DIMS, values.size()).put(DATA_TYPE, Element.STRING.number);
        values.forEach(value -> tensor.put(STRING_DATA, value));
        initializers.put(INITIALIZER, tensor.put(TENSOR_NAME, name));
        return name;
    }

    private static List<Object> key(Element element, List<?> values) {
        return List.of(element, values);
    }

    private static List<Float> boxed(float[] values) {
        List<Float> boxed = new ArrayList<>();
        for (float value : values) {
            boxed.add(value);
        }
        return boxed;
    }

    private byte[] room(long bytes) {
        weights += bytes;
        requireRoom(weights);
        return new byte[(int) bytes];
    }

    private static ByteBuffer littleEndian(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void requireRoom(long bytes) {
        if (bytes > MOST_BYTES) {
            throw new InvalidInput(String.format(
                    Locale.ROOT, "a model in ONNX must be smaller than 2 GB, but has at least %,d bytes", bytes));
        }
    }

    private String raw(String name, Element element, byte[] values, long... shape) {
        ProtoMessage tensor = new ProtoMessage();
        for (long size : shape) {
            tensor.put(DIMS, size);
        }
        tensor.put(DATA_TYPE, element.number).put(TENSOR_NAME, name).put(RAW_DATA, values);
        initializers.put(INITIALIZER, tensor);
        return name;
    }

    private String fresh(String wanted) {
        String name = wanted;
        for (int i = 2; !names.add(name); i++) {
            name = wanted + i;
        }
        return name;
    }

    /**
     * The {@code config.pbtxt} of the graph in a model repository of Triton's.
     *
     * @param name of the model there
     */
    public String tritonConfig(String name) {
        return TritonConfig.of(name, taken, given);
    }

    /**
     * The graph as a file: a {@code ModelProto}.
     *
     * @param version of Kindling
     */
    public byte[] model(String version) {
        ProtoMessage opset = new ProtoMessage().put(1, "").put(2, OPSET); // domain, version
        ProtoMessage model =
                new ProtoMessage().put(1, IR_VERSION).put(2, "kindling").put(3, version);
        byte[][] parts = {
            nodes.bytes(),
            new ProtoMessage().put(GRAPH_NAME, "kindling").bytes(),
            initializers.bytes(),
            inputs.bytes(),
            outputs.bytes()
        };
        long size = Arrays.stream(parts).mapToLong(part -> part.length).sum();
        requireRoom(size);
        ByteBuffer graph = ByteBuffer.allocate((int) size);
        Arrays.stream(parts).forEach(graph::put);
        model.put(7, graph.array()).put(8, opset); // graph, opset_import
        if (usesMl) {
            model.put(8, new ProtoMessage().put(1, ML_DOMAIN).put(2, ML_OPSET));
        }
        notes.forEach(
                (key, value) -> model.put(14, new ProtoMessage().put(1, key).put(2, value)));
        return model.bytes();
    }
}
