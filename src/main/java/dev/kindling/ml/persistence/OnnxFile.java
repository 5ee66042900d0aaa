package dev.kindling.ml.persistence;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.kindling.export.Element;
import dev.kindling.export.Graph;
import dev.kindling.export.Scores;
import dev.kindling.linalg.Offsets;
import dev.kindling.ml.internal.HasNetwork;
import dev.kindling.ml.internal.NetworkWeights;
import dev.kindling.spark.SparkLine;
import dev.kindling.spec.Spec;
import dev.kindling.table.TableVectorizerModel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A trained model as a file of ONNX. */
public final class OnnxFile {
    private OnnxFile() {}

    /**
     * The file.
     *
     * @param classes the names of a classifier's classes, in the order of their indices
     * @param table makes the features of raw columns, each an input of the graph; null where features are the input
     * @param facts about the training, for the file's metadata
     */
    public static byte[] of(
            HasNetwork model, List<String> classes, @Nullable TableVectorizerModel table, Map<String, String> facts) {
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
        scores.write(graph, features(graph, scores, inputs, table));
        return graph.model(SparkLine.BUILT.version(), metadata(trained, classes, table, facts));
    }

    private static String features(Graph graph, Scores scores, int inputs, @Nullable TableVectorizerModel table) {
        if (table == null) {
            return graph.input("features", scores.featureElement(), inputs, "the features of rows");
        }
        String features = table.write(graph); // in double
        return scores.featureElement() == Element.DOUBLE ? features : graph.cast(features, Element.FLOAT);
    }

    private static Map<String, String> metadata(
            NetworkWeights trained,
            List<String> classes,
            @Nullable TableVectorizerModel table,
            Map<String, String> facts) {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("kindling.network", trained.network.toString());
        metadata.put("kindling.loss", Spec.print(trained.loss));
        metadata.put("kindling.members", String.valueOf(trained.ensemble.members()));
        metadata.put("kindling.temperature", String.valueOf(trained.ensemble.temperature()));
        if (!classes.isEmpty()) {
            metadata.put("kindling.classes", json(classes));
        }
        if (table != null) {
            metadata.put("kindling.columns", json(table.inputCols()));
            metadata.put("kindling.timeZone", table.timeZone());
        }
        facts.forEach((name, value) -> metadata.put("kindling." + name, value));
        return metadata;
    }

    private static String json(List<String> texts) {
        ArrayNode array = new ObjectMapper().createArrayNode();
        texts.forEach(array::add);
        return array.toString();
    }
}
