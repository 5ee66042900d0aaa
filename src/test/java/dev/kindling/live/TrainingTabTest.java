package dev.kindling.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kindling.Browser;
import dev.kindling.Snippets;
import dev.kindling.StandaloneCluster;
import dev.kindling.checkpoint.Epoch;
import dev.kindling.ml.MlpClassificationModel;
import dev.kindling.ml.MlpRegressor;
import dev.kindling.train.DivergenceException;
import dev.kindling.train.TrainListener;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.spark.launcher.JavaModuleOptions;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The tab while an application runs and in the history server, of three applications: one with all of it, one without the
 * tab, one without any UI.
 */
@Tag("own-context")
@Tag("slow")
@Tag("smoke")
final class TrainingTabTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String HOSTILE = "</script><script>alert('fit')</script><b onmouseover=alert(1)>";

    @TempDir
    private static Path folder;

    private static String application = "";
    private static JsonNode during = MAPPER.nullNode(); // while the first fit ran, after its fourth epoch
    private static String page = "";
    private static JsonNode data = MAPPER.nullNode(); // with the first fit's curves
    private static MlpClassificationModel model;
    private static String divergence = "";

    private static String withoutTab = ""; // an application
    private static String jobsWithoutTab = ""; // its page
    private static MlpClassificationModel modelWithoutTab;
    private static String withoutUi = "";

    @BeforeAll
    static void trainInThreeApplications() throws Exception {
        try (SparkSession session = session(Map.of())) {
            application = session.sparkContext().applicationId();
            model = LonelyFit.fitted(session, new TrainListener() {
                @Override
                public void ended(Epoch epoch) {
                    if (epoch.number() == 4) {
                        during = json(session, "");
                    }
                }
            });
            MlpRegressor diverging = new MlpRegressor(HOSTILE)
                    .setOptimizer("sgd")
                    .setStepSize(1e25)
                    .setNumShards(2);
            assertThatThrownBy(() -> diverging.fit(LonelyFit.rows(session)))
                    .isInstanceOfSatisfying(DivergenceException.class, e -> divergence = e.getMessage());
            CompletableFuture<?>[] both = Stream.generate(
                            () -> CompletableFuture.supplyAsync(() -> LonelyFit.fitted(session)))
                    .limit(2)
                    .toArray(CompletableFuture[]::new);
            CompletableFuture.allOf(both).join();
            String first = "?fit=" + during.at("/fit/id").asText();
            data = json(session, first);
            page = History.get(tab(session).resolve(first));
        }
        try (SparkSession session = session(Map.of(LiveFit.PROPERTY, false))) {
            withoutTab = session.sparkContext().applicationId();
            modelWithoutTab = LonelyFit.fitted(session);
            jobsWithoutTab = History.get(tab(session).resolve("/jobs/"));
        }
        try (SparkSession session = session(Map.of("spark.ui.enabled", false))) {
            withoutUi = session.sparkContext().applicationId();
            LonelyFit.fitted(session);
        }
    }

    private static SparkSession session(Map<String, Object> properties) {
        Map<String, Object> all = new HashMap<>(properties);
        all.put("spark.eventLog.enabled", true);
        all.put("spark.eventLog.dir", folder.toUri().toString());
        return LonelyFit.session(all);
    }

    private static URI tab(SparkSession session) {
        return URI.create(session.sparkContext().uiWebUrl().get() + "/training/");
    }

    private static JsonNode json(SparkSession session, String query) {
        try {
            session.sparkContext().listenerBus().waitUntilEmpty();
            return MAPPER.readTree(History.get(tab(session).resolve("json/" + query)));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode fit(JsonNode data, Predicate<JsonNode> which) {
        return StreamSupport.stream(data.path("fits").spliterator(), false)
                .filter(which)
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode shown(JsonNode data) {
        return fit(data, fit -> fit.path("id").equals(data.at("/fit/id")));
    }

    private static List<Double> column(JsonNode data, String name) {
        List<Double> values = new ArrayList<>();
        data.at("/fit/epochs").path(name).forEach(value -> values.add(value.isNull() ? null : value.asDouble()));
        return values;
    }

    @Test
    void theCurvesAreTheModelsSummary() {
        List<Epoch> history = model.summary().orElseThrow().history();
        assertThat(history).hasSize(8);
        Map<String, Function<Epoch, Double>> columns = Map.of(
                "number", epoch -> (double) epoch.number(),
                "trainingLoss", Epoch::trainingLoss,
                "validationLoss", Epoch::validationLoss,
                "trainingMetric", Epoch::trainingMetric,
                "validationMetric", Epoch::validationMetric,
                "learningRate", Epoch::learningRate,
                "gradientNorm", Epoch::gradientNorm);
        columns.forEach((name, figure) -> assertThat(column(data, name))
                .as(name)
                .isEqualTo(history.stream().map(figure).toList()));
        assertThat(data.at("/fit/bestEpoch").asInt())
                .isEqualTo(model.summary().orElseThrow().bestEpoch());
    }

    @Test
    void theTableTellsOfTheFit() {
        JsonNode row = shown(data);
        assertThat(row.path("name").asText()).startsWith("mlpClassifier_");
        assertThat(row.path("network").asText()).isEqualTo(model.network());
        assertThat(row.path("outcome").asText()).isEqualTo("finished");
        assertThat(row.path("ended").asInt()).isEqualTo(8);
        assertThat(row.path("planned").asInt()).isEqualTo(8);
        assertThat(row.path("rows").asInt()).isEqualTo(192);
        assertThat(row.path("validationRows").asInt()).isEqualTo(48);
        assertThat(row.path("closed").asLong())
                .isGreaterThanOrEqualTo(row.path("began").asLong());
        assertThat(row.at("/last/number").asInt()).isEqualTo(8);
    }

    @Test
    void aFitIsShownWhileItRuns() {
        assertThat(during.path("live").asBoolean()).isTrue();
        assertThat(during.path("fits")).hasSize(1);
        assertThat(shown(during).has("outcome")).isFalse();
        assertThat(shown(during).path("ended").asInt()).isEqualTo(4);
        assertThat(column(during, "trainingLoss"))
                .isEqualTo(column(data, "trainingLoss").subList(0, 4));
    }

    @Test
    void aFitThatDivergedSaysSo() {
        JsonNode row = fit(data, fit -> fit.path("name").asText().equals(HOSTILE));
        assertThat(row.path("outcome").asText()).isEqualTo("failed");
        assertThat(row.path("why").asText()).isEqualTo(divergence).startsWith("training diverged");
    }

    @Test
    void fitsAtOnceAreInOneTab() {
        assertThat(data.path("fits")).hasSize(4);
        assertThat(Pattern.compile("href=\"/training/\"").matcher(page).results())
                .hasSize(1);
    }

    @Test
    void thePageHoldsItsDataAndNoMarkupOfUsers() throws IOException {
        assertThat(page).doesNotContain("<script>alert", "<b onmouseover");
        String held = page.replaceFirst("(?s).*id=\"kindling-data\">", "").replaceFirst("(?s)</script>.*", "");
        assertThat(MAPPER.readTree(held)).isEqualTo(data);
    }

    @Test
    void thePageAsksNothingOfOtherHosts() {
        assertThat(page).contains("new Chart(").doesNotContain("sourceMappingURL", "@import", "url(");
        String markup = page.replaceAll("(?s)(<script[^>]*>).*?</script>", "$1");
        assertThat(markup).doesNotContainPattern("(src|href)=[\"']?(https?:)?//");
    }

    @Test
    void theBitsOfAFitAreTheSameWithoutTheTab() {
        assertThat(model.parameters()).isEqualTo(modelWithoutTab.parameters());
        assertThat(jobsWithoutTab).contains("/stages/").doesNotContain("training");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theHistoryServerShowsTheSame(boolean onDisk) throws Exception {
        Path store = folder.resolve("store");
        Map<String, String> properties = onDisk ? Map.of("spark.history.store.path", store.toString()) : Map.of();
        for (int start = 0; start < 2; start++) { // the second reads what the first left on the disk
            try (History history = new History(folder, properties)) {
                String first = "?fit=" + data.at("/fit/id").asText();
                String shown = History.get(history.page(application, "training/json/" + first));
                ObjectNode live = data.deepCopy();
                assertThat(MAPPER.readTree(shown)).isEqualTo(live.put("live", false));
                assertThat(History.get(history.page(application, "training/")))
                        .contains("/history/" + application + "/training/", "new Chart(");
            }
        }
    }

    @Test
    void theHistoryServerShowsAnApplicationThatHadNoUi() throws Exception {
        try (History history = new History(folder, Map.of())) {
            JsonNode shown = MAPPER.readTree(History.get(history.page(withoutUi, "training/json/")));
            assertThat(column(shown, "trainingLoss")).isEqualTo(column(data, "trainingLoss"));
            assertThat(History.get(history.page(withoutTab, "jobs/")))
                    .contains("/stages/")
                    .doesNotContain("training");
        }
    }

    @Test
    void aBrowserDrawsThePage() throws Exception {
        Browser browser = Browser.onPath(Files.createDirectories(folder.resolve("browser")));
        try (History history = new History(folder, Map.of())) {
            String query = "?fit=" + data.at("/fit/id").asText();
            String dom = browser.dom(history.page(application, "training/" + query));
            assertThat(dom)
                    .contains("data-charts=\"4\"", "failed: training diverged")
                    .doesNotContain("data-error");
            assertThat(Pattern.compile("<canvas").matcher(dom).results()).hasSize(4);
            assertThat(dom).contains("&lt;/script&gt;&lt;script&gt;alert('fit')");
        }
    }

    @Test
    void aHistoryServerWithoutKindlingShowsTheApplication() throws Exception {
        String spark = Stream.of(Snippets.CLASS_PATH.split(File.pathSeparator))
                .filter(path -> !path.contains("classes"))
                .reduce((a, b) -> a + File.pathSeparator + b)
                .orElseThrow();
        Path log = folder.resolve("server.log");
        Process server = start(
                log,
                spark,
                "-Dspark.history.ui.port=0",
                "-Dspark.history.fs.logDirectory=" + folder.toUri(),
                "org.apache.spark.deploy.history.HistoryServer");
        try {
            StandaloneCluster.await("the server's address", () -> port(log) > 0);
            URI jobs = URI.create("http://127.0.0.1:" + port(log) + "/history/" + application + "/jobs/");
            History.await(jobs);
            assertThat(History.get(jobs)).contains("/stages/").doesNotContain("/training/");
        } finally {
            server.destroyForcibly().waitFor();
        }
    }

    /** That a server says it started at; 0 where it has not yet. */
    private static int port(Path log) {
        try {
            Matcher started = Pattern.compile("started at \\S+:(\\d+)").matcher(Files.readString(log));
            return started.find() ? Integer.parseInt(started.group(1)) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aFitGoesOnWhereThePageIsOfAnotherSparkLine() throws Exception {
        Path broken = Files.createDirectories(folder.resolve("broken/dev/kindling/live"));
        Files.writeString(broken.resolve("TrainingPage.class"), "no class");
        Path log = folder.resolve("fit.log");
        String path = folder.resolve("broken") + File.pathSeparator + Snippets.CLASS_PATH;
        Process fit = start(log, path, LonelyFit.class.getName());
        try {
            assertThat(fit.waitFor(120, TimeUnit.SECONDS)).isTrue();
        } finally {
            fit.destroyForcibly().waitFor();
        }
        String said = Files.readString(log);
        assertThat(said).contains("weights " + LonelyFit.bits(model));
        assertThat(Pattern.compile("WARN.*the Spark UI will not show all of this fit.*ClassFormatError")
                        .matcher(said)
                        .results())
                .hasSize(1);
    }

    private static Process start(Path log, String classPath, String... arguments) throws IOException {
        Path logging = Files.writeString(
                folder.resolve("log4j2.properties"),
                """
                rootLogger.level = info
                rootLogger.appenderRef.console.ref = console
                appender.console.type = Console
                appender.console.name = console
                appender.console.layout.type = PatternLayout
                appender.console.layout.pattern = %p %c{1}: %m%n
                """);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of(JavaModuleOptions.defaultModuleOptions().split(" ")));
        command.addAll(List.of("-Dlog4j2.configurationFile=" + logging, "-cp", classPath));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }
}
