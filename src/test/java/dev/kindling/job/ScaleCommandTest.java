package dev.kindling.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.InOneJvm;
import dev.kindling.LocalSpark;
import dev.kindling.train.scale.ScalePlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code train --dry-run-scale}. */
@Tag("end-to-end")
@Tag("one-line")
@InOneJvm
final class ScaleCommandTest {
    private static final Pattern HERE =
            Pattern.compile("here a step took ([0-9.]+) ms; from the parts it is predicted as ([0-9.]+) ms");

    private static final Pattern TOUCHED =
            Pattern.compile("a step touches ([0-9]+) of the 10,000 rows of the first weights; only those travel(.*)");

    private static final String ALL_OF_ROUNDS = ", but with local steps all do, because the optimizer moves all";

    private final Shell shell = new Shell();

    @TempDir
    private Path folder;

    @BeforeEach
    void measureShortly() {
        LocalSpark.session().sparkContext().setLocalProperty(ScalePlan.SECONDS, "6");
    }

    @AfterEach
    void measureAsUsual() {
        LocalSpark.session().sparkContext().setLocalProperty(ScalePlan.SECONDS, null);
    }

    @Test
    void anEpochIsPredictedAndNothingIsWritten() throws IOException {
        assertThat(shell.run(
                        "train",
                        "--train",
                        "bundled:digits",
                        "--label",
                        "digit",
                        "--hidden",
                        "32",
                        "--batch-size",
                        "128",
                        "--members",
                        "1",
                        "--local-steps",
                        "4",
                        "--model",
                        folder.resolve("model"),
                        "--metrics",
                        folder.resolve("metrics.json"),
                        "--dry-run-scale",
                        "6"))
                .as(shell.err())
                .isZero();
        List<String> lines = shell.out().lines().toList();
        assertThat(lines)
                .anyMatch(line -> line.matches("measured in \\d+ s on a local master of 4 cores:"))
                .anyMatch(line -> line.contains("the network is not measured, as there is none: 1 Gbit/s is taken"))
                .anyMatch(line -> line.contains("threads of this JVM, without a job for each step, take "))
                .anyMatch(
                        line -> line.matches(" executors +shards +1 local step +4 local steps +16 local steps +64.*"));
        List<String> epochs = new ArrayList<>();
        for (int executors : new int[] {1, 2, 4, 6}) {
            lines.stream()
                    .filter(line -> line.matches(" +" + executors + " +" + 4 * executors + "( +[0-9.,]+){4}"))
                    .forEach(epochs::add);
        }
        assertThat(epochs).as(shell.out()).hasSize(4);
        assertThat(lines.get(lines.size() - 2)).startsWith("as it is (--local-steps 4, batches of 128 rows) ");
        Matcher here = HERE.matcher(shell.out());
        assertThat(here.find()).isTrue();
        assertThat(Double.parseDouble(here.group(1))).isPositive();
        assertThat(Double.parseDouble(here.group(2))).isPositive();
        try (Stream<Path> written = Files.list(folder)) {
            assertThat(written).isEmpty();
        }
        assertThat(LocalSpark.session().sparkContext().getPersistentRDDs().size())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"lazyAdam", "adam"})
    void ofWideSparseRowsOnlyWhatAStepTouchesIsPredictedToTravel(String optimizer) throws IOException {
        Path rows = folder.resolve("rows.libsvm");
        Random random = new Random(5);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            int first = 1 + random.nextInt(9_000);
            lines.add(i % 2 + " " + first + ":1 " + (first + 1 + random.nextInt(900)) + ":0.5 10000:" + i % 2);
        }
        Files.write(rows, lines);
        assertThat(shell.run(
                        "train",
                        "--train",
                        rows,
                        "--hidden",
                        "16",
                        "--optimizer",
                        optimizer,
                        "--batch-size",
                        "32",
                        "--members",
                        "2",
                        "--dry-run-scale",
                        "2"))
                .as(shell.err())
                .isZero();
        Matcher touched = TOUCHED.matcher(shell.out());
        assertThat(touched.find()).as(shell.out()).isTrue();
        assertThat(Integer.parseInt(touched.group(1)))
                .as("two of each row and one of all")
                .isBetween(50, 65);
        assertThat(touched.group(2)).isEqualTo(optimizer.equals("adam") ? ALL_OF_ROUNDS : "");
        assertThat(shell.out()).contains("as it is (--local-steps 1, batches of 32 rows) ");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 257})
    void aNumberOfExecutorsThatIsNotPredictedIsRefused(int executors) {
        assertThat(shell.run("train", "--train", "bundled:digits", "--dry-run-scale", executors))
                .isEqualTo(Main.BAD_INPUT);
        assertThat(shell.err().strip())
                .isEqualTo("kindling: the number of executors to predict for must be between 1 and 256, but is "
                        + executors);
    }

    @Test
    void whatTakesNoStepsOnBatchesIsRefused() {
        assertThat(shell.run(
                        "train",
                        "--train",
                        "bundled:digits",
                        "--label",
                        "digit",
                        "--preset",
                        "none",
                        "--optimizer",
                        "lbfgs",
                        "--dry-run-scale",
                        "2"))
                .isEqualTo(Main.BAD_INPUT);
        assertThat(shell.err().strip())
                .isEqualTo("kindling: lbfgs takes no steps on batches, whose time could be predicted");
    }
}
