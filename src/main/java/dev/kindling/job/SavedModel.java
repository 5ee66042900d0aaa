package dev.kindling.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Require;
import dev.kindling.ml.MlpClassificationModel;
import dev.kindling.ml.MlpRegressionModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.PredictionModel;
import org.apache.spark.ml.Transformer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * What a model folder holds: a {@link PipelineModel} of the preparation's stages and the network, and in
 * {@code kindling.json} what the columns are that it takes:
 *
 * <pre>{@code
 * {"format": "kindling model", "version": 1, "task": "classification",
 *  "inputs": [{"name": "age", "kind": "number", "role": "feature"}, …]}
 * }</pre>
 */
record SavedModel(Task task, Inputs inputs, Preparation preparation, Transformer network) {
    private static final String FORMAT = "kindling model";
    private static final int VERSION = 1;
    private static final String DESCRIPTION = "kindling.json";

    /** Whether a folder with these names in it is a model's. */
    static boolean isModel(List<String> names) {
        return names.contains(DESCRIPTION);
    }

    /** @param rows of the columns that the pipeline takes; they are not read */
    void save(Storage folder, Dataset<Row> rows) throws IOException {
        List<PipelineStage> stages = new ArrayList<>(preparation.stages());
        stages.add(network);
        new Pipeline()
                .setStages(stages.toArray(new PipelineStage[0]))
                .fit(rows) // all stages are fitted: this only strings them together
                .write()
                .save(folder.uri());
        folder.child(DESCRIPTION).write(describe().toPrettyString() + "\n");
    }

    private ObjectNode describe() {
        ObjectNode description = new ObjectMapper()
                .createObjectNode()
                .put("format", FORMAT)
                .put("version", VERSION)
                .put("task", task.toString());
        ArrayNode columns = description.putArray("inputs");
        for (Input input : inputs.all()) {
            columns.addObject()
                    .put("name", input.name())
                    .put("kind", input.kind().toString())
                    .put("role", input.role().toString());
        }
        return description;
    }

    /** @throws InvalidInput where there is no model, or none that this version can read */
    static SavedModel load(SparkSession spark, String path) throws IOException {
        Storage folder = Storage.of(spark, path);
        Require.that(folder.exists(), "there is no folder " + folder);
        Storage file = folder.child(DESCRIPTION);
        Require.that(
                file.exists(),
                folder + " must hold a model that kindling train saved, but has no " + DESCRIPTION + " in it");
        try {
            JsonNode description = new ObjectMapper().readTree(file.text());
            requireVersion(file, description);
            Task task = constant(Task.class, description.path("task"));
            List<Input> inputs = new ArrayList<>();
            for (JsonNode column : description.path("inputs")) {
                inputs.add(new Input(
                        column.path("name").asText(),
                        constant(Input.Kind.class, column.path("kind")),
                        constant(Input.Role.class, column.path("role"))));
            }
            Transformer[] stages = PipelineModel.load(folder.uri()).stages();
            List<Transformer> preparation = Arrays.asList(stages).subList(0, stages.length - 1);
            Transformer network = stages[stages.length - 1];
            if (network instanceof MlpClassificationModel model) {
                return new SavedModel(
                        task,
                        new Inputs(inputs),
                        new Preparation(preparation, model.getFeaturesCol(), model.getLabelCol()),
                        network);
            }
            if (network instanceof MlpRegressionModel model) {
                return new SavedModel(
                        task,
                        new Inputs(inputs),
                        new Preparation(preparation, model.getFeaturesCol(), model.getLabelCol()),
                        network);
            }
            throw new InvalidInput(folder + " must hold a model of Kindling, but holds a "
                    + network.getClass().getName());
        } catch (InvalidInput e) {
            throw e;
        } catch (JsonProcessingException e) {
            throw new InvalidInput(file + " must be JSON, but is not: " + e.getOriginalMessage());
        } catch (RuntimeException e) {
            // Spark's readers fail with whatever a missing or damaged part leads to
            throw new InvalidInput(folder + " must hold an intact model, but: " + Failure.rootSentence(e));
        }
    }

    private static void requireVersion(Storage file, JsonNode description) {
        Require.that(
                description.path("format").asText().equals(FORMAT)
                        && description.path("version").asInt() == VERSION,
                file + " must describe a " + FORMAT + " of version " + VERSION + ", the one that can be read here, but"
                        + " its format is " + description.path("format") + " and its version "
                        + description.path("version"));
    }

    private static <E extends Enum<E>> E constant(Class<E> type, JsonNode name) {
        return Enum.valueOf(type, name.asText().toUpperCase(Locale.ROOT));
    }

    /** The size of the vectors that the model takes as they are, or 0 if it takes other columns. */
    int vectorSize() {
        List<Input> features = inputs.features();
        boolean asTheyAre = features.size() == 1 && features.get(0).kind() == Input.Kind.VECTOR;
        return asTheyAre && network instanceof PredictionModel<?, ?> model ? model.numFeatures() : 0;
    }
}
