package dev.kindling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.loss.Loss;
import dev.kindling.nn.GradientSource;
import dev.kindling.nn.Initializer;
import dev.kindling.nn.Layer;
import dev.kindling.optim.Clip;
import dev.kindling.optim.Optimizer;
import dev.kindling.optim.OuterOptimizer;
import dev.kindling.optim.Plateau;
import dev.kindling.optim.Schedule;
import dev.kindling.optim.Span;
import dev.kindling.spec.Spec;
import dev.kindling.train.ClassWeights;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows, on the data it speaks of. */
final class ReadmeTest {

    private static final Path README = Path.of("README.md");

    @TempDir
    Path folder;

    private static Dataset<Row> table(String name) {
        return LocalSpark.session()
                .read()
                .option("header", true)
                .option("inferSchema", true)
                .csv("src/main/resources/dev/kindling/" + name);
    }

    @Test
    void theJavaExamplesCompileAndRun() throws Exception {
        Dataset<Row> digits = table("digits.csv.gz");
        String[] pixels = Arrays.copyOf(digits.columns(), 64);
        new VectorAssembler()
                .setInputCols(pixels)
                .setOutputCol("features")
                .transform(digits)
                .withColumnRenamed("digit", "label")
                .write()
                .parquet(folder + "/digits.parquet");
        Dataset<Row>[] parts = table("breast_cancer.csv.gz").randomSplit(new double[] {0.8, 0.2}, 1);
        String[] columns = Arrays.stream(parts[0].columns())
                .filter(column -> !column.equals("diagnosis"))
                .toArray(String[]::new);
        List<String> examples = Snippets.ofMarkdown(README, "java");
        assertThat(examples).hasSize(4);
        List<String> told = examples.stream().map(ReadmeTest::withAccuracy).toList();
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

    @Test
    void theCommandsAreThoseOfTheLaunchers() throws IOException, InterruptedException {
        List<String> commands = Snippets.ofMarkdown(README, "bash").stream()
                .flatMap(String::lines)
                .filter(line -> line.startsWith("submit/"))
                .toList();
        assertThat(commands).hasSizeGreaterThanOrEqualTo(3);
        for (String command : commands) {
            String dry = command.replaceFirst(" ", " --dry-run ");
            Process process = new ProcessBuilder("bash", "-c", dry)
                    .redirectErrorStream(true)
                    .start();
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(printed).isZero();
            assertThat(printed).contains("dev.kindling.job.Main");
        }
    }

    @Test
    void everyNameIsInTheReadmesTable() throws IOException {
        List<String> words = List.of(Files.readString(Path.of("README.md")).split("[^A-Za-z]+"));
        for (Class<?> family : List.of(
                Layer.class,
                Loss.class,
                Initializer.class,
                Optimizer.class,
                Schedule.class,
                Span.class,
                Plateau.class,
                Clip.class,
                ClassWeights.class,
                GradientSource.class,
                OuterOptimizer.class)) {
            assertThat(words).containsAll(Spec.names(family));
        }
    }
}
