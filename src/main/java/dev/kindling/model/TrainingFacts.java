package dev.kindling.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kindling.linalg.Require;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a model was trained, for those who meet it later. No times are among it: the same fit writes the same file.
 *
 * @param version of Kindling
 * @param rows the number of rows trained on
 * @param validationRows the number of rows validated on
 * @param epochs the number of epochs; of several members, the first's
 * @param bestEpoch the number, from 1, of the epoch whose weights were kept
 * @param stopReason {@code epochs}, {@code earlyStopping} or {@code converged}
 * @param validationLoss the mean loss on the rows validated on; NaN without any
 * @param metric the name of the metric reported beside the loss
 * @param validationMetric the metric on those rows; NaN without any
 * @param features the names of the features; empty where the data had none, or too many
 */
public record TrainingFacts(
        String version,
        long rows,
        long validationRows,
        int epochs,
        int bestEpoch,
        String stopReason,
        double validationLoss,
        String metric,
        double validationMetric,
        List<String> features)
        implements Serializable {
    private static final int MOST_NAMES = 10_000;

    public TrainingFacts {
        features = features.size() > MOST_NAMES ? List.of() : List.copyOf(features);
    }

    /** What {@link #of} reads; NaN is left out. */
    ObjectNode toJson() {
        ObjectNode json = new ObjectMapper()
                .createObjectNode()
                .put("version", version)
                .put("rows", rows)
                .put("validationRows", validationRows)
                .put("epochs", epochs)
                .put("bestEpoch", bestEpoch)
                .put("stopReason", stopReason)
                .put("metric", metric);
        if (!Double.isNaN(validationLoss)) {
            json.put("validationLoss", validationLoss);
        }
        if (!Double.isNaN(validationMetric)) {
            json.put("validationMetric", validationMetric);
        }
        if (!features.isEmpty()) {
            ArrayNode names = json.putArray("features");
            features.forEach(names::add);
        }
        return json;
    }

    /** As texts by their names: the features' names are a JSON array, and NaN is left out. */
    public Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        ObjectNode json = toJson();
        json.fieldNames().forEachRemaining(name -> {
            JsonNode value = json.path(name);
            texts.put(name, value.isTextual() ? value.asText() : value.toString());
        });
        return texts;
    }

    static TrainingFacts of(JsonNode json) {
        List<String> features = new ArrayList<>();
        for (JsonNode name : json.path("features")) {
            Require.that(name.isTextual(), "the names of its features must be texts, but one is " + name);
            features.add(name.asText());
        }
        return new TrainingFacts(
                text(json, "version"),
                count(json, "rows", Long.MAX_VALUE),
                count(json, "validationRows", Long.MAX_VALUE),
                (int) count(json, "epochs", Integer.MAX_VALUE),
                (int) count(json, "bestEpoch", Integer.MAX_VALUE),
                text(json, "stopReason"),
                number(json, "validationLoss"),
                text(json, "metric"),
                number(json, "validationMetric"),
                features);
    }

    private static long count(JsonNode json, String name, long most) {
        JsonNode value = json.path(name);
        Require.that(
                value.canConvertToLong() && value.isIntegralNumber() && value.asLong() >= 0 && value.asLong() <= most,
                "the " + name + " of its training must be a count, but is " + shown(value));
        return value.asLong();
    }

    private static double number(JsonNode json, String name) {
        JsonNode value = json.path(name);
        Require.that(
                value.isMissingNode() || value.isNumber(),
                "the " + name + " of its training must be a number, but is " + shown(value));
        return value.asDouble(Double.NaN);
    }

    private static String text(JsonNode json, String name) {
        JsonNode value = json.path(name);
        Require.that(value.isTextual(), "the " + name + " of its training must be a text, but is " + shown(value));
        return value.asText();
    }

    private static String shown(JsonNode value) {
        return value.isMissingNode() ? "missing" : value.toString();
    }
}
