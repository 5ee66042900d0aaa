package dev.kindling.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.kindling.InOneJvm;
import dev.kindling.LocalSpark;
import dev.kindling.job.FaultyFileSystem.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A disk that fills up, a permission that is denied, a place that vanishes: each is told in a sentence, what was there
 * before is there still, and nothing half-written is. One model and its predictions serve all tests.
 */
@InOneJvm
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
final class WriteFaultTest {
    @TempDir
    static Path folder;

    private final Shell shell = new Shell();
    private Path data;
    private long modelBytes;
    private long predictionBytes;
    private long predictionFileBytes;
    private long metricsBytes;

    @BeforeAll
    void writeAllOnce() throws IOException {
        LocalSpark.session()
                .sparkContext()
                .hadoopConfiguration()
                .set("fs.faulty.impl", FaultyFileSystem.class.getName());
        List<String> lines = new ArrayList<>(List.of("x,y"));
        for (int i = 0; i < 40; i++) {
            lines.add(i % 4 + "," + (i % 4 < 2 ? "low" : "high"));
        }
        data = Files.write(folder.resolve("data.csv"), lines);
        Files.createDirectory(folder.resolve("results"));
        FaultyFileSystem.written();
        assertThat(train()).as(shell.err()).isZero();
        modelBytes = FaultyFileSystem.written();
        assertThat(predict()).as(shell.err()).isZero();
        predictionBytes = FaultyFileSystem.written();
        assertThat(predictFile()).as(shell.err()).isZero();
        predictionFileBytes = FaultyFileSystem.written();
        assertThat(evaluate()).as(shell.err()).isZero();
        metricsBytes = FaultyFileSystem.written();
        assertThat(Math.min(modelBytes, Math.min(predictionBytes, metricsBytes)))
                .isPositive();
    }

    @AfterEach
    void heal() {
        FaultyFileSystem.heal();
    }

    @AfterAll
    static void forget() {
        LocalSpark.session().sparkContext().hadoopConfiguration().unset("fs.faulty.impl");
    }

    private static String faulty(String name) {
        return FaultyFileSystem.SCHEME + ":" + folder.resolve("results").resolve(name);
    }

    private int train(Object... more) {
        List<Object> arguments = new ArrayList<>(List.of("train", "--train", data, "--label", "y", "--hidden", "4"));
        arguments.addAll(List.of("--task", "classification", "--epochs", "1", "--members", "1", "--shards", "1"));
        arguments.addAll(List.of("--model", faulty("model"), "--overwrite"));
        arguments.addAll(List.of(more));
        return shell.run(arguments.toArray());
    }

    private int predict() {
        return predict("scored");
    }

    private int predictFile() {
        return predict("scored.csv");
    }

    private int predict(String output) {
        return shell.run(
                "predict", "--model", faulty("model"), "--data", data, "--output", faulty(output), "--overwrite");
    }

    private int evaluate() {
        String metrics = faulty("metrics.json");
        return shell.run("evaluate", "--model", faulty("model"), "--data", data, "--metrics", metrics, "--overwrite");
    }

