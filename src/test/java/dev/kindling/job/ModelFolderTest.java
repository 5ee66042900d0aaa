package dev.kindling.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.InOneJvm;
import dev.kindling.LocalSpark;
import dev.kindling.ml.MlpClassificationModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.feature.Binarizer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a saved model takes, gives back and refuses. One model serves all tests. */
@Tag("end-to-end")
@InOneJvm
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ModelFolderTest {
    @TempDir
    static Path folder;

    private final Shell shell = new Shell();
    private Path model;

    /** Names with dots, texts with commas and quotes, numbers that are written in more ways than one. */
    @BeforeAll
    void trainOnce() throws IOException {
        LocalSpark.session();
        model = folder.resolve("a model"); // with a blank
        assertThat(shell.run(
                        "train",
                        "--train",
                        write("train.csv", table(0, 60)),
                        "--label",
                        "answer",
                        "--features",
                        "x.1,colour,flag",
                        "--task",
                        "classification",
                        "--hidden",
                        "8",
                        "--epochs",
                        "40",
                        "--members",
                        "1",
                        "--batch-size",
                        "20",
                        "--learning-rate",
                        "0.05",
                        "--shards",
                        "2",
                        "--model",
                        model))
                .as(shell.err())
                .isZero();
    }

    private static List<String> table(int from, int to) {
        List<String> lines = new ArrayList<>(List.of("id,x.1,colour,flag,answer"));
        for (int i = from; i < to; i++) {
            String colour = i % 2 == 0 ? "\"blue, dark\"" : "red";
            String answer = i % 2 == 0 ? "no" : "\"a \"\"yes\"\"\"";
            lines.add(String.format("%03d,%d.50,%s,%s,%s", i, i % 3, colour, i % 4 < 2, answer));
        }
        return lines;
    }

    private Path write(String name, List<String> lines) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, lines);
    }

    private void assertRefused(int code, String... parts) {
        assertThat(code).as(shell.err()).isEqualTo(2);
        assertThat(shell.err().strip().lines()).hasSize(1);
        assertThat(shell.err()).startsWith("kindling: ").contains(parts).doesNotContain("Exception");
    }

    private List<String> predict(Path data, String... more) throws IOException {
        Path output = folder.resolve("predictions");
        List<Object> arguments = new ArrayList<>(List.of("predict", "--model", model, "--data", data));
        arguments.addAll(List.of("--output", output, "--overwrite"));
        arguments.addAll(List.of(more));
        assertThat(shell.run(arguments.toArray())).as(shell.err()).isZero();
        List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.list(output)) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".csv")).sorted().toList()) {
                List<String> part = Files.readAllLines(file);
                lines.addAll(lines.isEmpty() ? part : part.subList(1, part.size()));
            }
        }
        return lines;
    }

    @Test
    void columnsComeBackAsTheyWereWritten() throws IOException {
        List<String> lines = predict(write("few.csv", table(7, 9)));
        assertThat(lines.get(0))
                .isEqualTo("id,x.1,colour,flag,answer,prediction,\"probability_a \"\"yes\"\"\",probability_no");
        assertThat(lines.get(1)).startsWith("007,1.50,red,false,\"a \"\"yes\"\"\",\"a \"\"yes\"\"\",");
        assertThat(lines.get(2)).startsWith("008,2.50,\"blue, dark\",true,no,no,");
    }

    @Test
    void rowsOfManyFilesComeInTheOrderOfTheirNames() throws IOException {
        write("many/b.csv", table(3, 5));
        write("many/a.csv", table(0, 3));
        write("many/c.csv", table(5, 60));
        List<String> ids = predict(folder.resolve("many")).stream()
                .skip(1)
                .map(line -> line.substring(0, 3))
                .toList();
        assertThat(ids).hasSize(60).isSorted();
    }

    @Test
    void parquetIsWrittenTyped() throws IOException {
        predict(write("typed.csv", table(0, 10)), "--output-format", "parquet");
        Dataset<Row> rows = LocalSpark.session()
                .read()
                .parquet(folder.resolve("predictions").toString());
        assertThat(rows.count()).isEqualTo(10);
        assertThat(rows.schema().apply("x.1").dataType()).isEqualTo(DataTypes.DoubleType);
        assertThat(rows.schema().apply("prediction").dataType()).isEqualTo(DataTypes.StringType);
        assertThat(rows.schema().apply("probability_no").dataType()).isEqualTo(DataTypes.DoubleType);
    }

    @Test
    void aSparkProgramCanLoadThePipeline() {
        PipelineModel pipeline = PipelineModel.load(model.toString());
        assertThat(pipeline.stages()[pipeline.stages().length - 1]).isInstanceOf(MlpClassificationModel.class);
        Dataset<Row> rows = LocalSpark.session().sql("SELECT 1.5D AS `x.1`, 'red' AS colour, 1D AS flag");
        Row scored = pipeline.transform(rows).select("prediction").first();
        assertThat(scored.getDouble(0)).isZero(); // the first of the labels in the order of the alphabet
    }

    @Tag("one-line")
    @Test
    void dataThatDoNotFitTheModelAreRefused() throws IOException {
        refuseRow("1,abc,red,true,no", "column \"x.1\" must hold numbers, but holds \"abc\" in row 3");
        refuseRow("1,1.5,red,perhaps,no", "column \"flag\" must hold booleans, but holds \"perhaps\" in row 3");
        refuseRow("1,1.5,red,true,maybe", "label column \"answer\"", "holds \"maybe\" in row 3");
        refuseRow("1,1.5,red,true,no,no", "a row must have 5 values", "in row 3");
        Path other = write("other.csv", List.of("id,x.1,color,flag", "1,2,red,true"));
        assertRefused(
                shell.run("predict", "--model", model, "--data", other, "--output", folder.resolve("none")),
                "there is no \"colour\"; did you mean \"color\"?");
        Path taken = write("taken.csv", List.of("x.1,colour,flag,prediction", "1,red,true,no"));
        assertRefused(
                shell.run("predict", "--model", model, "--data", taken, "--output", folder.resolve("none")),
                "column \"prediction\"");
        assertThat(folder.resolve("none")).doesNotExist();
    }

    @Test
    void categoriesThatTrainingDidNotKnowAreScoredAndCounted() throws IOException {
        List<String> lines = new ArrayList<>(table(0, 5));
        lines.set(3, "1,1.5,mauve,,no");
        Path data = write("unseen.csv", lines);
        assertThat(shell.run("evaluate", "--model", model, "--data", data))
                .as(shell.err())
                .isZero();
        assertThat(shell.out())
                .contains("column \"colour\": 1 of 5 rows have a category that training did not know")
                .contains("(5 rows)");
    }

    private void refuseRow(String row, String... parts) throws IOException {
        List<String> lines = new ArrayList<>(table(0, 5));
        lines.set(3, row);
        assertRefused(shell.run("evaluate", "--model", model, "--data", write("bad.csv", lines)), parts);
    }

    @Test
    void foldersThatHoldNoModelOfOursAreRefused() throws IOException {
        Path data = write("few.csv", table(0, 5));
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertRefused(
                shell.run("evaluate", "--model", empty, "--data", data), "must hold a model that kindling train saved");
        Path plain = folder.resolve("plain");
        new Binarizer().save(plain.toString());
        assertRefused(
                shell.run("evaluate", "--model", plain, "--data", data), "must hold a model that kindling train saved");
        Files.writeString(plain.resolve("kindling.json"), "{\"format\": \"kindling model\", \"version\": 9}");
        assertRefused(shell.run("evaluate", "--model", plain, "--data", data), "version 1", "9");
        Files.writeString(
                plain.resolve("kindling.json"),
                "{\"format\": \"kindling model\", \"version\": 1, \"task\": \"classification\", \"inputs\": []}");
        assertRefused(shell.run("evaluate", "--model", plain, "--data", data), "must describe the columns of a model");
        Files.writeString(plain.resolve("kindling.json"), "no");
        assertRefused(shell.run("evaluate", "--model", plain, "--data", data), "must be JSON");
    }

    @Test
    void outputOfAnotherKindIsNeverReplaced() throws IOException {
        Path data = write("few.csv", table(0, 5));
        Path precious = write("precious/thesis.txt", List.of("ten years of work"));
        assertRefused(
                shell.run("predict", "--model", model, "--data", data, "--output", precious.getParent(), "--overwrite"),
                "--output must name a new folder");
        assertRefused(
                shell.run("predict", "--model", model, "--data", data, "--output", precious, "--overwrite"),
                "is a file");
        assertThat(precious).hasContent("ten years of work");
        Path inAFile = precious.resolve("predictions");
        assertRefused(
                shell.run("predict", "--model", model, "--data", data, "--output", inAFile),
                "must name a writable place");
    }

    @Test
    void nothingButTheResultIsLeft() throws IOException {
        predict(write("few.csv", table(0, 5)));
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString())).noneMatch(name -> name.endsWith(".draft"));
        }
    }
}
