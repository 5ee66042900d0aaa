package dev.kindling.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kindling.InOneJvm;
import dev.kindling.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code train --report}: that its figures are those of {@code --metrics}. */
@Tag("end-to-end")
@Tag("one-line")
@InOneJvm
final class RunReportTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private final Shell shell = new Shell();

    @BeforeAll
    static void startSpark() {
        LocalSpark.session();
    }

    private int train(Object... more) {
        List<Object> arguments =
                new ArrayList<>(List.of("train", "--epochs", "2", "--members", "1", "--hidden", "8", "--shards", "2"));
        arguments.addAll(List.of("--model", folder.resolve("model"), "--report", folder.resolve("report.html")));
        arguments.addAll(List.of("--metrics", folder.resolve("metrics.json"), "--overwrite"));
        arguments.addAll(List.of(more));
        return shell.run(arguments.toArray());
    }

    private JsonNode evaluation() throws IOException {
        return data().path("evaluation");
    }

    private JsonNode data() throws IOException {
        String page = Files.readString(folder.resolve("report.html"));
        String data = page.replaceFirst("(?s).*id=\"data\">", "").replaceFirst("(?s)</script>.*", "");
        return JSON.readTree(data);
    }

    @Test
    void theConfusionMatrixIsThatOfTheMetricsFileWeightsAndHostileLabelsIncluded() throws IOException {
        List<String> lines = new ArrayList<>(List.of("x,weight,kind"));
        for (int i = 0; i < 90; i++) {
            lines.add(i + "," + (1 + i % 2) + "," + (i < 40 ? "</script><script>alert(1)</script>" : "good"));
        }
        Path data = Files.write(folder.resolve("rows.csv"), lines);
        Object[] options = {"--train", data, "--label", "kind", "--weight", "weight", "--task", "classification"};
        for (String[] test : new String[][] {{"--test-fraction", "0.3"}, {}}) {
            assertThat(train(Stream.of(options, test).flatMap(Arrays::stream).toArray()))
                    .as(shell.err())
                    .isZero();
            JsonNode metrics = JSON.readTree(folder.resolve("metrics.json").toFile());
            JsonNode evaluation = evaluation();
            assertThat(evaluation.path("flatters").asBoolean()).isEqualTo(test.length == 0);
            assertThat(evaluation.path("on").asText()).contains(test.length == 0 ? "90 rows to train" : "test rows");
            assertThat(evaluation.at("/classes/0").asText()).startsWith("</script>");
            if (test.length > 0) {
                assertThat(evaluation.path("confusion"))
                        .isEqualTo(metrics.path("test").path("confusion"));
                assertThat(evaluation.at("/scores/accuracy").asDouble())
                        .isCloseTo(metrics.at("/test/accuracy").asDouble(), within(1e-6));
            }
        }
        assertThat(Files.readString(folder.resolve("report.html"))).doesNotContain("<script>alert");
    }

    @Test
    void eachTestRowOfASmallRegressionIsShown() throws IOException {
        assertThat(train(
                        "--train",
                        "bundled:diabetes",
                        "--label",
                        "progression",
                        "--task",
                        "regression",
                        "--test-fraction",
                        "0.2"))
                .as(shell.err())
                .isZero();
        JsonNode evaluation = evaluation();
        JsonNode tested = JSON.readTree(folder.resolve("metrics.json").toFile()).path("test");
        int rows = tested.path("rows").asInt();
        assertThat(evaluation.path("actual")).hasSize(rows);
        double squared = 0;
        for (int i = 0; i < rows; i++) {
            double error = evaluation.path("predicted").get(i).asDouble()
                    - evaluation.path("actual").get(i).asDouble();
            squared += error * error / rows;
        }
        assertThat(Math.sqrt(squared)).isCloseTo(tested.path("rmse").asDouble(), within(1e-2));
        assertThat(evaluation.path("sampled").asBoolean()).isFalse();
    }

    @Test
    void noRowIsScoredAgainForTheClasses() throws Exception {
        List<String> jobs = Collections.synchronizedList(new ArrayList<>());
        SparkListener counter = new SparkListener() {
            @Override
            public void onJobStart(SparkListenerJobStart start) {
                jobs.add(start.stageInfos().last().name().replaceFirst(":\\d+$", ""));
            }
        };
        SparkContext context = LocalSpark.session().sparkContext();
        context.addSparkListener(counter);
        List<String> options = List.of("--train", "bundled:breast_cancer", "--label", "diagnosis", "--epochs", "1");
        List<List<String>> of = new ArrayList<>();
        try {
            for (List<String> report : List.of(List.of("--report", folder + "/page.html"), List.<String>of())) {
                jobs.clear();
                List<Object> all = new ArrayList<>(List.of("train", "--test-fraction", "0.3", "--hidden", "4"));
                all.addAll(options);
                all.addAll(report);
                assertThat(shell.run(all.toArray())).as(shell.err()).isZero();
                context.listenerBus().waitUntilEmpty();
                of.add(List.copyOf(jobs));
            }
        } finally {
            context.removeSparkListener(counter);
        }
        List<String> more = new ArrayList<>(of.get(0));
        of.get(1).forEach(more::remove);
        // the rows in which the page follows the layers, and jobs without rows that stand for threads
        assertThat(more).allMatch(job -> job.endsWith("Shards.java") || job.endsWith("StandInJob.java"));
    }

    @Test
    void thePageTellsOfEachColumnAndNoValuesWhereTheyAreRedacted() throws IOException {
        List<String> lines = new ArrayList<>(List.of("size,colour,note,kind"));
        for (int i = 0; i < 90; i++) {
            lines.add((i % 9 == 0 ? "" : i) + "," + (i % 2 == 0 ? "red" : "blue") + ",remark" + i + ","
                    + (i < 40 ? "a" : "b"));
        }
        Path data = Files.write(folder.resolve("rows.csv"), lines);
        assertThat(train("--train", data, "--label", "kind")).isZero();
        JsonNode columns = data().path("columns");
        assertThat(columns).extracting(column -> column.get(0).asText()).containsExactly("size", "colour", "note");
        assertThat(columns.toString()).contains("median 45 where", "(10 rows)", "one-hot: blue, red", "left out: 90");
        assertThat(train("--train", data, "--label", "kind", "--redact")).isZero();
        assertThat(data().path("columns").toString())
                .isEqualTo("[[\"size\",\"number\",\"\",2,\"\",\"\"],[\"colour\",\"category\",\"\",2,\"\",\"\"],"
                        + "[\"note\",\"id\",\"\",0,\"\",\"\"]]");
    }

    @Test
    void aRunThatDivergedLeavesAPageWithTheCommandsSentenceAndNoModel() throws IOException {
        String[] wild = {
            "--task", "regression", "--optimizer", "sgd", "--learning-rate", "1e6", "--activation", "identity"
        };
        List<Object> options = new ArrayList<>(List.of("--train", "bundled:diabetes", "--label", "progression"));
        options.addAll(List.of(wild));
        assertThat(train(options.toArray())).isEqualTo(1);
        assertThat(shell.err()).startsWith("kindling: training diverged: ").hasLineCount(1);
        assertThat("kindling: " + data().path("failure").asText())
                .isEqualTo(shell.err().strip());
        assertThat(folder.resolve("model")).doesNotExist();
    }

    @Test
    void whatIsRefusedBeforeTrainingLeavesNoPage() {
        assertThat(train("--train", "bundled:diabetes", "--label", "regression", "--task", "regression"))
                .isEqualTo(2);
        assertThat(folder.resolve("report.html")).doesNotExist();
    }

    @Test
    void aFolderInTheWayIsRefusedBeforeAnyWork() throws IOException {
        Files.createDirectory(folder.resolve("report.html"));
        assertThat(train("--train", "bundled:diabetes", "--label", "progression", "--task", "regression"))
                .isEqualTo(2);
        assertThat(shell.err()).contains("--report must name a file").hasLineCount(1);
        assertThat(folder.resolve("model")).doesNotExist();
    }
}
