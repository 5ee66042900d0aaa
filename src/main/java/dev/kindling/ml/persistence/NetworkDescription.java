package dev.kindling.ml.persistence;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kindling.data.Offsets;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Require;
import dev.kindling.loss.Loss;
import dev.kindling.nn.Layer;
import dev.kindling.nn.Network;
import dev.kindling.spec.Spec;
import java.util.Arrays;

/** The JSON description of a saved model's network: everything except the parameters. */
public record NetworkDescription(Network network, Loss loss, int classes, String gemm, int shards, Offsets offsets) {
    /** A model without offsets is written as before there were any, for earlier releases to read. */
    private static final int WITHOUT_OFFSETS = 1;

    private static final int FORMAT = 2;
    private static final String OFFSETS = "offsets"; // features (columns, values) and targets

    static int format(Offsets offsets) {
        return offsets.isNone() ? WITHOUT_OFFSETS : FORMAT;
    }

    /** Adds the offsets, if there are any. */
    static void write(Offsets offsets, ObjectNode description) {
        if (offsets.isNone()) {
            return;
        }
        ObjectNode to = description.putObject(OFFSETS);
        ArrayNode columns = to.putArray("columns");
        ArrayNode values = to.putArray("values");
        for (int column : offsets.columns()) {
            columns.add(column);
            values.add(offsets.feature(column));
        }
        ArrayNode targets = to.putArray("targets");
        for (int j = 0; j < offsets.targets(); j++) {
            targets.add(offsets.target(j));
        }
    }

    private static Offsets offsets(JsonNode json, int inputs, int targets) {
        double[] columns = numbers(json.path("columns"));
        double[] values = numbers(json.path("values"));
        double[] ofTargets = numbers(json.path("targets"));
        Require.that(
                columns.length == values.length && (ofTargets.length == 0 || ofTargets.length == targets),
                "it must have an offset for each column it lists, and for all targets or none");
        for (int k = 0; k < columns.length; k++) {
            double least = k == 0 ? 0 : columns[k - 1] + 1;
            Require.that(
                    columns[k] >= least && columns[k] < inputs && columns[k] == Math.rint(columns[k]),
                    "the columns of its offsets must be inputs in ascending order, but one is " + columns[k]);
        }
        return new Offsets(Arrays.stream(columns).mapToInt(j -> (int) j).toArray(), values, ofTargets);
    }

    private static double[] numbers(JsonNode array) {
        double[] values = new double[array.size()];
        for (int i = 0; i < values.length; i++) {
            Require.that(array.path(i).isNumber(), "its offsets must be numbers, but one is " + shown(array.path(i)));
            values[i] = Require.finite(array.path(i).asDouble(), "each of its offsets");
        }
        return values;
    }

    /**
     * Reads a description.
     *
     * @param path the model's path, for messages
     * @throws InvalidInput for text that is not a description, and for an impossible network
     */
    public static NetworkDescription parse(String text, String path) {
        JsonNode json = json(text, path);
        Require.that(
                json.path("format").isInt()
                        && json.path("format").asInt() >= WITHOUT_OFFSETS
                        && json.path("format").asInt() <= FORMAT,
                path + " must have a model format from " + WITHOUT_OFFSETS + " to " + FORMAT
                        + ", those this version reads, but has "
                        + shown(json.path("format")));
        try {
            Network network = Network.of(number(json, "inputs"), Spec.parseAll(Layer.class, text(json, "layers")));
            Loss loss = Spec.parse(Loss.class, text(json, "loss"));
            int classes = Require.nonNegative(number(json, "classes"), "the number of classes");
            Require.that(
                    loss.isClassification() == classes > 0
                            && loss.fits(network.outputs(), classes)
                            && (classes == 0 || loss.outputs(classes) == network.outputs()),
                    "its network must have the outputs that " + Spec.name(loss) + " needs for " + classes
                            + " classes, but has " + network.outputs());
            Require.that(
                    number(json, "parameters") == network.parameterCount(),
                    "its network must have the " + json.path("parameters") + " parameters it tells of, but has "
                            + network.parameterCount());
            String gemm = text(json, "gemm");
            Require.that(gemm.matches("[a-z]{1,20}"), "its gemm must be the name of a GEMM backend");
            return new NetworkDescription(
                    network,
                    loss,
                    classes,
                    gemm,
                    Require.positive(number(json, "shards"), "the number of shards"),
                    offsets(json.path(OFFSETS), network.inputs(), classes > 0 ? 0 : network.outputs()));
        } catch (InvalidInput e) {
            throw new InvalidInput(path + " must hold an intact model, but: " + e.getMessage());
        }
    }

    /** Parses a JSON text of a model. */
    static JsonNode json(String text, String path) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new InvalidInput(path + " must describe its model in JSON, but does not: " + e.getOriginalMessage());
        }
    }

    private static int number(JsonNode json, String key) {
        JsonNode value = json.path(key);
        Require.that(value.isInt(), key + " must be a whole number, but is " + shown(value));
        return value.asInt();
    }

    private static String text(JsonNode json, String key) {
        JsonNode value = json.path(key);
        Require.that(value.isTextual(), key + " must be a text, but is " + shown(value));
        return value.asText();
    }

    private static String shown(JsonNode value) {
        return value.isMissingNode() ? "missing" : value.isContainerNode() ? "something else" : value.toString();
    }
}
