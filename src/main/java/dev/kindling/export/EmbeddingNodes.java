package dev.kindling.export;

import dev.kindling.nn.Embed;
import dev.kindling.nn.NumberEmbedding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The nodes of embeddings. Inputs that are embedded become several outputs in their place; others pass unchanged. */
final class EmbeddingNodes {
    private EmbeddingNodes() {}

    static String embed(Embed layer, LayerNodes.Place place) {
        List<String> looked = new ArrayList<>();
        int offset = 0;
        for (int i = 0; i < layer.starts().size(); i++) {
            int start = layer.starts().get(i);
            int width = layer.widths().get(i);
            String oneHot = place.graph()
                    .columns(place.in(), IntStream.range(start, start + width).toArray());
            String table = place.block("weight" + (i + 1), offset, width, layer.dim());
            looked.add(place.graph().node("MatMul", oneHot, table));
            offset += width * layer.dim();
        }
        int[] places = layer.places(place.inputs());
        int[] firsts =
                layer.starts().stream().mapToInt(start -> places[2 * start]).toArray();
        return merge(place, places, firsts, layer.dim(), place.graph().concat(looked));
    }

    /** The shares of bins, from 0 to 1 but for the ends of the first and the last; where a bin has no width, a step. */
    static String ple(NumberEmbedding.Ple layer, LayerNodes.Place place) {
        Graph graph = place.graph();
        int bins = layer.bins();
        int[] numbers = numbers(layer, place.inputs());
        float[] low = new float[numbers.length * bins];
        float[] width = new float[low.length];
        float[] step = new float[low.length]; // 1 where a bin has no width
        for (int i = 0; i < low.length; i++) {
            int edge = i / bins * (bins + 1) + i % bins;
            low[i] = place.parameter(edge);
            float wide = place.parameter(edge + 1) - low[i];
            width[i] = wide > 0 ? wide : 1;
            step[i] = wide > 0 ? 0 : 1;
        }
        float[] least = new float[bins];
        float[] most = new float[bins];
        Arrays.fill(most, 1);
        least[0] = Float.NEGATIVE_INFINITY;
        most[bins - 1] = Float.POSITIVE_INFINITY;
        String x = apart(place, numbers);
        String edges = graph.weights(place.name() + ".low", low, 0, numbers.length, bins);
        String widths = graph.weights(place.name() + ".width", width, 0, numbers.length, bins);
        String share = graph.node("Div", graph.node("Sub", x, edges), widths);
        String reached = graph.cast(graph.node("GreaterOrEqual", x, edges), Element.FLOAT);
        String isStep = graph.node(
                "Greater", graph.weights(place.name() + ".step", step, 0, numbers.length, bins), graph.constant(0f));
        share = graph.node("Where", isStep, reached, share);
        share = graph.node("Min", graph.node("Max", share, graph.constant(least)), graph.constant(most));
        return merge(place, layer, numbers, share);
    }

    /** {@code relu(A · [cos(2π f x), sin(2π f x)] + a)}. */
    static String plr(NumberEmbedding.Plr layer, LayerNodes.Place place) {
        Graph graph = place.graph();
        int[] numbers = numbers(layer, place.inputs());
        int weight = numbers.length * layer.frequencies();
        String angles = angles(place, numbers, layer.frequencies(), false);
        String waves = graph.node(
                "Concat", List.of(Argument.of("axis", 2)), graph.node("Cos", angles), graph.node("Sin", angles));
        String linear = linear(place, waves, weight, numbers.length, 2 * layer.frequencies(), layer.dim());
        return merge(place, layer, numbers, graph.node("Relu", linear));
    }

    /** {@code [x, A · cos(2π f x + p) + a]}. */
    static String pbld(NumberEmbedding.Pbld layer, LayerNodes.Place place) {
        Graph graph = place.graph();
        int[] numbers = numbers(layer, place.inputs());
        int weight = 2 * numbers.length * layer.frequencies();
        String waves = graph.node("Cos", angles(place, numbers, layer.frequencies(), true));
        String linear = linear(place, waves, weight, numbers.length, layer.frequencies(), layer.dim() - 1);
        String both = graph.node("Concat", List.of(Argument.of("axis", 2)), apart(place, numbers), linear);
        return merge(place, layer, numbers, both);
    }

