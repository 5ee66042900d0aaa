package dev.kindling.tensorboard;

import dev.kindling.loss.Loss;
import dev.kindling.nn.Block;
import dev.kindling.nn.Layer;
import dev.kindling.nn.Network;
import dev.kindling.protobuf.ProtoMessage;
import dev.kindling.spec.Spec;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A network for TensorBoard's graph view: the message {@code GraphDef} of TensorFlow's <a
 * href="https://github.com/tensorflow/tensorboard/blob/master/tensorboard/compat/proto/graph.proto">graph.proto</a>.
 * Each layer is a node with its spec, its number of parameters and the shape of its output; layers within a layer are
 * nodes in its scope.
 */
final class NetworkGraph {
    private static final String PLACEHOLDER = "Placeholder"; // what TensorFlow calls an input
    private static final int ANY_NUMBER = -1; // of rows

    private final ProtoMessage graph = new ProtoMessage();

    private NetworkGraph() {}

    static ProtoMessage of(Network network, Loss loss) {
        NetworkGraph picture = new NetworkGraph();
        picture.node("features", PLACEHOLDER, attribute("_output_shapes", shape(network.inputs())));
        String outputs = picture.chain(network, "", "features");
        picture.node("labels", PLACEHOLDER);
        ProtoMessage spec = attribute("spec", text(Spec.brief(loss)));
        picture.node("loss", Spec.name(loss), input(outputs), input("labels"), spec);
        return picture.graph;
    }

    /** Adds the layers; returns the name of the last node. */
    private String chain(Network network, String scope, String before) {
        List<Layer> layers = network.layers();
        List<Block> layout = network.layout();
        String last = before;
        int width = network.inputs();
        for (int i = 0; i < layers.size(); i++) {
            Layer layer = layers.get(i);
            String layerName = network.layerNames().get(i);
            String name = scope + layerName;
            ProtoMessage outputShape = attribute("_output_shapes", shape(network.outputs(i)));
            if (layer.inner().isEmpty()) {
                long parameters = layout.stream()
                        .filter(block -> block.name().startsWith(layerName + "."))
                        .mapToLong(Block::size)
                        .sum();
                ProtoMessage spec = attribute("spec", text(Spec.brief(layer)));
                ProtoMessage size = attribute("parameters", new ProtoMessage().put(3, parameters));
                node(name, Spec.name(layer), input(last), outputShape, size, spec);
            } else {
                String inner = chain(Network.of(width, layer.inner()), name + "/", last);
                String shortcut = last;
                name += "/add";
                node(name, "add", input(shortcut), input(inner), outputShape);
            }
            last = name;
            width = network.outputs(i);
        }
        return last;
    }

    /** @param fields {@link #input inputs} and {@link #attribute attributes}, in this order */
    private void node(String name, String operation, ProtoMessage... fields) {
        ProtoMessage node = new ProtoMessage().put(1, name).put(2, operation);
        for (ProtoMessage field : fields) {
            node.append(field);
        }
        graph.put(1, node);
    }

    private static ProtoMessage input(String node) {
        return new ProtoMessage().put(3, node);
    }

    /** An entry in the node's attribute map. */
    private static ProtoMessage attribute(String name, ProtoMessage value) {
        return new ProtoMessage().put(5, new ProtoMessage().put(1, name).put(2, value));
    }

    private static ProtoMessage text(String value) {
        return new ProtoMessage().put(2, value.getBytes(StandardCharsets.UTF_8));
    }

    /** A list of one shape, (rows, width), which TensorBoard shows on the edge. */
    private static ProtoMessage shape(int width) {
        ProtoMessage rows = new ProtoMessage().put(1, ANY_NUMBER);
        ProtoMessage columns = new ProtoMessage().put(1, width);
        ProtoMessage shape = new ProtoMessage().put(2, rows).put(2, columns);
        return new ProtoMessage().put(1, new ProtoMessage().put(7, shape));
    }
}
