package dev.kindling.job;

import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.Hostile;
import dev.kindling.InOneJvm;
import dev.kindling.LocalSpark;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.ml.MlpClassificationModel;
import dev.kindling.score.Prediction;
import dev.kindling.score.Scorer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The scorer's predictions have the bits of {@code kindling predict}: raw rows with gaps and unseen categories. */
@Tag("end-to-end")
@Tag("one-line")
@InOneJvm
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ScoringWithoutSparkTest {
    @TempDir
    static Path folder;

    private final Shell shell = new Shell();
    private Path rows;
    private Path model; // of classes
    private Scorer scorer;

    @BeforeAll
    void trainOnce() throws IOException {
        LocalSpark.session();
        Path known = ExportCommandTest.table(folder);
        rows = folder.resolve("others");
        LocalSpark.session()
                .read()
                .parquet(known.toString())
                .coalesce(1)
                .withColumn("town", expr("if(price % 7 = 0, 'Chur', town)"))
                .write()
                .parquet(rows.toString());
        model = train(known.toString(), "classes", "--label", "kind", "--exclude", "price", "--members", "2");
        scorer = Scorer.load(model);
    }

    private Path train(String data, String name, String... options) {
        Path saved = folder.resolve(name);
        List<String> all = new ArrayList<>(List.of("train", "--train", data, "--model", saved.toString()));
        all.addAll(List.of("--hidden", "16", "--epochs", "1"));
        if (!data.startsWith("bundled:")) {
            all.addAll(List.of("--format", "parquet"));
        }
        all.addAll(List.of(options));
        assertThat(shell.run(all.toArray())).as("%s", shell.err()).isZero();
        return saved;
    }

    private List<Row> predict(Path saved, String data) {
        Path scored = folder.resolve("scored");
        List<String> all = new ArrayList<>(List.of("predict", "--model", saved.toString(), "--data", data));
        all.addAll(List.of("--output", scored.toString(), "--output-format", "parquet", "--overwrite"));
        if (!data.startsWith("bundled:")) {
            all.addAll(List.of("--format", "parquet"));
        }
        assertThat(shell.run(all.toArray())).as("%s", shell.err()).isZero();
        return LocalSpark.session()
                .read()
                .parquet(scored.toString())
                .coalesce(1)
                .collectAsList();
    }

    private static List<Map<String, Object>> maps(List<Row> rows) {
        List<Map<String, Object>> maps = new ArrayList<>();
        for (Row row : rows) {
            Map<String, Object> map = new LinkedHashMap<>();
            for (String column : row.schema().fieldNames()) {
                map.put(column, row.getAs(column));
            }
            maps.add(map);
        }
        return maps;
    }

    @Test
    void classesHaveTheBitsOfPredict() {
        List<Row> scored = predict(model, rows.toString());
        List<Prediction> predictions = scorer.predictAll(maps(scored));
        assertThat(scorer.columns()).containsExactly("amount", "second", "town", "member", "seen", "height", "opens");
        assertThat(scorer.classes()).containsExactly("a", "b", "c");
        assertThat(scored).filteredOn(row -> "Chur".equals(row.getAs("town"))).hasSizeGreaterThan(10);
        for (int i = 0; i < scored.size(); i++) {
            Row row = scored.get(i);
            Prediction prediction = predictions.get(i);
            assertThat(prediction.label()).isEqualTo(row.<String>getAs("prediction"));
            prediction.probabilities().forEach((label, probability) -> assertThat(probability)
                    .isEqualTo(row.<Double>getAs("probability_" + label)));
        }
    }

    @Test
    void valuesHaveTheBitsOfPredict() throws IOException {
        Path regression = train(
                rows.toString(),
                "values",
                "--label",
                "price",
                "--exclude",
                "kind",
                "--scale",
                "quantile",
                "--members",
                "1");
        List<Row> scored = predict(regression, rows.toString());
        List<Prediction> predictions = Scorer.load(regression.toString()).predictAll(maps(scored));
        for (int i = 0; i < scored.size(); i++) {
            assertThat(predictions.get(i).value()).isEqualTo(scored.get(i).<Double>getAs("prediction"));
        }
    }

    /** In the same blocks: with AVX2 alone, bits of OpenBLAS depend on a row's place in its block. */
    @Test
    void bundledSetsHaveTheBitsOfTransform() throws IOException {
        Map<String, String> labels = Map.of("bundled:digits", "digit", "bundled:diabetes", "progression");
        for (String data : labels.keySet()) {
            Path saved = train(data, data.substring(8), "--label", labels.get(data), "--members", "1");
            Scorer own = Scorer.load(saved);
            List<Row> raw = predict(saved, data);
            Dataset<Row> table = LocalSpark.session()
                    .createDataFrame(raw, raw.get(0).schema())
                    .select(own.columns().stream().map(functions::col).toArray(Column[]::new))
                    .coalesce(1);
            List<Row> expected =
                    PipelineModel.load(saved.toString()).transform(table).collectAsList();
            List<Prediction> predictions = own.predictAll(maps(raw));
            for (int i = 0; i < raw.size(); i++) {
                if (data.equals("bundled:diabetes")) {
                    assertThat(predictions.get(i).value())
                            .isEqualTo(expected.get(i).<Double>getAs("prediction"));
                } else {
                    assertThat(predictions.get(i).label())
                            .isEqualTo(raw.get(i).getAs("prediction").toString());
                    assertThat(predictions.get(i).probabilities().get("3"))
                            .isEqualTo(expected.get(i)
                                    .<Vector>getAs("probability")
                                    .apply(own.classes().indexOf("3")));
                }
            }
        }
    }

    /** Spark's own way to score one row is the vector's. */
    @Test
    void aRowByItselfHasTheBitsOfTheVectors() {
        PipelineModel pipeline = PipelineModel.load(model.toString());
        MlpClassificationModel network = (MlpClassificationModel) pipeline.stages()[pipeline.stages().length - 1];
        Dataset<Row> read = LocalSpark.session().read().parquet(rows.toString()).coalesce(1);
        List<Row> vectors = pipeline.stages()[1].transform(read).collectAsList();
        for (int i = 0; i < 60; i++) {
            Vector expected = network.predictProbability(vectors.get(i).<Vector>getAs(network.getFeaturesCol()));
            Prediction prediction = scorer.predict(maps(vectors).get(i));
            assertThat(prediction.probabilities().values().stream().mapToDouble(p -> p))
                    .containsExactly(
                            IntStream.range(0, 3).mapToObj(expected::apply).toArray(Double[]::new));
        }
    }

    @Test
    void manyThreadsMayUseOne() {
        List<Map<String, Object>> maps =
                maps(LocalSpark.session().read().parquet(rows.toString()).collectAsList());
        List<Map<String, Double>> alone =
                maps.stream().map(row -> scorer.predict(row).probabilities()).toList();
        List<Map<String, Double>> together = IntStream.range(0, 3_000)
                .parallel()
                .mapToObj(i -> scorer.predict(maps.get(i % maps.size())).probabilities())
                .toList();
        for (int i = 0; i < together.size(); i++) {
            assertThat(together.get(i)).isEqualTo(alone.get(i % alone.size()));
        }
    }

    @Test
    void anExportedFileIsTheFolders() throws IOException {
        Path file = folder.resolve("m.safetensors");
        assertThat(shell.run("export", "--model", model, "--output", file))
                .as("%s", shell.err())
                .isZero();
        assertThat(file).hasSameBinaryContentAs(model.resolve("model.safetensors"));
        assertThat(shell.run("export", "--model", model, "--output", file)).isEqualTo(Main.BAD_INPUT);
        assertThat(shell.err()).contains("exists; --overwrite replaces it");
        assertThat(shell.run("export", "--model", model, "--output", file, "--overwrite", "--form", "network"))
                .isZero();
        assertThat(Scorer.load(file).columns()).isEmpty();
        assertThat(Scorer.load(file).features()).isEqualTo(scorer.features());
    }

    @Test
    void mistakesAreSentences() throws IOException {
        Map<String, Object> row = new HashMap<>(
                maps(LocalSpark.session().read().parquet(rows.toString()).takeAsList(1))
                        .get(0));
        row.put("height", "5 ft");
        refused(() -> scorer.predict(row), "must hold numbers, in \"cm\" or without a unit, but holds \"5 ft\"");
        row.put("height", "170");
        row.put("opens", "25:00");
        refused(
                () -> scorer.predict(row),
                "column \"opens\" must hold times of day like H:mm[:ss], but holds \"25:00\"");
        row.put("opens", null);
        row.put("amount", "much");
        refused(() -> scorer.predict(row), "column \"amount\" must hold numbers, but holds \"much\"");
        refused(
                () -> scorer.predictAll(List.of(Map.copyOf(Map.of("amount", 1)))),
                "a row must have the columns that the model takes, but has no \"second\", in row 0");
        assertThatThrownBy(() -> scorer.predictAll(List.of(row)))
                .isInstanceOfSatisfying(InvalidInput.class, e -> assertThat(e.redacted())
                        .endsWith("must hold numbers, but holds \"(redacted)\", in row 0"));
        row.remove("amount");
        row.put("amont", 1);
        refused(() -> scorer.predict(row), "has no \"amount\"; did you mean \"amont\"?");
        refused(
                () -> scorer.predictValues(1, 2),
                "must have the values of the 7 columns that the model takes, but has 2");
        refused(
                () -> scorer.predictFeatures(1, 2),
                "takes the columns [amount, second, town, member, seen, height, opens]");
        refused(() -> scorer.predictValues(1, 2, null, true, null, 170, "7:05").value(), "must be a regression");
        Path old = Files.createDirectory(folder.resolve("old"));
        refused(
                () -> Scorer.load(old),
                "must have a file model.safetensors, but has none; kindling export --model " + old
                        + " --output FILE.safetensors writes it");
        refused(() -> Scorer.load("nowhere"), "there is no file nowhere");
    }

    @Test
    void aDamagedFileIsRefused() throws IOException {
        byte[] intact = Files.readAllBytes(model.resolve("model.safetensors"));
        Path file = folder.resolve("damaged.safetensors");
        Hostile.damage(List.of(intact), 5, Hostile.share(20, 1), 64, input -> {
            Files.write(file, input);
            Scorer.load(file);
        });
        intact[intact.length - 3] ^= 4; // of a weight
        Files.write(file, intact);
        refused(() -> Scorer.load(file), "it does not have the checksum that it was written with");
    }

    private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String sentence) {
        assertThatThrownBy(call).isInstanceOf(InvalidInput.class).hasMessageContaining(sentence);
    }
}
