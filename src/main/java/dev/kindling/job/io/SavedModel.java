package dev.kindling.job.io;

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
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.PredictionModel;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.feature.OneHotEncoderModel;
import org.apache.spark.ml.feature.StringIndexerModel;
import org.apache.spark.ml.feature.VectorAssembler;
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
public record SavedModel(ProblemType task, Inputs inputs, Preparation preparation, Transformer network) {
    private static final String FORMAT = "kindling model";
    private static final int VERSION = 1;
    private static final String DESCRIPTION = "kindling.json";

    /** A file of a model, by its path in the model's folder: Spark's parts and markers, with or without checksums. */
    private static final Pattern FILE = Pattern.compile("\\.?kindling\\.json(\\.crc)?"
            + "|(stages/\\d+_\\w+/)?(metadata|data|network|weights)/(\\.?part-[^/]*|\\.?_SUCCESS(\\.crc)?)");

    private static final Set<String> STAGES = Set.of(
            StringIndexerModel.class.getName(),
            OneHotEncoderModel.class.getName(),
            VectorAssembler.class.getName(),
            MlpClassificationModel.class.getName(),
            MlpRegressionModel.class.getName());

    /** Whether a folder with these names in it is a model's, perhaps with files of others. */
    static boolean isNamed(List<String> names) {
        return names.contains(DESCRIPTION);
    }

    /** Whether a folder with these files, by their relative paths, holds a model and nothing else. */
    public static boolean isModel(List<String> files) {
        return isNamed(files) && files.stream().allMatch(file -> FILE.matcher(file).matches());
    }

    /**
     * Writes the model.
     *
     * @param rows of the columns that the pipeline takes; they are not read
     */
    public void save(Storage folder, Dataset<Row> rows) throws IOException {
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

    /**
     * Reads a model.
     *
     * @throws InvalidInput where there is no model, or none that this version can read
     */
    public static SavedModel load(SparkSession spark, String path) throws IOException {
        Storage folder = Storage.of(spark, path);
        Require.that(folder.exists(), "there is no folder " + folder);
        Storage file = folder.child(DESCRIPTION);
        Require.that(
                file.exists(),
                folder + " must hold a model that kindling train saved, but has no " + DESCRIPTION + " in it");
        try {
            Description description = Description.parse(file.text(), file.toString());
            requireKnownStages(folder);
            Transformer[] stages = PipelineModel.load(folder.uri()).stages();
            Transformer network = stages[stages.length - 1];
            Class<?> kind = description.task == ProblemType.CLASSIFICATION
                    ? MlpClassificationModel.class
                    : MlpRegressionModel.class;
            if (!(network instanceof PredictionModel<?, ?> model) || !kind.isInstance(model)) {
                throw new InvalidInput(folder + " must hold a " + kind.getSimpleName() + " last, but holds a "
                        + network.getClass().getSimpleName());
            }
            Preparation preparation = new Preparation(
                    Arrays.asList(stages).subList(0, stages.length - 1), model.getFeaturesCol(), model.getLabelCol());
            preparation.requireSizes();
            return new SavedModel(description.task, description.inputs, preparation, network);
        } catch (InvalidInput e) {
            throw e;
        } catch (Exception e) {
            // Spark's readers fail with whatever a missing or damaged part leads to
            throw new InvalidInput(folder + " must hold an intact model, but: " + Failure.rootSentence(e));
        }
    }

    /**
     * Spark makes an object of whatever class a stage's metadata name, and looks for a stage in the folder that its uid
     * names: here, of none but a pipeline's own.
     */
    private static void requireKnownStages(Storage folder) throws IOException {
        JsonNode pipeline = metadata(folder);
        JsonNode uids = pipeline.path("paramMap").path("stageUids");
        Require.that(
                pipeline.path("class").asText().equals(PipelineModel.class.getName()) && !uids.isEmpty(),
                folder + " must hold a pipeline of stages, but does not");
        for (JsonNode uid : uids) {
            Require.that(
                    uid.asText().matches("\\w+"),
                    folder + " must name its stages in letters and digits, but has " + uid);
        }
        Storage stages = folder.child("stages");
        for (String name : stages.names()) {
            String kind = metadata(stages.child(name)).path("class").asText();
            Require.that(
                    STAGES.contains(kind),
                    folder + " must hold no stages but those of kindling train, but holds a " + kind);
        }
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

    private static JsonNode json(String text, String file) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new InvalidInput(file + " must be JSON, but is not: " + e.getOriginalMessage());
        }
    }

    /** What {@code kindling.json} says. */
    public record Description(ProblemType task, Inputs inputs) {

        /**
         * Reads a description.
         *
         * @param file that it is from, for messages
         * @throws InvalidInput for what this version cannot read
         */
        public static Description parse(String text, String file) {
            JsonNode json = json(text, file);
            Require.that(
                    json.path("format").asText().equals(FORMAT)
                            && json.path("version").isInt()
                            && json.path("version").asInt() == VERSION,
                    file + " must describe a " + FORMAT + " of version " + VERSION
                            + ", the one that can be read here, but its format is " + json.path("format")
                            + " and its version " + json.path("version"));
            ProblemType task = constant(ProblemType.values(), json.path("task"), file);
            List<Input> inputs = new ArrayList<>();
            for (JsonNode column : json.path("inputs")) {
                Require.that(
                        column.path("name").isTextual(),
                        file + " must name each column, but has " + column.path("name"));
                inputs.add(new Input(
                        column.path("name").asText(),
                        constant(Input.Kind.values(), column.path("kind"), file),
                        constant(Input.Role.values(), column.path("role"), file)));
            }
            try {
                Inputs all = new Inputs(inputs).check(task);
                Require.that(all.label().isPresent(), "there is no label");
                return new Description(task, all);
            } catch (InvalidInput e) {
                throw new InvalidInput(file + " must tell of the columns of a model, but: " + e.getMessage());
            }
        }

        private static <E> E constant(E[] constants, JsonNode name, String file) {
            for (E constant : constants) {
                if (constant.toString().equals(name.asText())) {
                    return constant;
                }
            }
            throw new InvalidInput(
                    file + " must hold one of " + List.of(constants) + " in each such place, but holds " + name);
        }
    }

    /** The size of the vectors that the model takes as they are, or 0 if it takes other columns. */
    public int vectorSize() {
        List<Input> features = inputs.features();
        boolean asTheyAre = features.size() == 1 && features.get(0).kind() == Input.Kind.VECTOR;
        return asTheyAre && network instanceof PredictionModel<?, ?> model ? model.numFeatures() : 0;
    }
}
