package dev.kindling.ml.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Require;
import dev.kindling.loss.Loss;
import dev.kindling.nn.Layer;
import dev.kindling.nn.Network;
import dev.kindling.spec.Spec;

/** The JSON description of a saved model's network: everything except the parameters. */
public record NetworkDescription(Network network, Loss loss, int classes, String gemm, int shards) {
    static final int FORMAT = 1;

    /**
     * Reads a description.
     *
     * @param path the model's path, for messages
     * @throws InvalidInput for text that is not a description, and for an impossible network
     */
    public static NetworkDescription parse(String text, String path) {
        JsonNode json = json(text, path);
        Require.that(
                json.path("format").isInt() && json.path("format").asInt() == FORMAT,
                path + " must have model format " + FORMAT + ", the one this version reads, but has "
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
                    network, loss, classes, gemm, Require.positive(number(json, "shards"), "the number of shards"));
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
