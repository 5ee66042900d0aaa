package dev.kindling.job;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kindling.job.storage.Storage;
import dev.kindling.ml.TrainingSummary;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The JSON file of {@code --metrics}. */
final class MetricsFile {
    private final ObjectNode json = new ObjectMapper().createObjectNode();

    MetricsFile training(TrainingSummary summary, int keptEpoch, int shards, String gemm) {
        json.put("rows", summary.rows())
                .put("validationRows", summary.validationRows())
                .put("epochs", summary.history().size())
                .put("keptEpoch", keptEpoch)
                .put("stopReason", summary.stopReason())
                .put("steps", summary.steps())
                .put("seconds", summary.seconds())
                .put("secondsPerEpoch", summary.secondsPerEpoch())
                .put("shards", shards)
                .put("gemm", gemm);
        return this;
    }

    MetricsFile scores(String name, Scores scores) {
        ObjectNode node = json.putObject(name);
        if (scores.rows() > 0) {
            node.put("rows", scores.rows());
        }
        scores.values().forEach((metric, value) -> putFinite(node, metric, value));
        if (!scores.classes().isEmpty()) {
            scores.classes().forEach(node.putArray("classes")::add);
            ArrayNode confusion = node.putArray("confusion");
            for (double[] row : scores.confusion()) {
                ArrayNode line = confusion.addArray();
                for (double count : row) {
                    line.add(count);
                }
            }
        }
        return this;
    }

    MetricsFile rows(long rows) {
        json.put("rows", rows);
        return this;
    }

    /** JSON has no NaN, so such a value is written as null. */
    private static void putFinite(ObjectNode node, String name, double value) {
        if (Double.isFinite(value)) {
            node.put(name, value);
        } else {
            node.putNull(name);
        }
    }

    void write(@Nullable Storage target) throws IOException {
        if (target != null) {
            target.write(json.toPrettyString() + "\n");
        }
    }
}