    /** All files and folders of the results, hidden ones too, with what they hold. */
    private static Map<String, String> results() throws IOException {
        Map<String, String> results = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(folder.resolve("results"))) {
            for (Path path : paths.toList()) {
                results.put(path.toString(), Files.isDirectory(path) ? "" : Arrays.toString(Files.readAllBytes(path)));
            }
        }
        return results;
    }

    private interface Command {
        int run();
    }

    private void assertNothingChanges(Command command, int code, String sentence) throws IOException {
        Map<String, String> before = results();
        assertThat(command.run()).as(shell.err()).isEqualTo(code);
        FaultyFileSystem.heal();
        assertThat(shell.err()).startsWith("kindling: ").contains(sentence).doesNotContain("Exception");
        assertThat(shell.err().strip().lines()).hasSize(1);
        assertThat(results()).isEqualTo(before);
    }

    @Tag("smoke")
    @ParameterizedTest
    @EnumSource(names = {"FULL", "FULL_LOCALLY"})
    void aDiskThatFillsUpAtAnyByteLeavesTheModelThatWasThere(Fault full) throws IOException {
        long[] rooms = full == Fault.FULL ? new long[] {modelBytes / 2} : new long[] {0, modelBytes - 1};
        for (long room : rooms) {
            FaultyFileSystem.fill(full, room);
            assertNothingChanges(this::train, 1, "cannot write " + faulty("model") + ": No space left on device");
        }
    }

    @Tag("smoke")
    @Test
    void aDiskThatFillsUpLeavesThePredictionsThatWereThere() throws IOException {
        for (long room : new long[] {0, predictionBytes - 1}) {
            FaultyFileSystem.fill(Fault.FULL_LOCALLY, room);
            assertNothingChanges(this::predict, 1, "cannot write " + faulty("scored") + ": No space left on device");
        }
        for (long room : new long[] {0, predictionFileBytes / 3, predictionFileBytes - 1}) {
            FaultyFileSystem.fill(Fault.FULL_LOCALLY, room);
            assertNothingChanges(
                    this::predictFile, 1, "cannot write " + faulty("scored.csv") + ": No space left on device");
        }
    }

    @Test
    void aDiskThatFillsUpLeavesTheMetricsThatWereThere() throws IOException {
        for (long room : new long[] {0, metricsBytes - 1}) {
            FaultyFileSystem.fill(Fault.FULL_LOCALLY, room);
            assertNothingChanges(
                    this::evaluate, 1, "cannot write " + faulty("metrics.json") + ": No space left on device");
        }
    }

    @Test
    void whatCannotBePutInPlaceLeavesWhatWasThere() throws IOException {
        for (Fault fault : List.of(Fault.NO_RENAME, Fault.VANISHED)) {
            FaultyFileSystem.fail(fault, "model");
            assertNothingChanges(this::train, 1, "cannot write " + faulty("model") + ": ");
            FaultyFileSystem.fail(fault, "scored");
            assertNothingChanges(this::predict, 1, "cannot write " + faulty("scored") + ": ");
            FaultyFileSystem.fail(fault, "scored.csv");
            assertNothingChanges(this::predictFile, 1, "cannot write " + faulty("scored.csv") + ": ");
            FaultyFileSystem.fail(fault, "metrics.json");
            assertNothingChanges(this::evaluate, 1, "cannot write " + faulty("metrics.json") + ": ");
        }
    }

    @Test
    void aPermissionDeniedWhileWritingIsToldAsSuch() throws IOException {
        for (Command command : List.<Command>of(this::train, this::predict, this::predictFile, this::evaluate)) {
            FaultyFileSystem.fail(Fault.NO_CREATE, "");
            assertNothingChanges(command, 1, ": Permission denied: ");
        }
    }

    @Test
    void aPlaceThatCannotBeWrittenToIsRefusedBeforeAnyWork() throws IOException {
        for (Command command : List.<Command>of(this::train, this::predict, this::predictFile, this::evaluate)) {
            FaultyFileSystem.fail(Fault.NO_FOLDER, "");
            assertNothingChanges(command, 2, " must name a writable place, but " + faulty("") + " is not");
        }
        FaultyFileSystem.fail(Fault.NO_FOLDER, "");
        assertNothingChanges(
                () -> train("--model", folder.resolve("m"), "--checkpoint", faulty("steps")),
                2,
                "--checkpoint must name a writable place, but " + faulty("") + " is not");
    }

    @Test
    void aFolderThatIsReadOnlyIsRefusedBeforeAnyWork() throws IOException {
        Path closed = Files.createDirectory(folder.resolve("closed"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("r-xr-xr-x"));
        assumeFalse(Files.isWritable(closed), "permissions do not bind root");
        assertNothingChanges(
                () -> train("--model", closed.resolve("model")),
                2,
                "--model must name a writable place, but " + closed + " is not");
    }

    @ParameterizedTest
    @EnumSource(names = {"FULL", "FULL_LOCALLY"})
    void aDiskThatFillsUpWithEventsCostsTheEventsAndNotTheFit(Fault full) throws IOException {
        Path model = folder.resolve("fitted");
        FaultyFileSystem.written();
        assertThat(train("--model", model, "--tensorboard", faulty("whole")))
                .as(shell.err())
                .isZero();
        long eventBytes = FaultyFileSystem.written();
        for (long missing : new long[] {1, eventBytes / 3}) {
            FaultyFileSystem.fill(full, eventBytes - missing);
            assertThat(train("--model", model, "--tensorboard", faulty("events" + full + missing)))
                    .as(shell.err())
                    .isZero();
            FaultyFileSystem.heal();
            assertThat(shell.out()).contains("model saved in " + model);
        }
        FaultyFileSystem.fill(full, 0);
        assertThat(train("--model", model, "--tensorboard", faulty("none" + full)))
                .isEqualTo(2);
        assertThat(shell.err()).contains("TensorBoard events must go to a writable folder");
    }

    @Test
    void aModelThatIsSavedStaysWhereOnlyItsMetricsCannotBeWritten() throws IOException {
        Path model = folder.resolve("kept");
        FaultyFileSystem.fill(Fault.FULL, 0);
        assertNothingChanges(
                () -> train("--model", model, "--metrics", faulty("metrics.json")),
                1,
                "cannot write " + faulty("metrics.json") + ": No space left on device");
        assertThat(shell.out()).contains("model saved in " + model);
        assertThat(shell.run("evaluate", "--model", model, "--data", data))
                .as(shell.err())
                .isZero();
    }

    @Test
    void aDiskThatFillsUpLeavesTheCheckpointsThatWereThereAndTheRunGoesOnFromThem() throws IOException {
        String steps = faulty("steps");
        Object[] once = {"--model", folder.resolve("m1"), "--checkpoint", steps, "--checkpoint-interval", "1"};
        FaultyFileSystem.written();
        assertThat(train(once)).as(shell.err()).isZero();
        long checkpointBytes = FaultyFileSystem.written();
        Object[] longer = {
            "--model",
            folder.resolve("m2"),
            "--checkpoint",
            steps,
            "--checkpoint-interval",
            "1",
            "--resume",
            "--epochs",
            "3"
        };
        for (long room : new long[] {0, checkpointBytes / 2}) {
            FaultyFileSystem.fill(Fault.FULL_LOCALLY, room);
            assertNothingChanges(() -> train(longer), 1, "cannot write checkpoint " + FaultyFileSystem.SCHEME + ":");
            assertThat(shell.err()).contains("No space left on device");
        }
        assertThat(train(longer)).as(shell.err()).isZero();
    }
}
