package dev.kindling.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kindling.LocalSpark;
import dev.kindling.StandaloneCluster;
import dev.kindling.linalg.SplitMix64;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.spark.sql.Encoders;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The job jar through the launchers, each command a process of its own: on a standalone cluster, with the driver here or
 * there, it makes what it makes in one JVM, to the bit.
 */
@Tag("slow")
final class JobJarIT {
    private static final int MINUTES = 5; // a command takes some seconds

    /** The JVMs live too short for the better compiler to pay. */
    private static final String QUICK_START = "spark.driver.extraJavaOptions=-XX:TieredStopAtLevel=1";

    private static final String SMALL_SHUFFLES = "spark.sql.shuffle.partitions=2";

    @TempDir
    private static Path folder;

    private static StandaloneCluster cluster;
    private static Trained expected;

    private record Trained(Path model, List<String> weights, JsonNode figures) {
        void isTheSameAs(Trained other) {
            assertThat(weights).isEqualTo(other.weights);
            assertThat(figures).isEqualTo(other.figures);
        }
    }

    /** What {@code evaluate} and {@code predict} make with a model. */
    private record Scored(JsonNode figures, List<String> predictions) {}

    @FunctionalInterface
    private interface Command {
        void run(Object... arguments) throws Exception;
    }

    private record Ended(int code, String printed) {}

    @BeforeAll
    static void makeInOneJvm() throws Exception {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly)));
        writeRows();
        expected = trained(by("local", "2", "--conf", QUICK_START, "--conf", SMALL_SHUFFLES));
        assertThat(expected.weights).hasSize(1);
        // two that compute, and one for the driver
        cluster = new StandaloneCluster(folder.resolve("cluster"), 3, Map.of());
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    /** A label of text that follows from a number and a colour. */
    private static void writeRows() throws IOException {
        SplitMix64 random = new SplitMix64(5);
        List<String> lines = new ArrayList<>(List.of("height,colour,kind"));
        for (int i = 0; i < 300; i++) {
            double height = random.nextDouble() * 10;
            String colour = i % 2 == 0 ? "red" : "blue";
            String kind = height > 5 ? "tree" : colour.equals("red") ? "rose" : "grass";
            lines.add(String.format(Locale.ROOT, "%.3f,%s,%s", height, colour, kind));
        }
        Files.write(plants(), lines);
        Files.write(
                folder.resolve("plants.args"),
                List.of(
                        "# what a driver on the cluster cannot read",
                        "--label kind",
                        "--task classification",
                        "--test-fraction 0.2",
                        "--standardize",
                        "--hidden 16",
                        "--dropout 0.1",
                        "--learning-rate 0.05",
                        "--batch-size 60",
                        "--epochs 5",
                        "--shards 3"));
    }

    private static Path plants() {
        return folder.resolve("plants.csv");
    }

    private static Trained trained(Command command) throws Exception {
        Path out = Files.createTempDirectory(folder, "trained");
        Path model = out.resolve("model");
        Path figures = out.resolve("figures.json");
        String options = "@" + folder.resolve("plants.args");
        command.run("train", options, "--train", plants(), "--model", model, "--metrics", figures);
        return new Trained(model, weights(model), figures(figures));
    }

    /** What two commands make of the model that one JVM trained. */
    private static Scored scored(Command evaluating, Command predicting) throws Exception {
        Path out = Files.createTempDirectory(folder, "scored");
        Path figures = out.resolve("figures.json");
        Path predictions = out.resolve("predictions");
        evaluating.run("evaluate", "--model", expected.model, "--data", plants(), "--metrics", figures);
        predicting.run("predict", "--model", expected.model, "--data", plants(), "--output", predictions);
        return new Scored(figures(figures), lines(predictions));
    }

    /** Commands that succeed, by a launcher and its options. */
    private static Command by(String... launcher) {
        return arguments -> {
            Ended ended =
                    run(launcher, Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
            assertThat(ended.code).as(ended.printed).isZero();
        };
    }

    private static Ended run(String[] launcher, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(Arrays.asList(launcher));
        command.set(0, "submit/" + launcher[0]);
        command.addAll(Arrays.asList(arguments));
        Path printed = Files.createTempFile(folder, "printed", ".txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile())
                .start();
        try {
            assertThat(process.waitFor(MINUTES, TimeUnit.MINUTES))
                    .as(command.toString())
                    .isTrue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        String lines = Files.readString(printed);
        assertThat(lines).doesNotContainPattern("[\\p{Cntrl}&&[^\n\t]]"); // no terminal reads them
        return new Ended(process.exitValue(), command + "\n" + lines);
    }

    /** The parameters' bits; a Parquet file's may differ, as its footer lists encodings in the order of their hashes. */
    private static List<String> weights(Path model) {
        return LocalSpark.session()
                .read()
                .parquet(model + "/stages/*_mlpClassifier_*/weights")
                .orderBy("block")
                .selectExpr("hex(values)")
                .as(Encoders.STRING())
                .collectAsList();
    }

    private static JsonNode figures(Path file) throws IOException {
        ObjectNode json = (ObjectNode) new ObjectMapper().readTree(file.toFile());
        json.remove(List.of("seconds", "secondsPerEpoch"));
        return json;
    }

    private static List<String> lines(Path output) throws IOException {
        List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.list(output)) {
            for (Path file : files.filter(path -> path.getFileName().toString().startsWith("part-"))
                    .sorted()
                    .toList()) {
                lines.addAll(Files.readAllLines(file));
            }
        }
        return lines;
    }

    /** The words of a launch that takes two executors, small as all share this machine. */
    private static String[] standalone(String... mode) {
        List<String> words = new ArrayList<>(List.of("standalone", cluster.master()));
        words.addAll(List.of(mode));
        for (String property : List.of(
                QUICK_START,
                SMALL_SHUFFLES,
                "spark.executor.extraJavaOptions=-XX:TieredStopAtLevel=1",
                "spark.cores.max=2",
                "spark.driver.memory=512m",
                "spark.executor.memory=512m",
                "spark.ui.enabled=false")) {
            words.addAll(List.of("--conf", property));
        }
        return words.toArray(String[]::new);
    }

    @Test
    void aDriverHereTrainsToTheSameBitsOnTheCluster() throws Exception {
        trained(by(standalone())).isTheSameAs(expected);
    }

    @Tag("smoke")
    @Test
    void aDriverThereTrainsToTheSameBitsOnTheCluster() throws Exception {
        trained(by(standalone("--cluster"))).isTheSameAs(expected);
    }

    @Test
    void aDriverHereEvaluatesAndOneThereScoresAsThisJvmDoes() throws Exception {
        Shell shell = new Shell();
        LocalSpark.session();
        Command inThisJvm =
                arguments -> assertThat(shell.run(arguments)).as(shell.err()).isZero();
        Scored here = scored(inThisJvm, inThisJvm);
        assertThat(here.predictions).hasSize(301);
        assertThat(here.figures.findValue("accuracy").asDouble()).isGreaterThan(0.7);
        assertThat(scored(by(standalone()), by(standalone("--cluster")))).isEqualTo(here);
    }

    @Test
    void aCommandThatFailsOnTheClusterFailsHere() throws Exception {
        String missing = folder.resolve("missing").toString();
        Ended ended = run(standalone("--cluster"), "evaluate", "--model", missing, "--data", plants().toString());
        assertThat(ended.code).as(ended.printed).isEqualTo(1);
        assertThat(ended.printed).contains("ended as FAILED");
    }
}
