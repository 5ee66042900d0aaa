package dev.kindling.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Offsets;
import dev.kindling.linalg.Require;
import dev.kindling.loss.Loss;
import dev.kindling.nn.Layer;
import dev.kindling.nn.Network;
import dev.kindling.nn.ensemble.Ensemble;
import dev.kindling.spec.Spec;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The JSON description of a saved model's network: everything except the parameters.
 *
 * @param training null where it is not known: of models of earlier releases, and of those that were trained elsewhere
 */
public record NetworkDescription(
        Ensemble ensemble, int classes, String gemm, int shards, Offsets offsets, @Nullable TrainingFacts training) {
    // A model is written in the oldest format that can tell it, for earlier releases to read.
    private static final int PLAIN = 1;
    private static final int WITH_OFFSETS = 2;
    private static final int FORMAT = 3; // with members or a temperature

    private static final String OFFSETS = "offsets"; // features (columns, values) and targets
    private static final String MEMBERS = "members";
    private static final String TEMPERATURE = "temperature";
    private static final String TRAINING = "training";

    private int format() {
        if (!ensemble.isPlain()) {
            return FORMAT;
        }
        return offsets.isNone() ? PLAIN : WITH_OFFSETS;
    }

    /** What {@link #parse} reads. */
    public String toJson() {
        Network network = ensemble.network();
        ObjectNode description = new ObjectMapper()
                .createObjectNode()
                .put("format", format())
                .put("inputs", network.inputs())
                .put("layers", Spec.printAll(network.layers()))
                .put("loss", Spec.print(ensemble.loss()))
                .put("classes", classes)
                .put("parameters", network.parameterCount())
                .put("gemm", gemm)
                .put("shards", shards);
        if (ensemble.members() > 1) {
            description.put(MEMBERS, ensemble.members());
        }
        if (ensemble.temperature() != 1) {
            description.put(TEMPERATURE, ensemble.temperature());
        }
        addOffsets(description);
        if (training != null) {
            description.set(TRAINING, training.toJson());
        }
        return description.toString();
    }

    private static Ensemble ensemble(Network network, Loss loss, JsonNode json) {
        int members = json.has(MEMBERS) ? number(json, MEMBERS) : 1;
        JsonNode temperature = json.path(TEMPERATURE);
        Require.that(
                temperature.isMissingNode() || temperature.isNumber(),
                TEMPERATURE + " must be a number, but is " + shown(temperature));
        return new Ensemble(network, loss, members, temperature.asDouble(1));
    }

    private void addOffsets(ObjectNode description) {
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
                        && json.path("format").asInt() >= PLAIN
                        && json.path("format").asInt() <= FORMAT,
                path + " must have a model format from " + PLAIN + " to " + FORMAT
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
                    ensemble(network, loss, json),
                    classes,
                    gemm,
                    Require.positive(number(json, "shards"), "the number of shards"),
                    offsets(json.path(OFFSETS), network.inputs(), classes > 0 ? 0 : network.outputs()),
                    json.has(TRAINING) ? TrainingFacts.of(json.path(TRAINING)) : null);
        } catch (InvalidInput e) {
            throw new InvalidInput(path + " must hold an intact model, but: " + e.getMessage());
        }
    }

    /** Parses a JSON text of a model. */
    public static JsonNode json(String text, String path) {
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
