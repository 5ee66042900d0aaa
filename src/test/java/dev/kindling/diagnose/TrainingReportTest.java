package dev.kindling.diagnose;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kindling.Browser;
import dev.kindling.LocalSpark;
import dev.kindling.ml.MlpClassifier;
import dev.kindling.ml.MlpRegressor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page as a file: what it holds, that it asks nothing of a network, and that a browser draws it. */
final class TrainingReportTest {
    private static final String HOSTILE = "</script><script>alert(1)</script>";

    @TempDir
    Path folder;

    private static Dataset<Row> rows() {
        return LocalSpark.session()
                .range(120)
                .selectExpr(
                        "array(cast(id % 3 as float), cast(id % 7 as float)) as features",
                        "cast(id % 3 as double) as label", "id % 5 = 0 as held");
    }

    private static TrainingReport classified() {
        TrainingReport report = new TrainingReport().setData(HOSTILE).setFact("label", HOSTILE);
        new MlpClassifier()
                .setHiddenLayers(4)
                .setMaxIter(3)
                .setNumShards(2)
                .setValidationIndicatorCol("held")
                .setListener(report)
                .fit(rows());
        ClassTally tally = new ClassTally(3);
        for (int row = 0; row < 30; row++) {
            tally.add(new double[] {0.2 + 0.01 * row, 0.1, 0.7 - 0.01 * row}, row % 3, row < 25 ? 2 : 0, 1);
        }
        report.evaluated("30 rows", false, Map.of("accuracy", 0.5), List.of("a", HOSTILE, "c"), tally);
        return report;
    }

    private static TrainingReport regressed() {
        TrainingReport report = new TrainingReport();
        new MlpRegressor()
                .setHiddenLayers(4)
                .setMaxIter(3)
                .setNumShards(2)
                .setListener(report)
                .fit(rows());
        ValueSample sample = new ValueSample(new double[] {1, 2, 3}, new double[] {1.5, Double.NaN, 2}, false);
        report.evaluated("3 rows", true, Map.of("rmse", 0.5), sample);
        return report;
    }

    @Test
    void theDataTellOfEveryEpochAndTheWholeConfiguration() {
        JsonNode json = classified().json();
        assertThat(json.at("/epochs/number").toString()).isEqualTo("[1,2,3]");
        for (String column : List.of("trainingLoss", "validationLoss", "learningRate", "gradientNorm", "seconds")) {
            assertThat(json.path("epochs").path(column)).as(column).hasSize(3).allMatch(JsonNode::isNumber);
        }
        assertThat(json.path("keptEpoch").asInt()).isBetween(1, 3);
        assertThat(json.at("/weights/each")).hasSize(2);
        assertThat(json.at("/weights/each/0/moved")).hasSize(2).allMatch(JsonNode::isNumber);
        assertThat(json.path("configuration").toString())
                .contains(
                        "[\"label\",", "[\"layers\",\"dense(", "[\"optimizer\",\"adam(", "[\"batch size\",", "shards");
        assertThat(json.at("/evaluation/confusion/0/2").asInt()).isEqualTo(9);
        assertThat(json.at("/evaluation/curves")).hasSize(3);
    }

    @Test
    void whatIsNoNumberIsNull() {
        assertThat(regressed().json().at("/evaluation/predicted").toString()).isEqualTo("[1.5,null,2.0]");
    }

    @Test
    void namesOfUsersAreNeverMarkup() throws IOException {
        String page = classified().page();
        assertThat(page).doesNotContain("<script>alert").containsPattern("u003c/script\\\\u003e");
        assertThat(Pattern.compile("<script").matcher(page).results()).hasSize(3);
        String data = page.replaceFirst("(?s).*id=\"data\">", "").replaceFirst("(?s)</script>.*", "");
        assertThat(new ObjectMapper().readTree(data).at("/evaluation/classes/1").asText())
                .isEqualTo(HOSTILE);
    }

    @Test
    void thePageAsksNothingOfANetwork() {
        String page = classified().page();
        assertThat(page)
                .contains("default-src 'none'")
                .doesNotContain("sourceMappingURL", "@import", "XMLHttpRequest", "fetch(", "importScripts", "url(");
        String markup = page.replaceAll("(?s)(<script[^>]*>).*?</script>", "$1");
        assertThat(markup).doesNotContain("src=", "href=");
    }

    @Test
    void thePageReplacesAFileAndLeavesNothingBeside() throws IOException {
        Path file = folder.resolve("deep/report.html");
        TrainingReport report = classified();
        report.write(file);
        report.write(file);
        assertThat(Files.readString(file)).startsWith("<!DOCTYPE html>");
        try (Stream<Path> files = Files.list(file.getParent())) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void aBrowserDrawsEveryChartWithoutAnError() throws Exception {
        Browser browser = Browser.onPath(folder);
        for (TrainingReport report : List.of(classified(), regressed(), new TrainingReport())) {
            Path file = folder.resolve("report.html");
            report.write(file);
            String shown = browser.dom(file.toUri());
            assertThat(shown).contains("data-charts=").doesNotContain("data-error");
            long canvases = Pattern.compile("<canvas").matcher(shown).results().count();
            assertThat(shown).contains("data-charts=\"" + canvases + "\"");
            List<String> figures = Pattern.compile("<figcaption><b>([^<]*)")
                    .matcher(shown)
                    .results()
                    .map((MatchResult found) -> found.group(1))
                    .toList();
            String evaluation = report.json().path("evaluation").toString();
            if (evaluation.contains("confusion")) {
                assertThat(figures).contains("Confusion matrix", "Each class", "ROC", "Calibration", "Loss");
                assertThat(shown).contains("&lt;/script&gt;&lt;script&gt;alert(1)");
            } else if (evaluation.contains("residuals")) {
                assertThat(figures).contains("Predicted and true", "Residuals", "RMSE", "Update-to-weight ratio");
            } else {
                assertThat(figures).isEmpty();
            }
        }
    }
}
