package dev.kindling.search;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kindling.linalg.SplitMix64;
import dev.kindling.report.Chromium;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of made-up searches. */
final class SearchPageTest {
    private static final String HOSTILE = "</script><script>alert(1)</script>";

    @TempDir
    Path folder;

    private final ObjectMapper mapper = new ObjectMapper();
    private final List<Double> scores = new ArrayList<>();

    private ObjectNode search(int trials, boolean larger) {
        SplitMix64 random = new SplitMix64(3);
        ObjectNode data = mapper.createObjectNode()
                .put("metric", larger ? "accuracy" : "loss")
                .put("larger", larger);
        ArrayNode params = data.putArray("params");
        ArrayNode rates =
                params.addObject().put("name", "stepSize").put("log", true).putArray("values");
        ArrayNode layers =
                params.addObject().put("name", "hiddenLayers").put("log", false).putArray("values");
        ArrayNode activations =
                params.addObject().put("name", HOSTILE).put("log", false).putArray("values");
        ArrayNode dropouts =
                params.addObject().put("name", "dropout").put("log", false).putArray("values");
        ArrayNode penalties =
                params.addObject().put("name", "regParam").put("log", true).putArray("values");
        ArrayNode batches =
                params.addObject().put("name", "batchSize").put("log", true).putArray("values");
        ArrayNode all = data.putArray("trials");
        int best = -1;
        for (int i = 0; i < trials; i++) {
            rates.add(Math.pow(10, -4 + 3 * random.nextDouble()));
            layers.add(i % 3 == 0 ? "64" : "128,64");
            activations.add(i % 4 == 0 ? HOSTILE : "relu");
            dropouts.add(0.2); // the same in each
            if (i % 5 == 0) {
                penalties.addNull();
            } else {
                penalties.add(i % 7 * 1e-4); // zero among them, which has no logarithm
            }
            batches.add(32 << i % 3);
            boolean diverged = i % 11 == 10;
            boolean stopped = i % 2 == 1;
            ObjectNode trial = all.addObject()
                    .put("number", i + 1)
                    .put("stage", stopped ? 1 : 2)
                    .put("epochs", stopped ? 3 : 9)
                    .put("state", diverged ? "diverged" : stopped ? "stopped" : "done");
            ArrayNode curve = trial.putArray("curve");
            if (diverged) {
                trial.putNull("score");
                continue;
            }
            double score = 0.1 + 0.8 * random.nextDouble();
            for (int epoch = 1; epoch <= (stopped ? 3 : 9); epoch++) {
                curve.addArray().add(epoch).add(score * (1 + 1.0 / epoch));
            }
            trial.put("score", score);
            scores.add(score);
            if (best < 0 || (larger ? score > scores.get(best) : score < scores.get(best))) {
                best = scores.size() - 1;
                data.put("best", i + 1);
            }
        }
        data.putArray("facts").addArray().add(HOSTILE).add("60");
        return data.put("advice", "Take " + HOSTILE + ".");
    }

    @Tag("slow")
    @Test
    void aTableOfAllTrialsStandsBelowTheirPictures() throws Exception {
        for (boolean larger : new boolean[] {false, true}) {
            scores.clear();
            ObjectNode data = search(60, larger);
            String page = SearchPage.of(data);
            assertThat(page).doesNotContain("<script>alert");
            Chromium shown = Chromium.draws(page, folder);
            assertThat(shown.figures())
                    .contains(
                            "All params at once", "Learning curves", "stepSize", "hiddenLayers", "regParam", "dropout")
                    .hasSize(8);
            scores.sort(larger ? Comparator.reverseOrder() : Comparator.naturalOrder());
            List<String> ranked = scores.stream().map(SearchPageTest::shown).toList();
            List<String> column =
                    shown.texts("<tr[^>]*><td><span[^>]*>\\d+</span></td><td><span class=\"name\" title=\"([^\"]*)\">");
            assertThat(column)
                    .hasSize(60)
                    .startsWith(ranked.toArray(String[]::new))
                    .endsWith("–");
            assertThat(shown.dom())
                    .contains("<h1>" + (larger ? "Accuracy " : "Loss ") + ranked.get(0) + ", the best of 60 trials")
                    .contains("Trial " + data.path("best").asInt() + " (best, stage ");
        }
    }

    /** As the page writes it, to four digits. */
    private static String shown(double score) {
        String digits = String.format(Locale.ROOT, "%.4f", score);
        return digits.replaceAll("0+$", "");
    }

    @Tag("slow")
    @Test
    void aSearchWithoutAScoreOrATrialHasAPageToo() throws Exception {
        ObjectNode none = search(0, false);
        none.putNull("best");
        assertThat(Chromium.draws(SearchPage.of(none), folder).dom()).contains("<h1>No trial has ended yet</h1>");
        ObjectNode diverged = search(0, false);
        diverged.putNull("best");
        diverged.withArray("params")
                .forEach(param -> ((ObjectNode) param).withArray("values").add(1));
        ObjectNode trial = diverged.withArray("trials")
                .addObject()
                .put("number", 1)
                .put("stage", 1)
                .put("epochs", 0)
                .put("state", "diverged")
                .putNull("score");
        trial.putArray("curve");
        assertThat(Chromium.draws(SearchPage.of(diverged), folder).dom()).contains("<h1>No trial has a score</h1>");
    }
}
