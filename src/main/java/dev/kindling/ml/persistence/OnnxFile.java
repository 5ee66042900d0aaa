package dev.kindling.ml.persistence;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.kindling.export.Element;
import dev.kindling.export.Graph;
import dev.kindling.export.Port;
import dev.kindling.export.Scores;
import dev.kindling.linalg.Offsets;
import dev.kindling.ml.internal.HasNetwork;
import dev.kindling.ml.internal.NetworkWeights;
import dev.kindling.spark.SparkLine;
import dev.kindling.spec.Spec;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A trained model as a graph of ONNX. */
public final class OnnxFile {
    private final Graph graph;

    private OnnxFile(Graph graph) {
        this.graph = graph;
    }

    /** What makes a network's features of raw columns. */
    public interface Preparation {
        /**
         * Adds the raw columns to the graph as inputs.
         *
         * @return the features (rows, inputs of the network), in double
         */
        String write(Graph graph);
    }

    /** The file's content. */
    public byte[] bytes() {
        return graph.model(SparkLine.BUILT.version());
    }

    /**
     * What tells Triton Inference Server of the file: its {@code config.pbtxt}.
     *
     * @param name of the model in Triton's repository
     */
    public String tritonConfig(String name) {
        return graph.tritonConfig(name);
    }

    /**
     * Writes the graph of a model.
     *
     * @param classes the names of a classifier's classes, in the order of their indices
     * @param preparation of raw columns; null where features are the input
     */
    public static OnnxFile of(HasNetwork model, List<String> classes, @Nullable Preparation preparation) {
        NetworkWeights trained = model.trained();
        Offsets offsets = trained.offsets;
        int inputs = trained.network.inputs();
        Scores scores = new Scores(
                trained.ensemble,
                trained.parameters,
                IntStream.range(0, offsets.ofFeatures() ? inputs : 0)
                        .mapToDouble(offsets::feature)
                        .toArray(),
                IntStream.range(0, offsets.targets())
                        .mapToDouble(offsets::target)
                        .toArray(),
                classes,
                Thresholds.of(model));
        Graph graph = new Graph();
        scores.write(graph, features(graph, scores, inputs, preparation));
        note(graph, trained, classes);
        if (preparation != null) {
            graph.note("columns", json(graph.inputs().stream().map(Port::name).toList()));
        }
        return new OnnxFile(graph);
    }

    private static String features(Graph graph, Scores scores, int inputs, @Nullable Preparation preparation) {
        if (preparation == null) {
            return graph.input("features", scores.featureElement(), inputs, "the features of rows");
        }
        String features = preparation.write(graph);
        return scores.featureElement() == Element.DOUBLE ? features : graph.cast(features, Element.FLOAT);
    }

    private static void note(Graph graph, NetworkWeights trained, List<String> classes) {
        graph.note("network", trained.network.toString());
        graph.note("loss", Spec.print(trained.loss));
        graph.note("members", String.valueOf(trained.ensemble.members()));
        graph.note("temperature", String.valueOf(trained.ensemble.temperature()));
        if (!classes.isEmpty()) {
            graph.note("classes", json(classes));
        }
        if (trained.training != null) {
            trained.training.texts().forEach(graph::note);
        }
    }

    private static String json(List<String> texts) {
        ArrayNode array = new ObjectMapper().createArrayNode();
        texts.forEach(array::add);
        return array.toString();
    }
}
