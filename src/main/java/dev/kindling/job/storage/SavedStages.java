package dev.kindling.job.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Require;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A pipeline that Spark saved, before Spark loads it: Spark instantiates any class that a stage's metadata name, and reads a stage
 * from the folder that its uid names.
 */
public final class SavedStages {
    private static final String PIPELINE = "org.apache.spark.ml.PipelineModel";

    private SavedStages() {}

    /**
     * A stage.
     *
     * @param type the name of its class
     */
    public record Stage(Storage folder, String type) {
        public boolean isPipeline() {
            return type.equals(PIPELINE);
        }
    }

    /**
     * The stages of a pipeline in their order.
     *
     * @throws InvalidInput if the folder holds no pipeline, or one with paths as uids
     */
    public static List<Stage> of(Storage folder) throws IOException {
        JsonNode pipeline = metadata(folder);
        JsonNode uids = pipeline.path("paramMap").path("stageUids");
        Require.that(
                pipeline.path("class").asText().equals(PIPELINE) && !uids.isEmpty(),
                folder + " must hold a pipeline of stages, but does not");
        for (JsonNode uid : uids) {
            Require.that(
                    uid.asText().matches("\\w+"),
                    folder + " must name its stages in letters and digits, but has " + uid);
        }
        List<Stage> stages = new ArrayList<>();
        Storage all = folder.child("stages");
        for (String name : all.names()) {
            Storage stage = all.child(name);
            stages.add(new Stage(stage, metadata(stage).path("class").asText()));
        }
        return stages;
    }

    private static JsonNode metadata(Storage stage) throws IOException {
        Storage metadata = stage.child("metadata");
        StringBuilder text = new StringBuilder();
        for (String name : metadata.names()) {
            if (!name.startsWith("_") && !name.startsWith(".")) {
                text.append(metadata.child(name).text());
            }
        }
        return json(text.toString(), metadata.toString());
    }

    /**
     * Parses a file of a model.
     *
     * @param file its name, for the message
     */
    public static JsonNode json(String text, String file) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new InvalidInput(file + " must be JSON, but is not: " + e.getOriginalMessage());
        }
    }
}
