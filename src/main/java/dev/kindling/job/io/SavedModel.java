package dev.kindling.job.io;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kindling.job.storage.Failure;
import dev.kindling.job.storage.SavedStages;
import dev.kindling.job.storage.Storage;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Require;
import dev.kindling.ml.MlpClassificationModel;
import dev.kindling.ml.MlpModel;
import dev.kindling.ml.MlpRegressionModel;
import dev.kindling.ml.persistence.OnnxFile;
import dev.kindling.model.ModelFile;
import dev.kindling.table.TableVectorizerModel;
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
import org.jspecify.annotations.Nullable;

/**
 * The content of a model folder: a {@link PipelineModel} of the preprocessor's stages and the network, and {@code
 * kindling.json}, which describes the columns it takes:
 *
 * <pre>{@code
 * {"format": "kindling model", "version": 3, "task": "classification",
 *  "inputs": [{"name": "age", "kind": "raw_number", "role": "feature"}, …]}
 * }</pre>
 */
public record SavedModel(ProblemType task, InputColumns inputs, Preprocessor preprocessor, Transformer network) {
    private static final String FORMAT = "kindling model";

    /**
     * Version 3 knows raw columns, which a table vectorizer reads; version 2, labels of whole numbers and of booleans; those of
     * version 1 are numbers or text.
     */
    private static final int VERSION = 3;

    /** A file of a model, by its path in the model's folder: Spark's parts and markers, with or without checksums. */
    private static final Pattern FILE = Pattern.compile("\\.?(kindling\\.json|model\\.safetensors)(\\.crc)?"
            + "|(stages/\\d+_\\w+/)?(metadata|data|network|weights)/(\\.?part-[^/]*|\\.?_SUCCESS(\\.crc)?)");

    private static final Set<String> STAGES = Set.of(
            StringIndexerModel.class.getName(),
            OneHotEncoderModel.class.getName(),
            VectorAssembler.class.getName(),
            TableVectorizerModel.class.getName(),
            MlpClassificationModel.class.getName(),
            MlpRegressionModel.class.getName());

    /** Whether a folder with these files, by their relative paths, holds a model and nothing else. */
    public static boolean isModel(List<String> files) {
        return files.contains(Storage.MODEL_FILE)
                && files.stream().allMatch(file -> FILE.matcher(file).matches());
    }

    /**
     * Writes the model.
     *
     * @param rows rows with the pipeline's columns; only their schema is used
     */
    public void save(Storage folder, Dataset<Row> rows) throws IOException {
        List<PipelineStage> stages = new ArrayList<>(preprocessor.stages());
        stages.add(network);
        new Pipeline()
                .setStages(stages.toArray(new PipelineStage[0]))
                .fit(rows) // all stages are fitted: this only combines them
                .write()
                .save(folder.uri());
        ModelFile file = plainFile(takesTable());
        folder.child(ModelFile.NAME).write(file::write);
        folder.child(Storage.MODEL_FILE).write(describe().toPrettyString() + "\n");
    }