    /** The inputs that are embedded as numbers. */
    private static int[] numbers(NumberEmbedding.PerNumber layer, int inputs) {
        int[] places = layer.places(inputs);
        return IntStream.range(0, inputs).filter(i -> places[2 * i + 1] >= 0).toArray();
    }

    /** (rows, numbers, 1). */
    private static String apart(LayerNodes.Place place, int[] numbers) {
        Graph graph = place.graph();
        return graph.node("Unsqueeze", graph.columns(place.in(), numbers), graph.constant(2L));
    }

    /** Angles (rows, numbers, frequencies) between -π and π: counted in turns, in double, less whole ones. */
    private static String angles(LayerNodes.Place place, int[] numbers, int frequencies, boolean shifted) {
        Graph graph = place.graph();
        String f = graph.cast(place.block("frequency", 0, numbers.length, frequencies), Element.DOUBLE);
        String turns = graph.node("Mul", graph.cast(apart(place, numbers), Element.DOUBLE), f);
        if (shifted) {
            int phases = numbers.length * frequencies;
            String phase = graph.cast(place.block("phase", phases, numbers.length, frequencies), Element.DOUBLE);
            turns = graph.node("Add", turns, graph.node("Div", phase, graph.constant(2 * Math.PI)));
        }
        String whole = graph.floor(graph.node("Add", turns, graph.constant(0.5)));
        String part = graph.node("Sub", turns, whole);
        return graph.cast(graph.node("Mul", part, graph.constant(2 * Math.PI)), Element.FLOAT);
    }

    /** A linear layer of each number: (rows, numbers, waves) to (rows, numbers, units). */
    private static String linear(LayerNodes.Place place, String waves, int weight, int numbers, int of, int units) {
        Graph graph = place.graph();
        List<Argument> swapped = List.of(Argument.of("perm", new long[] {1, 0, 2}));
        String byWave = place.block("weight", weight, of, numbers, units);
        String byNumber = graph.node("Transpose", swapped, byWave); // (numbers, waves, units)
        String product = graph.node("MatMul", graph.node("Transpose", swapped, waves), byNumber);
        String bias = place.block("bias", weight + of * numbers * units, numbers, units);
        return graph.node("Add", graph.node("Transpose", swapped, product), bias);
    }

    private static String merge(LayerNodes.Place place, NumberEmbedding.PerNumber layer, int[] numbers, String made) {
        int[] places = layer.places(place.inputs());
        int[] firsts = Arrays.stream(numbers).map(number -> places[2 * number]).toArray();
        String flat = place.graph().node("Flatten", made); // (rows, numbers · dim)
        return merge(place, places, firsts, layer.dim(), flat);
    }

    /**
     * Embeddings and the inputs that pass, in the order of the layer's outputs.
     *
     * @param places of the inputs, as layers have them
     * @param firsts the first output of each embedding
     * @param made the embeddings, each of {@code dim} values, beside each other
     */
    private static String merge(LayerNodes.Place place, int[] places, int[] firsts, int dim, String made) {
        int[] passing = IntStream.range(0, place.inputs())
                .filter(i -> places[2 * i + 1] < 0)
                .toArray();
        int[] from = new int[firsts.length * dim + passing.length];
        for (int i = 0; i < firsts.length * dim; i++) {
            from[firsts[i / dim] + i % dim] = i;
        }
        for (int i = 0; i < passing.length; i++) {
            from[places[2 * passing[i]]] = firsts.length * dim + i;
        }
        Graph graph = place.graph();
        return passing.length == 0
                ? made
                : graph.columns(graph.concat(List.of(made, graph.columns(place.in(), passing))), from);
    }
}
