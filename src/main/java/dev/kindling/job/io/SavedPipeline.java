package dev.kindling.job.io;

import dev.kindling.job.storage.Failure;
import dev.kindling.job.storage.SavedStages;
import dev.kindling.job.storage.Storage;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.ml.MlpClassificationModel;
import dev.kindling.ml.MlpRegressionModel;
import dev.kindling.ml.pipeline.PipelineOnnx;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.sql.SparkSession;

/** A pipeline that a program saved, of Spark's own stages and a model of Kindling's. */
public final class SavedPipeline {
    private static final Set<String> NETWORKS =
            Set.of(MlpClassificationModel.class.getName(), MlpRegressionModel.class.getName());

    private SavedPipeline() {}

    /** Whether a folder holds one; one that {@code train} saved is a {@link SavedModel}. */
    public static boolean isAt(Storage folder) throws IOException {
        return !folder.child(Storage.MODEL_FILE).exists()
                && folder.child("stages").exists();
    }

    /**
     * Reads one whose stages can all be written in ONNX.
     *
     * @throws InvalidInput if a stage cannot, or the folder is damaged
     */
    public static PipelineModel load(SparkSession spark, String path) throws IOException {
        Storage folder = Storage.of(spark, path);
        PipelineOnnx.requireWritable(classes(folder), NETWORKS);
        try {
            return PipelineModel.load(folder.uri());
        } catch (Exception e) { // Spark's readers throw many kinds for a missing or damaged part
            throw new InvalidInput(folder + " must hold an intact pipeline, but: " + Failure.rootSentence(e));
        }
    }

    private static List<String> classes(Storage folder) throws IOException {
        List<String> classes = new ArrayList<>();
        for (SavedStages.Stage stage : SavedStages.of(folder)) {
            classes.addAll(stage.isPipeline() ? classes(stage.folder()) : List.of(stage.type()));
        }
        return classes;
    }
}
