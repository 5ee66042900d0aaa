package dev.kindling.export;

import dev.kindling.nn.Activation;
import dev.kindling.nn.BatchNorm;
import dev.kindling.nn.Block;
import dev.kindling.nn.Dense;
import dev.kindling.nn.Dropout;
import dev.kindling.nn.Embed;
import dev.kindling.nn.Layer;
import dev.kindling.nn.LayerNorm;
import dev.kindling.nn.Maxout;
import dev.kindling.nn.NumberEmbedding;
import dev.kindling.nn.Prelu;
import dev.kindling.nn.Residual;
import dev.kindling.nn.Scale;
import dev.kindling.nn.Standardize;
import dev.kindling.spec.Spec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The nodes of layers, by their class.
 *
 * @param parameters of the network, borrowed
 * @param member in front of the layers' names, such as {@code member1.}; empty for a network by itself
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record LayerNodes(Graph graph, float[] parameters, String member) {

    /** What a layer has before it. */
    record Place(Graph graph, float[] parameters, String name, int offset, String in, int inputs) {

        /** A block of the layer's parameters as a tensor of this shape. */
        String block(String block, int from, int... shape) {
            return graph.weights(name + "." + block, parameters, offset + from, shape);
        }

        float parameter(int place) {
            return parameters[offset + place];
        }

        /** The first place after the layer's own. */
        Place then(String name, int offset, String in, int inputs) {
            return new Place(graph, parameters, name, offset, in, inputs);
        }
    }

    /** Adds a layer's nodes and returns its output. */
    private interface Writer<L extends Layer> {
        String write(L layer, Place place);
    }

    private static final Map<Class<?>, Writer<Layer>> WRITERS = new HashMap<>();

    static {
        on(Dense.class, LayerNodes::dense);
        on(Dropout.class, (layer, place) -> place.in());
        on(BatchNorm.class, LayerNodes::batchNorm);
        on(LayerNorm.class, LayerNodes::layerNorm);
        on(Standardize.class, (layer, place) -> standardize(place));
        on(Scale.class, (layer, place) -> place.graph()
                .node("Mul", place.in(), place.block("factor", 0, place.inputs())));
        on(Maxout.class, LayerNodes::maxout);
        on(Prelu.class, (layer, place) -> place.graph()
                .node("PRelu", place.in(), place.block("slope", 0, layer.shared() ? 1 : place.inputs())));
        on(Residual.class, (layer, place) -> place.graph().node("Add", place.in(), chain(layer.layers(), place)));
        on(Embed.class, EmbeddingNodes::embed);
        on(NumberEmbedding.Ple.class, EmbeddingNodes::ple);
        on(NumberEmbedding.Plr.class, EmbeddingNodes::plr);
        on(NumberEmbedding.Pbld.class, EmbeddingNodes::pbld);
        ActivationNodes.ALL.forEach((kind, nodes) ->
                WRITERS.put(kind, (layer, place) -> nodes.write((Activation) layer, place.graph(), place.in())));
    }

    private static <L extends Layer> void on(Class<L> kind, Writer<L> writer) {
        WRITERS.put(kind, (layer, place) -> writer.write(kind.cast(layer), place));
    }

    /** The outputs (rows, outputs) of layers over inputs (rows, inputs). */
    String write(List<Layer> layers, String in, int inputs) {
        return chain(layers, new Place(graph, parameters, member, 0, in, inputs));
    }

    private static String chain(List<Layer> layers, Place before) {
        String prefix = before.name().isEmpty() || before.name().endsWith(".") ? before.name() : before.name() + ".";
        Map<String, Integer> seen = new HashMap<>();
        Place place = before;
        for (Layer layer : layers) {
            String kind = Spec.name(layer);
            Place here = place.then(
                    prefix + kind + seen.merge(kind, 1, Integer::sum), place.offset(), place.in(), place.inputs());
            Writer<Layer> writer = WRITERS.get(layer.getClass());
            if (writer == null) {
                throw new IllegalStateException("the export to ONNX does not know " + kind);
            }
            place.graph().enter(here.name());
            String out = writer.write(layer, here);
            int size =
                    layer.blocks(here.inputs()).stream().mapToInt(Block::size).sum();
            place = here.then(here.name(), here.offset() + size, out, layer.outputs(here.inputs()));
        }
        return place.in();
    }

    private static String dense(Dense layer, Place place) {
        int weights = place.inputs() * layer.units();
        return place.graph()
                .node(
                        "Gemm",
                        place.in(),
                        place.block("weight", 0, place.inputs(), layer.units()),
                        place.block("bias", weights, layer.units()));
    }

    /** {@code γ/√(variance + ε) · (in - mean) + β}: the difference first, as it loses nothing where the mean is large. */
    private static String batchNorm(BatchNorm layer, Place place) {
        int n = place.inputs();
        float[] scale = new float[n];
        for (int j = 0; j < n; j++) {
            double variance = Math.max(place.parameter(3 * n + j), 0f);
            scale[j] = (float) (place.parameter(j) / Math.sqrt(variance + layer.epsilon()));
        }
        Graph graph = place.graph();
        String centred = graph.node("Sub", place.in(), place.block("mean", 2 * n, n));
        String scaled = graph.node("Mul", centred, graph.weights(place.name() + ".scale", scale, 0, n));
        return graph.node("Add", scaled, place.block("bias", n, n));
    }

    /**
     * Mean and variance in double, as in training. ONNX's own operator has them in float32, and some runtimes subtract squares,
     * which cancel.
     */
    private static String layerNorm(LayerNorm layer, Place place) {
        int n = place.inputs();
        Graph graph = place.graph();
        List<Argument> ofRow = List.of(Argument.of("axes", new long[] {1}));
        String in = graph.cast(place.in(), Element.DOUBLE);
        String centred = graph.node("Sub", in, graph.node("ReduceMean", ofRow, in));
        String variance = graph.node("ReduceMean", ofRow, graph.node("Mul", centred, centred));
        String deviation = graph.node("Sqrt", graph.node("Add", variance, graph.constant(layer.epsilon())));
        String standard = graph.cast(graph.node("Div", centred, deviation), Element.FLOAT);
        String scaled = graph.node("Mul", standard, place.block("gain", 0, n));
        return graph.node("Add", scaled, place.block("bias", n, n));
    }

    private static String standardize(Place place) {
        int n = place.inputs();
        String centred = place.graph().node("Sub", place.in(), place.block("mean", 0, n));
        return place.graph().node("Div", centred, place.block("deviation", n, n));
    }

    private static String maxout(Maxout layer, Place place) {
        Graph graph = place.graph();
        String shape =
                graph.constant(0L, layer.outputs(place.inputs()), layer.pieces()); // 0: as many rows as there are
        return graph.node(
                "ReduceMax",
                List.of(Argument.of("axes", new long[] {2}), Argument.of("keepdims", 0)),
                graph.node("Reshape", place.in(), shape));
    }
}
