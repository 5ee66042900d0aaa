package dev.kindling.job.scores;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kindling.job.storage.Storage;
import dev.kindling.loss.ClassFigures;
import dev.kindling.ml.TrainingSummary;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The JSON file of {@code --metrics}. */
public final class MetricsFile {
    private final ObjectNode json = new ObjectMapper().createObjectNode();

    public MetricsFile training(TrainingSummary summary, int keptEpoch, int shards, String gemm) {
        json.put("rows", summary.rows())
                .put("validationRows", summary.validationRows())
                .put("epochs", summary.history().size())
                .put("monitor", summary.monitor())
                .put("keptEpoch", keptEpoch)
                .put("stopReason", summary.stopReason())
                .put("steps", summary.steps())
                .put("seconds", summary.seconds())
                .put("secondsPerEpoch", summary.secondsPerEpoch())
                .put("shards", shards)
                .put("gemm", gemm);
        return this;
    }

    /** Adds scores under the name of the rows, such as {@code test}. */
    public MetricsFile scores(String name, Scores scores) {
        ObjectNode node = json.putObject(name);
        if (scores.rows() > 0) {
            node.put("rows", scores.rows());
        }
        scores.values().forEach((metric, value) -> putFinite(node, metric, value));
        if (!scores.classes().isEmpty()) {
            scores.classes().forEach(node.putArray("classes")::add);
            ArrayNode each = node.putArray("perClass");
            for (int c = 0; c < scores.figures().size(); c++) {
                ClassFigures figures = scores.figures().get(c);
                each.addObject()
                        .put("class", scores.classes().get(c))
                        .put("precision", figures.precision())
                        .put("recall", figures.recall())
                        .put("f1", figures.f1())
                        .put("support", figures.support());
            }
            if (scores.charts().confusion().length == 0) {
                return this; // there are too many classes for a matrix
            }
            ArrayNode confusion = node.putArray("confusion");
            for (double[] row : scores.charts().confusion()) {
                ArrayNode line = confusion.addArray();
                for (double count : row) {
                    line.add(count);
                }
            }
        }
        return this;
    }

    public MetricsFile rows(long rows) {
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

    public void write(@Nullable Storage target) throws IOException {
        if (target != null) {
            target.write(json.toPrettyString() + "\n");
        }
    }
}
