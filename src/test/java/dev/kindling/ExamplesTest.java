package dev.kindling;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The Java examples of README.md and the pages of src/site/markdown, on the data they speak of. */
@Tag("end-to-end")
@Tag("one-line")
@InOneJvm
final class ExamplesTest {
    @TempDir
    private static Path data;

    @TempDir
    private Path folder;

    static List<Path> pagesWithJava() throws IOException {
        List<Path> pages = new ArrayList<>();
        for (Path page : Snippets.pages()) {
            if (!Snippets.ofMarkdown(page, "java").isEmpty()) {
                pages.add(page);
            }
        }
        return pages;
    }

    private static Dataset<Row> table(String name) {
        return LocalSpark.session()
                .read()
                .option("header", true)
                .option("inferSchema", true)
                .csv("src/main/resources/dev/kindling/" + name);
    }

    @BeforeAll
    static void writeDigits() {
        Dataset<Row> digits = table("digits.csv.gz");
        String[] pixels = Arrays.copyOf(digits.columns(), 64);
        new VectorAssembler()
                .setInputCols(pixels)
                .setOutputCol("features")
                .transform(digits)
                .withColumnRenamed("digit", "label")
                .write()
                .parquet(data + "/digits.parquet");
    }

    @Test
    void thereAreExamplesToRun() throws IOException {
        assertThat(pagesWithJava()).hasSizeGreaterThanOrEqualTo(5).contains(Path.of("README.md"));
    }

    @ParameterizedTest
    @MethodSource("pagesWithJava")
    void theJavaExamplesCompileAndRun(Path page) throws Exception {
        Dataset<Row>[] parts = table("breast_cancer.csv.gz").randomSplit(new double[] {0.8, 0.2}, 1);
        String[] columns = Arrays.stream(parts[0].columns())
                .filter(column -> !column.equals("diagnosis"))
                .toArray(String[]::new);
        Files.createSymbolicLink(folder.resolve("digits.parquet"), data.resolve("digits.parquet"));
        List<String> told = Snippets.ofMarkdown(page, "java").stream()
                .map(ExamplesTest::withAccuracy)
                .toList();
        Snippets.run(told, parts[0], parts[1], columns, folder);
    }

    /** What makes a table {@code scored} tells tumours or digits apart, too. */
    private static String withAccuracy(String example) {
        return example
                + (example.contains("scored")
                        ? """
                        double accuracy = new MulticlassClassificationEvaluator().setMetricName("accuracy").evaluate(scored);
                        if (!(accuracy > 0.93)) {
                            throw new AssertionError("accuracy " + accuracy);
                        }
                        """
                        : "");
    }
}
