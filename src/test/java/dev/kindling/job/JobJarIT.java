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
    private static Made expected;

    /** Of a model's life: its weights, the figures, the predictions. */
    private record Made(List<String> weights, JsonNode trained, JsonNode evaluated, List<String> predictions) {}

    private record Ended(int code, String printed) {}

    @BeforeAll
    static void makeInOneJvm() throws Exception {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly)));
        writeRows();
        expected = make("local", "2", "--conf", QUICK_START, "--conf", SMALL_SHUFFLES);
        assertThat(expected.weights).hasSize(1);
        assertThat(expected.predictions).hasSize(301);
        assertThat(expected.evaluated.findValue("accuracy").asDouble()).isGreaterThan(0.7);
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
        Files.write(folder.resolve("plants.csv"), lines);
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

    /** Trains, evaluates and predicts; the words come before the command. */
    private static Made make(String... launcher) throws Exception {
        Path out = Files.createTempDirectory(folder, "made");
        String rows = folder.resolve("plants.csv").toString();
        String model = out.resolve("model").toString();
        String trained = out.resolve("trained.json").toString();
        String evaluated = out.resolve("evaluated.json").toString();
        String predictions = out.resolve("predictions").toString();
        String options = "@" + folder.resolve("plants.args");
        succeed(launcher, "train", options, "--train", rows, "--model", model, "--metrics", trained);
        succeed(launcher, "evaluate", "--model", model, "--data", rows, "--metrics", evaluated);
        succeed(launcher, "predict", "--model", model, "--data", rows, "--output", predictions);
        return new Made(weights(model), figures(trained), figures(evaluated), lines(Path.of(predictions)));
    }

    private static void succeed(String[] launcher, String... arguments) throws Exception {
        Ended ended = run(launcher, arguments);
        assertThat(ended.code).as(ended.printed).isZero();
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
    private static List<String> weights(String model) {
        return LocalSpark.session()
                .read()
                .parquet(model + "/stages/*_mlpClassifier_*/weights")
                .orderBy("block")
                .selectExpr("hex(values)")
                .as(Encoders.STRING())
                .collectAsList();
    }

    private static JsonNode figures(String file) throws IOException {
        ObjectNode json = (ObjectNode) new ObjectMapper().readTree(Path.of(file).toFile());
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
    void aDriverHereMakesTheSameBitsOnTheCluster() throws Exception {
        assertThat(make(standalone())).isEqualTo(expected);
    }

    @Tag("smoke")
    @Test
    void aDriverThereMakesTheSameBitsOnTheCluster() throws Exception {
        assertThat(make(standalone("--cluster"))).isEqualTo(expected);
    }

    @Test
    void aCommandThatFailsOnTheClusterFailsHere() throws Exception {
        String missing = folder.resolve("missing").toString();
        String rows = folder.resolve("plants.csv").toString();
        Ended ended = run(standalone("--cluster"), "evaluate", "--model", missing, "--data", rows);
        assertThat(ended.code).as(ended.printed).isEqualTo(1);
        assertThat(ended.printed).contains("ended as FAILED");
    }
}
