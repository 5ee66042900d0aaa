package dev.kindling.ml.pipeline;

import dev.kindling.export.Graph;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.ml.internal.HasNetwork;
import dev.kindling.ml.persistence.OnnxFile;
import java.util.List;
import java.util.Set;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.sql.types.StructType;

/** A fitted pipeline as a graph of ONNX. */
public final class PipelineOnnx {
    private PipelineOnnx() {}

    /**
     * Writes the graph.
     *
     * @param types of the raw columns
     * @throws InvalidInput if a stage cannot be written
     */
    public static OnnxFile of(PipelineModel pipeline, StructType types) {
        Stages stages = new Stages(pipeline);
        return OnnxFile.of(stages.network(), stages.classes(), graph -> features(graph, stages, types));
    }

    private static String features(Graph graph, Stages stages, StructType types) {
        HasNetwork network = stages.network();
        StageNodes nodes = new StageNodes(graph, stages, new RawColumns(graph, types));
        int place = stages.networkPlace();
        GraphColumn features = network.isDefined(network.vectorizerModel())
                ? nodes.vectorized(network.getVectorizerModel(), place)
                : nodes.column(stages.features(), place, stages.featureCount());
        return features.value();
    }

    /**
     * Refuses a saved pipeline by the names of its stages' classes, before they are loaded.
     *
     * @param networks the names of the classes of Kindling's models
     * @throws InvalidInput if one cannot be written, or there is not one network
     */
    public static void requireWritable(List<String> classes, Set<String> networks) {
        Stages.requireWritable(classes, networks);
    }
}