    private ObjectNode describe() {
        ObjectNode description = new ObjectMapper()
                .createObjectNode()
                .put("format", FORMAT)
                .put("version", VERSION)
                .put("task", task.toString());
        ArrayNode columns = description.putArray("inputs");
        for (InputColumn input : inputs.all()) {
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
     * @throws InvalidInput if there is no model, or none that this version can read
     */
    public static SavedModel load(SparkSession spark, String path) throws IOException {
        Storage folder = Storage.of(spark, path);
        Require.that(folder.exists(), "there is no folder " + folder);
        Storage file = folder.child(Storage.MODEL_FILE);
        Require.that(
                file.exists(),
                folder + " must hold a model that kindling train saved, but has no " + Storage.MODEL_FILE);
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
            Preprocessor preprocessor = new Preprocessor(
                    description.inputs,
                    Arrays.asList(stages).subList(0, stages.length - 1),
                    model.getFeaturesCol(),
                    model.getLabelCol());
            preprocessor.requireSizes();
            return new SavedModel(description.task, description.inputs, preprocessor, network);
        } catch (InvalidInput e) {
            throw e;
        } catch (Exception e) {
            // Spark's readers throw many kinds of exceptions for a missing or damaged part
            throw new InvalidInput(folder + " must hold an intact model, but: " + Failure.rootSentence(e));
        }
    }

    /** Refuses foreign classes, before Spark loads the stages. */
    private static void requireKnownStages(Storage folder) throws IOException {
        for (SavedStages.Stage stage : SavedStages.of(folder)) {
            Require.that(
                    STAGES.contains(stage.type()),
                    folder + " must hold only stages of kindling train, but holds a " + stage.type());
        }
    }

    /** The content of {@code kindling.json}. */
    public record Description(ProblemType task, InputColumns inputs) {

        /**
         * Reads a description.
         *
         * @param file its file, for messages
         * @throws InvalidInput if this version cannot read it
         */
        public static Description parse(String text, String file) {
            JsonNode json = SavedStages.json(text, file);
            Require.that(
                    json.path("format").asText().equals(FORMAT)
                            && json.path("version").isInt()
                            && json.path("version").asInt() >= 1
                            && json.path("version").asInt() <= VERSION,
                    file + " must describe a " + FORMAT + " of version 1 to " + VERSION
                            + ", which this release reads, but its format is " + json.path("format")
                            + " and its version " + json.path("version"));
            ProblemType task = constant(ProblemType.values(), json.path("task"), file);
            List<InputColumn> inputs = new ArrayList<>();
            for (JsonNode column : json.path("inputs")) {
                Require.that(
                        column.path("name").isTextual(),
                        file + " must name each column, but has " + column.path("name"));
                inputs.add(new InputColumn(
                        column.path("name").asText(),
                        constant(InputColumn.Kind.values(), column.path("kind"), file),
                        constant(InputColumn.Role.values(), column.path("role"), file)));
            }
            try {
                InputColumns all = new InputColumns(inputs).check(task);
                Require.that(all.label().isPresent(), "there is no label");
                return new Description(task, all);
            } catch (InvalidInput e) {
                throw new InvalidInput(file + " must describe the columns of a model, but: " + e.getMessage());
            }
        }

        private static <E> E constant(E[] constants, JsonNode name, String file) {
            for (E constant : constants) {
                if (constant.toString().equals(name.asText())) {
                    return constant;
                }
            }
            throw new InvalidInput(
                    file + " must hold one of " + List.of(constants) + " as task, kind or role, but holds " + name);
        }
    }

    /** The classes in the order of their indices, as the data have them; empty for a regression. */
    public List<String> classes() {
        return network instanceof MlpClassificationModel classifier
                ? preprocessor.classes(classifier.numClasses())
                : List.of();
    }

    /** Whether a table vectorizer alone makes the features. */
    public boolean takesTable() {
        return preprocessor.withoutLabel().stages().size() == 1
                && preprocessor.withoutLabel().stages().get(0) instanceof TableVectorizerModel;
    }

    /**
     * The model as a graph of ONNX.
     *
     * @param asTable whether it takes raw columns; else, features
     */
    public OnnxFile onnx(boolean asTable) {
        return ((MlpModel) network).onnx(classes(), table(asTable));
    }

    /** The same as a file that needs no Spark to be read. */
    public ModelFile plainFile(boolean asTable) {
        return ((MlpModel) network).plainFile(classes(), table(asTable));
    }

    private @Nullable TableVectorizerModel table(boolean asTable) {
        TableVectorizerModel table = takesTable()
                ? (TableVectorizerModel) preprocessor.withoutLabel().stages().get(0)
                : null;
        Require.that(
                !asTable || table != null,
                "--form table is for models whose features a table vectorizer makes of raw columns, but this one takes "
                        + "other features; use --form network");
        return asTable ? table : null;
    }

    /** The vector size if the model takes a single vector column, otherwise 0. */
    public int vectorSize() {
        List<InputColumn> features = inputs.features();
        boolean asTheyAre = features.size() == 1 && features.get(0).kind() == InputColumn.Kind.VECTOR;
        return asTheyAre && network instanceof PredictionModel<?, ?> model ? model.numFeatures() : 0;
    }
}
