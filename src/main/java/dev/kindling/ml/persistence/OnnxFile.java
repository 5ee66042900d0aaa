package dev.kindling.ml.persistence;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.kindling.data.Offsets;
import dev.kindling.export.Element;
import dev.kindling.export.Graph;
import dev.kindling.export.Scores;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.ml.internal.HasNetwork;
import dev.kindling.ml.internal.NetworkWeights;
import dev.kindling.spark.SparkLine;
import dev.kindling.spec.Spec;
import dev.kindling.table.TableVectorizerModel;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.classification.ProbabilisticClassificationModel;
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
                thresholds(model));
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

    private static double[] thresholds(HasNetwork model) {
        return model instanceof ProbabilisticClassificationModel<?, ?> classifier
                        && classifier.isDefined(classifier.thresholds())
                ? classifier.getThresholds()
                : new double[0];
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

    /**
     * Writes a new file, which appears under its name once it is complete.
     *
     * @throws InvalidInput if there is something of that name
     */
    public static void write(byte[] file, String path, Configuration configuration) throws IOException {
        Path target = new Path(path);
        FileSystem files = target.getFileSystem(configuration);
        Path draft = files.makeQualified(target).suffix("-" + UUID.randomUUID() + ".draft");
        try {
            requireFree(files, target);
            try (OutputStream out = files.create(draft)) {
                out.write(file);
            }
            requireFree(files, target);
            if (!files.rename(draft, target)) {
                throw new IOException("cannot rename " + draft + " to " + target);
            }
        } finally {
            files.delete(draft, false); // after a failure
        }
    }

    private static void requireFree(FileSystem files, Path target) throws IOException {
        if (files.exists(target)) {
            throw new InvalidInput("exportOnnx must get the path of a new file, but " + target + " exists");
        }
    }
}
