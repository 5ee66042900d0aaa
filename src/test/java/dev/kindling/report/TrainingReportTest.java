package dev.kindling.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kindling.InOneJvm;
import dev.kindling.LocalSpark;
import dev.kindling.ml.MlpClassifier;
import dev.kindling.ml.MlpRegressor;
import dev.kindling.table.TableVectorizer;
import dev.kindling.train.DivergenceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page as a file: what it holds, that it asks nothing of a network, and that a browser draws it. */
@Tag("one-line")
@InOneJvm
final class TrainingReportTest {
    private static final String NOTES = "<p class=\"note\">([^<]*)";
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
                .setPreset("none")
                .setHiddenLayers(4)
                .setMaxIter(3)
                .setNumShards(2)
                .setValidationIndicatorCol("held")
                .setListener(report)
                .fit(rows());
        PredictedRows predicted = new PredictedRows(3);
        for (int row = 0; row < 30; row++) {
            predicted.add(new double[] {0.2 + 0.01 * row, 0.1, 0.7 - 0.01 * row}, row % 3, row < 25 ? 2 : 0);
        }
        report.evaluated("30 rows", false, Map.of("accuracy", 0.5), List.of("a", HOSTILE, "c"), predicted.charts());
        return report;
    }

    private static TrainingReport regressed() {
        TrainingReport report = new TrainingReport();
        new MlpRegressor()
                .setPreset("none")
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
        assertThat(json.at("/weights/each/0/moved")).hasSize(3).allMatch(JsonNode::isNumber);
        assertThat(json.path("configuration").toString())
                .contains(
                        "[\"label\",",
                        "[\"network\",\"2 inputs: dense(",
                        "[\"optimizer\",\"adam(",
                        "[\"batch size\",",
                        "shards");
        assertThat(json.at("/evaluation/confusion/0/2").asInt()).isEqualTo(9);
        assertThat(json.at("/evaluation/curves")).hasSize(3);
        assertThat(json.at("/evaluation/predicted").toString()).isEqualTo("[5.0,0.0,25.0]");
        assertThat(json.at("/evaluation/recall/2").asDouble()).isCloseTo(0.8, within(1e-6));
    }

    /** A fit on columns of a table, with markup in a name and in a category. */
    private static TrainingReport vectorized() {
        TrainingReport report = new TrainingReport();
        Dataset<Row> table = LocalSpark.session()
                .range(90)
                .selectExpr(
                        "if(id % 10 = 0, null, id / 2) as size",
                        "array('red', 'blue', '" + HOSTILE + "')[id % 3] as `" + HOSTILE + "`",
                        "concat('note ', id) as note",
                        "cast(id % 2 as double) as label");
        new Pipeline()
                .setStages(new PipelineStage[] {
                    new TableVectorizer(),
                    new MlpClassifier().setHiddenLayers(4).setMaxIter(1).setListener(report)
                })
                .fit(table);
        return report;
    }

    @Test
    void theReportOfAPipelineTellsWhatWasDecidedAboutEachColumn() {
        TrainingReport report = vectorized();
        assertThat(report.json().at("/columns/0").toString())
                .isEqualTo("[\"size\",\"number\",\"(x - 22.50) / 12.97\",2,"
                        + "\"median 22.50 where missing, and a flag (9 rows)\",\"\"]");
        assertThat(report.json().at("/columns/1/2").asText())
                .isEqualTo("one-hot: " + HOSTILE.substring(0, 30) + "…, blue, red");
        assertThat(report.json().at("/columns/2"))
                .extracting(JsonNode::asText)
                .startsWith("note", "id", "", "0", "")
                .last()
                .asString()
                .startsWith("left out: 90 different texts in 90 rows");
        new MlpClassifier().setHiddenLayers(4).setMaxIter(1).setListener(report).fit(rows());
        assertThat(report.json().path("columns")).as("of a fit without a table").isEmpty();
    }

    @Tag("slow")
    @Test
    void aBrowserShowsTheColumnsAndTheirMarkupAsText() throws Exception {
        Chromium shown = Chromium.draws(vectorized().page(), folder);
        assertThat(shown.texts("<summary>(3 columns[^<]*)"))
                .containsExactly("3 columns, 1 as number, 1 as category, 1 as id");
        assertThat(shown.texts("<td>(&lt;/script[^<]*)"))
                .containsExactly(HOSTILE.replace("<", "&lt;").replace(">", "&gt;"));
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

    @Tag("slow")
    @Test
    void aBrowserDrawsEveryChartWithoutAnError() throws Exception {
        for (TrainingReport report : List.of(classified(), regressed(), new TrainingReport())) {
            Chromium shown = Chromium.draws(report.page(), folder);
            List<String> figures = shown.figures();
            String evaluation = report.json().path("evaluation").toString();
            if (evaluation.contains("confusion")) {
                assertThat(figures)
                        .contains("Confusion matrix", "Each class", "ROC", "Calibration", "Loss")
                        .contains("Saturated outputs", "Dead units", "Gradient size", "relu1", "dense1", "dense2")
                        .doesNotContain(
                                "Gradient size by depth"); // of two layers, that is no more than the other tells
                assertThat(shown.dom()).contains("&lt;/script&gt;&lt;script&gt;alert(1)");
            } else if (evaluation.contains("residuals")) {
                assertThat(figures).contains("Predicted and true", "Residuals", "RMSE", "Update-to-weight ratio");
            } else {
                assertThat(figures).isEmpty();
            }
            assertThat(shown.dom()).doesNotContain("id=\"failure\"");
        }
    }

    private static MlpClassifier plain(int epochs) {
        return new MlpClassifier()
                .setPreset("none")
                .setHiddenLayers(4)
                .setBatchSize(30)
                .setMaxIter(epochs)
                .setNumShards(2);
    }

    @Tag("smoke")
    @Test
    void layersAreSeenBeforeTheFirstEpochAndAfterEachAndTheEndsAreShown() {
        for (int epochs : new int[] {1, 3, 70}) {
            TrainingReport report = new TrainingReport();
            plain(epochs).setListener(report).fit(rows());
            JsonNode layers = report.json().path("layers");
            JsonNode seen = layers.path("epochs");
            assertThat(seen.size()).isLessThanOrEqualTo(65);
            assertThat(seen.get(0).asInt()).isZero();
            assertThat(seen.get(seen.size() - 1).asInt()).isEqualTo(epochs);
            assertThat(layers.path("rows").asInt()).isEqualTo(120);
            assertThat(layers.at("/outputs/0/name").asText()).isEqualTo("relu1");
            assertThat(layers.at("/outputs/0/dead")).hasSize(seen.size()).allMatch(JsonNode::isNumber);
            assertThat(layers.at("/gradients")).hasSize(2);
            JsonNode histograms = layers.at("/gradients/1/histograms");
            assertThat(histograms).hasSize(Math.min(5, seen.size()));
            assertThat(histograms.get(0).path("epoch").asInt()).isZero();
            assertThat(histograms.get(histograms.size() - 1).path("epoch").asInt())
                    .isEqualTo(epochs);
        }
    }

    @Test
    void aReportChangesNoBitOfAFit() {
        MlpClassifier watched = plain(3).setDropout(0.3).setBatchNorm(true).setListener(new TrainingReport());
        assertThat(watched.fit(rows()).weights())
                .isEqualTo(
                        plain(3).setDropout(0.3).setBatchNorm(true).fit(rows()).weights());
    }

    @Tag("slow")
    @Test
    void ofANetworkTooLargeTheLayersAreLeftOutAndThePageSaysSo() throws Exception {
        TrainingReport report = new TrainingReport();
        plain(1).setHiddenLayers(70_000).setListener(report).fit(rows());
        assertThat(report.json().at("/layers/blind").asText())
                .startsWith("the network is too large")
                .contains("140003 layer outputs");
        assertThat(Chromium.draws(report.page(), folder).dom()).contains("No charts: the network is too large");
    }

    @Tag("slow")
    @Test
    void aRunThatDivergedLeavesItsPageWithWhatEndedItAndTheStepsBefore() throws Exception {
        TrainingReport report = new TrainingReport();
        MlpRegressor wild = new MlpRegressor()
                .setPreset("none")
                .setHiddenLayers(4, 4)
                .setActivation("identity")
                .setOptimizer("sgd")
                .setStepSize(3)
                .setBatchSize(30)
                .setMaxIter(50)
                .setNumShards(2)
                .setListener(report);
        assertThatThrownBy(() -> wild.fit(rows())).isInstanceOf(DivergenceException.class);
        JsonNode json = report.json();
        assertThat(json.path("failure").asText()).startsWith("training diverged: the ");
        assertThat(json.path("stopReason").asText()).isEmpty();
        JsonNode losses = json.at("/lastSteps/loss");
        assertThat(losses.size()).isGreaterThan(1);
        assertThat(losses.get(losses.size() - 1).asDouble())
                .isGreaterThan(losses.get(0).asDouble());
        Chromium shown = Chromium.draws(report.page(), folder);
        assertThat(shown.texts("id=\"failure\"><b>([^<]*)</b>training diverged"))
                .containsExactly("Training failed: ");
        assertThat(shown.texts("<h2>(The last \\d+ steps)")).hasSize(1);
        plain(1).setListener(report).fit(rows());
        assertThat(report.json().path("failure").asText())
                .as("of the fit that follows")
                .isEmpty();
    }

    @Tag("slow")
    @Test
    void whatFailsAfterTheRunIsSaidOfARunThatEnded() throws Exception {
        TrainingReport report = new TrainingReport();
        plain(1).setListener(report).fit(rows());
        Chromium shown = Chromium.draws(report.setFailure(HOSTILE).page(), folder);
        assertThat(shown.texts("id=\"failure\"><b>([^<]*)</b>&lt;/script&gt;"))
                .containsExactly("Training succeeded, but then failed: ");
        assertThat(shown.texts("<h1>(.*?)</h1>").get(0)).doesNotContain("so far");
    }

    @Tag("slow")
    @Test
    void deadUnitsAndVanishingGradientsAreSaidPlainly() throws Exception {
        TrainingReport report = new TrainingReport();
        plain(1).setHiddenLayers(8, 8, 8, 8, 8, 8, 8, 8, 8, 8)
                .setActivation("sigmoid")
                .setListener(report)
                .fit(rows());
        JsonNode gradients = report.json().at("/layers/gradients");
        assertThat(gradients).hasSize(11);
        double first = gradients.get(0).at("/size/0").asDouble();
        double last = gradients.get(10).at("/size/0").asDouble();
        assertThat(first / last).isPositive().isLessThan(1e-2);
        Chromium shown = Chromium.draws(report.page(), folder);
        assertThat(shown.figures()).contains("Gradient size by depth");
        assertThat(shown.texts(NOTES))
                .hasSize(1)
                .allMatch(note -> note.startsWith("Gradients vanish: the gradient at dense1 is"));

        report = new TrainingReport();
        plain(10).setHiddenLayers(16, 16).setStepSize(30).setListener(report).fit(rows());
        JsonNode dead = report.json().at("/layers/outputs/1/dead");
        assertThat(dead.get(0).asDouble()).isLessThan(0.4);
        assertThat(dead.get(dead.size() - 1).asDouble()).isGreaterThan(0.6);
        assertThat(Chromium.draws(report.page(), folder).texts(NOTES))
                .hasSize(1)
                .allMatch(note -> note.startsWith("Units are dead: "));
    }
}
