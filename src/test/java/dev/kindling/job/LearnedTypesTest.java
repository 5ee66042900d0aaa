package dev.kindling.job;

import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.InOneJvm;
import dev.kindling.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a model learned of a column in training holds however the column is given later: as CSV, typed or as text. The
 * scores are the same, or a sentence refuses it. One model of each kind of label serves all tests.
 */
@Tag("end-to-end")
@Tag("one-line")
@InOneJvm
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LearnedTypesTest {
    /** Each kind of column: its name, and expressions that mean the same. */
    private static final List<List<String>> SAME = List.of(
            List.of("n", "n", "cast(n as string)", "cast(n as decimal(9, 3))", "cast(n as float)", "n || 'e0'"),
            List.of(
                    "b",
                    "b",
                    "cast(b as int)",
                    "initcap(cast(b as string))",
                    "cast(b as double)",
                    "cast(cast(b as int) as string)",
                    "upper(cast(b as string))"),
            List.of("c", "c", "cast(c as string)"),
            List.of("k", "k", "cast(k as int)", "cast(k as double)", "cast(k as decimal(9, 2))"),
            List.of("truth", "truth", "cast(truth as int)", "initcap(cast(truth as string))", "cast(truth as double)"),
            List.of("sign", "sign", "cast(sign as double)", "cast(sign as string)", "cast(sign as decimal(5, 1))"),
            List.of(
                    "index",
                    "index",
                    "cast(index as double)",
                    "cast(index as string)",
                    "'0' || index",
                    "index || '.0'"),
            List.of("word", "word"));

    private static final List<String> LABELS = List.of("truth", "sign", "index", "word");

    @TempDir
    static Path folder;

    private final Shell shell = new Shell();
    private Dataset<Row> rows;

    /** The categories of {@code k} are words and whole numbers. */
    @BeforeAll
    void trainOnce() throws IOException {
        rows = LocalSpark.session()
                .range(40)
                .selectExpr(
                        "id % 7 + 0.25D as n",
                        "id % 3 = 0 as b",
                        "if(id % 2 = 0, 'A', 'B') as c",
                        "if(id < 30, cast(id % 2 as string), if(id % 2 = 0, 'few', 'many')) as k",
                        "id % 2 = 0 as truth",
                        "if(id % 2 = 0, 1, -1) as sign",
                        "id % 2 as index",
                        "if(id % 2 = 0, 'yes', 'no') as word")
                .coalesce(1);
        write(rows.withColumn("b", expr("initcap(cast(b as string))")), "csv", "train");
        for (String label : LABELS) {
            assertThat(shell.run(
                            "train",
                            "--train",
                            folder.resolve("train.csv"),
                            "--label",
                            label,
                            "--features",
                            "n,b,c,k",
                            "--task",
                            "classification",
                            "--hidden",
                            4,
                            "--epochs",
                            2,
                            "--members",
                            1,
                            "--shards",
                            1,
                            "--model",
                            model(label)))
                    .as(shell.err())
                    .isZero();
        }
    }

    private static Path model(String label) {
        return folder.resolve("model-" + label);
    }

    private static Path write(Dataset<Row> data, String format, String name) {
        Path path = folder.resolve(name + "." + format);
        data.write().mode("overwrite").option("header", true).format(format).save(path.toString());
        return path;
    }

    private String evaluate(String label, Path data) {
        assertThat(shell.run("evaluate", "--model", model(label), "--data", data))
                .as("%s of %s: %s", label, data, shell.err())
                .isZero();
        return shell.out();
    }

    /** In the i-th table each column is given in its i-th way. */
    private Dataset<Row> given(Dataset<Row> data, int way) {
        return data.selectExpr(SAME.stream()
                .map(ways -> ways.get(1 + way % (ways.size() - 1)) + " as " + ways.get(0))
                .toArray(String[]::new));
    }

    /** All, for the label with which the features are looked at; else until the label's own come again in the same format. */
    private static int ways(String label) {
        int all = 6;
        int own = SAME.stream()
                        .filter(ways -> ways.get(0).equals(label))
                        .findFirst()
                        .orElseThrow()
                        .size()
                - 1;
        return label.equals("truth") ? all : Math.min(all, own % 2 == 0 ? own : 2 * own);
    }

    @Test
    void valuesThatMeanTheSameScoreTheSame() {
        Dataset<Row> known = rows.filter("k IN ('0', '1')");
        for (String label : LABELS) {
            String expected = evaluate(label, write(known, "parquet", "known"));
            assertThat(expected).contains("accuracy");
            for (int way = 0; way < ways(label); way++) {
                Dataset<Row> given = given(known, way);
                Dataset<Row> texts = given.withColumn("k", expr("cast(int(k) as string)"));
                if (label.equals("truth") || way % 2 == 0) { // the features are the same for all labels
                    assertThat(evaluate(label, write(given, "parquet", "typed")))
                            .isEqualTo(expected);
                }
                if (label.equals("truth") || way % 2 == 1) {
                    assertThat(evaluate(label, write(texts, "csv", "text"))).isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void valuesThatMeanSomethingElseAreRefused() throws IOException {
        refuse("truth", "n", "'two'", "column \"n\" must hold numbers, but holds \"two\" in row 1");
        refuse("truth", "b", "'yes'", "column \"b\" must hold booleans, but holds \"yes\" in row 1");
        refuse("truth", "b", "2", "column \"b\" must hold booleans, but holds \"2\" in row 1");
        refuse("truth", "truth", "'yes'", "label column \"truth\" must hold booleans, but holds \"yes\" in row 1");
        refuse("sign", "sign", "0", "label column \"sign\" must hold one of the 2 values", "\"0\" in row 1");
        refuse("sign", "sign", "0.5D", "label column \"sign\" must hold whole numbers", "\"0.5\" in row 1");
        refuse("index", "index", "2", "label column \"index\" must hold one of the 2 values", "\"2\" in row 1");
        refuse("index", "index", "'0x'", "label column \"index\" must hold numbers, but holds \"0x\" in row 1");
        refuse("word", "word", "'No'", "label column \"word\" must hold one of the 2 values", "\"No\" in row 1");
        Path dates = write(rows.selectExpr("date'2024-01-05' as n", "b", "c", "k", "truth"), "parquet", "dates");
        assertThat(shell.run("evaluate", "--model", model("truth"), "--data", dates))
                .isEqualTo(2);
        assertThat(shell.err()).contains("column \"n\" must hold numbers, but holds \"2024-01-05\" in row 1");
    }

    private void refuse(String label, String column, String expression, String... parts) throws IOException {
        Dataset<Row> other = rows.withColumn(column, expr(expression));
        String format = column.length() % 2 == 0 ? "parquet" : "csv"; // each kind of column in one of them
        assertThat(shell.run("evaluate", "--model", model(label), "--data", write(other, format, "other")))
                .as("%s as %s in %s", column, expression, format)
                .isEqualTo(2);
        assertThat(shell.err().strip().lines()).hasSize(1);
        assertThat(shell.err()).contains(parts);
    }

    @Test
    void predictionsHaveTheLabelsOfTheData() throws IOException {
        assertThat(predictions("sign")).allMatch(line -> line.matches("-?1,0\\.\\d+,0\\.\\d+"));
        assertThat(predictions("truth")).allMatch(line -> line.matches("(true|false),.*"));
        assertThat(shell.run(
                        "predict",
                        "--model",
                        model("sign"),
                        "--data",
                        folder.resolve("train.csv"),
                        "--output",
                        folder.resolve("typed-predictions"),
                        "--output-format",
                        "parquet"))
                .as(shell.err())
                .isZero();
        Dataset<Row> typed = LocalSpark.session()
                .read()
                .parquet(folder.resolve("typed-predictions").toString());
        assertThat(typed.schema().apply("prediction").dataType().simpleString()).isEqualTo("bigint");
        assertThat(typed.columns()).endsWith("prediction", "probability_-1", "probability_1");
    }

    /** What predict appends. */
    private List<String> predictions(String label) throws IOException {
        Path output = folder.resolve("predictions-" + label);
        Path data = write(rows.select("n", "b", "c", "k"), "csv", "unlabelled");
        assertThat(shell.run("predict", "--model", model(label), "--data", data, "--output", output))
                .as(shell.err())
                .isZero();
        List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.list(output)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".csv")).toList()) {
                lines.addAll(Files.readAllLines(file));
            }
        }
        return lines.stream()
                .skip(1)
                .map(line -> line.replaceFirst("^([^,]*,){4}", ""))
                .toList();
    }
}
