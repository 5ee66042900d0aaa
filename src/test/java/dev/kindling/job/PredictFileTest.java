package dev.kindling.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.InOneJvm;
import dev.kindling.LocalSpark;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code predict --output} into one file. One model serves all tests; its predictions come in several parts. */
@Tag("end-to-end")
@Tag("one-line")
@InOneJvm
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PredictFileTest {
    private static final String HEAD = "x,\"size, in \"\"\",y,kind";

    private static final String COALESCES = "spark.sql.adaptive.coalescePartitions.enabled";

    private final Shell shell = new Shell();

    @TempDir
    static Path folder;

    private Path model;
    private Path data;
    private Path results;
    private int test;

    @BeforeAll
    void train() throws IOException {
        LocalSpark.session().conf().set(COALESCES, "false");
        model = folder.resolve("model");
        data = Files.createDirectory(folder.resolve("data"));
        for (int file = 0; file < 3; file++) {
            List<String> lines = new ArrayList<>(List.of(HEAD));
            for (int i = 0; i < 40; i++) {
                lines.add(file + "." + i + "," + i % 3 + "," + (i % 4 < 2 ? "low" : "\"high, \"\"very\"\"\"") + ","
                        + (i % 2 == 0 ? "\"a, b\"" : " c "));
            }
            Files.write(data.resolve("part-" + file + ".csv"), lines);
        }
        assertThat(shell.run(
                        "train",
                        "--train",
                        data,
                        "--label",
                        "y",
                        "--task",
                        "classification",
                        "--hidden",
                        "4",
                        "--epochs",
                        "1",
                        "--members",
                        "1",
                        "--model",
                        model))
                .as(shell.err())
                .isZero();
    }

    @AfterAll
    static void forget() {
        LocalSpark.session().conf().unset(COALESCES);
    }

    @BeforeEach
    void makeFolder() throws IOException {
        results = Files.createDirectory(folder.resolve("results" + test++));
    }

    private int predict(Path output, Object... more) {
        List<Object> arguments = new ArrayList<>(List.of("predict", "--model", model, "--data", data));
        arguments.addAll(List.of("--output", output));
        arguments.addAll(List.of(more));
        return shell.run(arguments.toArray());
    }

    private void assertRefused(int code, String sentence) {
        assertThat(code).as(shell.err()).isEqualTo(2);
        assertThat(shell.err()).startsWith("kindling: --output ").contains(sentence);
        assertThat(shell.err().strip().lines()).hasSize(1);
    }

    /** What is in the folder of results, hidden files too. */
    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(results)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** The part files of a folder as one text, with the first one's header only. */
    private static String joined(Path scored) throws IOException {
        try (Stream<Path> files = Files.list(scored)) {
            List<String> texts = new ArrayList<>();
            for (Path part : files.filter(file -> file.getFileName().toString().matches("part-.*csv"))
                    .sorted()
                    .toList()) {
                String text = Files.readString(part);
                texts.add(texts.isEmpty() ? text : text.substring(text.indexOf('\n') + 1));
            }
            assertThat(texts).hasSizeGreaterThan(1);
            return texts.stream().collect(Collectors.joining());
        }
    }

    @Tag("smoke")
    @Test
    void theFileHasTheRowsOfTheFolderAndOneHeader() throws IOException {
        Path parts = results.resolve("parts");
        Path file = results.resolve("scored.csv");
        Path zipped = results.resolve("scored.csv.gz");
        assertThat(predict(parts)).as(shell.err()).isZero();
        assertThat(predict(file)).as(shell.err()).isZero();
        assertThat(shell.out()).contains("120 rows scored; see " + file).doesNotContain("part-");
        assertThat(predict(zipped)).as(shell.err()).isZero();

        String expected = joined(parts);
        assertThat(expected).startsWith(HEAD + ",prediction,");
        assertThat(expected.lines()).hasSize(121);
        assertThat(file).hasContent(expected);
        try (InputStream in = new GZIPInputStream(Files.newInputStream(zipped))) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(expected);
        }
        assertThat(names()).containsExactly("parts", "scored.csv", "scored.csv.gz");
        assertThat(predict(results.resolve("again.csv"), "--data", file))
                .as("the file is data as any other")
                .isEqualTo(2);
        assertThat(shell.err()).contains("prediction"); // its columns are in the way, which shows that they were read
    }

    @ParameterizedTest
    @ValueSource(strings = {"scored.csv", "scored.csv.gz"})
    void onlyPredictionsAreReplacedAndOnlyWhenAsked(String name) throws IOException {
        Path file = results.resolve(name);
        assertThat(predict(file)).as(shell.err()).isZero();
        byte[] first = Files.readAllBytes(file);
        assertRefused(predict(file), file + " exists; --overwrite replaces it");
        assertThat(predict(file, "--overwrite")).as(shell.err()).isZero();
        assertThat(Files.readAllBytes(file)).isEqualTo(first);

        for (String mine : List.of("x,y\n1,2\n", "prediction_of_mine,probability_x\n1,2\n", "x\n,prediction\n", "x")) {
            Files.writeString(file, mine);
            assertRefused(predict(file, "--overwrite"), "is something other than the output of kindling predict");
            assertThat(file).hasContent(mine);
        }
        assertThat(names()).containsExactly(name);
    }

    @Test
    void aFolderThatIsNamedLikeAFileStaysAFolder() throws IOException {
        Path old = Files.createDirectory(results.resolve("old.csv"));
        assertThat(predict(old)).as(shell.err()).isZero();
        assertThat(predict(old, "--overwrite")).as(shell.err()).isZero();
        assertThat(old).isDirectoryContaining("glob:**part-*.csv");
    }

    @Test
    void parquetIsAlwaysAFolder() throws IOException {
        assertRefused(
                predict(results.resolve("scored.csv"), "--output-format", "parquet"),
                "must name a folder for --output-format parquet, but " + results.resolve("scored.csv"));
        assertThat(names()).isEmpty();
    }

    @Test
    void theFileIsNoInputAndLiesInNone() throws IOException {
        assertRefused(predict(data.resolve("scored.csv")), "must lie outside of --data");
        Path one = data.resolve("part-0.csv");
        assertRefused(predict(one, "--data", one, "--overwrite"), "must");
        assertThat(one).content().startsWith(HEAD);
    }
}
