package dev.kindling.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Require;
import dev.kindling.nn.Block;
import dev.kindling.safetensors.DamagedFile;
import dev.kindling.safetensors.TensorFile;
import dev.kindling.safetensors.TensorFile.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A model in one file of safetensors: the parameters as tensors, all else in the metadata.
 *
 * @param parameters of all members
 * @param classes the names of a classifier's classes, in the order of their indices; else empty
 * @param thresholds of the classes; empty: none
 * @param table how the features are made of raw columns, in JSON; null where a row has the features
 */
@SuppressWarnings("ArrayRecordComponent") // borrowed; never compared
public record ModelFile(
        NetworkDescription description,
        float[] parameters,
        List<String> classes,
        double[] thresholds,
        @Nullable String table) {

    /** Its name in the folder of a saved model. */
    public static final String NAME = "model.safetensors";

    private static final String FORMAT = "kindling.format";
    private static final String VERSION = "1";
    private static final String NETWORK = "kindling.network";
    private static final String CLASSES = "kindling.classes";
    private static final String THRESHOLDS = "kindling.thresholds";
    private static final String TABLE = "kindling.table";

    public ModelFile {
        Require.that(
                parameters.length == description.ensemble().parameterCount(),
                "a model must have the " + description.ensemble().parameterCount()
                        + " parameters of its network, but has " + parameters.length);
        Require.that(
                classes.size() == description.classes(),
                "a model must name its " + description.classes() + " classes, but names " + classes.size());
        Require.that(
                thresholds.length == 0 || thresholds.length == description.classes(),
                "a model must have a threshold for each of its " + description.classes() + " classes, but has "
                        + thresholds.length);
    }

    /** The tensors' names are those of the model's {@code weights()}, and their shapes (inputs, outputs). */
    public void write(OutputStream out) throws IOException {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put(FORMAT, VERSION);
        metadata.put(NETWORK, description.toJson());
        if (!classes.isEmpty()) {
            ArrayNode names = new ObjectMapper().createArrayNode();
            classes.forEach(names::add);
            metadata.put(CLASSES, names.toString());
        }
        if (thresholds.length > 0) {
            metadata.put(THRESHOLDS, Arrays.toString(thresholds));
        }
        if (table != null) {
            metadata.put(TABLE, table);
        }
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (Block block : description.ensemble().layout()) {
            boolean isRow = block.rows() == 1 && block.role() != Block.Role.WEIGHT;
            long[] shape = isRow ? new long[] {block.columns()} : new long[] {block.rows(), block.columns()};
            tensors.put(block.name(), new Tensor(parameters, block.offset(), block.size(), shape));
        }
        new TensorFile(metadata, tensors).write(out);
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @param length of the file in bytes
     * @param file its name, for messages
     * @throws InvalidInput if it is another file, or a damaged one
     */
    public static ModelFile read(InputStream in, long length, String file) throws IOException {
        TensorFile read;
        try {
            read = TensorFile.read(in, length);
        } catch (DamagedFile e) {
            throw new InvalidInput(file + " must hold an intact model that Kindling wrote, but it " + e.getMessage());
        }
        Map<String, String> metadata = read.strings();
        Require.that(
                VERSION.equals(metadata.get(FORMAT)) && metadata.containsKey(NETWORK),
                file + " must be a model of Kindling's of format " + VERSION + ", which this version reads, but its "
                        + FORMAT + " is " + metadata.get(FORMAT));
        NetworkDescription description = NetworkDescription.parse(text(metadata, NETWORK), file);
        float[] parameters = new float[description.ensemble().parameterCount()];
        for (Block block : description.ensemble().layout()) {
            Tensor tensor = read.tensors().get(block.name());
            if (tensor == null || tensor.length != block.size() || !(tensor.values instanceof float[] values)) {
                throw new InvalidInput(
                        file + " must have a tensor " + block.name() + " of " + block.size() + " numbers");
            }
            System.arraycopy(values, tensor.offset, parameters, block.offset(), block.size());
        }
        List<String> classes = new ArrayList<>();
        for (JsonNode name : array(metadata, CLASSES, file)) {
            classes.add(name.asText());
        }
        List<Double> thresholds = new ArrayList<>();
        for (JsonNode threshold : array(metadata, THRESHOLDS, file)) {
            thresholds.add(threshold.asDouble());
        }
        return new ModelFile(
                description,
                parameters,
                classes,
                thresholds.stream().mapToDouble(Double::doubleValue).toArray(),
                metadata.get(TABLE));
    }

    /** The sentence for a model's folder that lacks the file. */
    public static String missing(String folder) {
        return folder + " must have a file " + NAME + ", but has none; kindling export --model " + folder
                + " --output FILE.safetensors writes it for a model of an earlier release";
    }

    private static String text(Map<String, String> metadata, String key) {
        return metadata.getOrDefault(key, "");
    }

    private static JsonNode array(Map<String, String> metadata, String key, String file) {
        return NetworkDescription.json(metadata.getOrDefault(key, "[]"), file);
    }
}
