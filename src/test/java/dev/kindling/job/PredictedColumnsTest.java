package dev.kindling.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.InOneJvm;
import dev.kindling.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The columns of the data come out of {@code predict} as they went in: as Spark writes them without Kindling. */
@Tag("end-to-end")
@InOneJvm
final class PredictedColumnsTest {
    private static final SparkSession SPARK = LocalSpark.session();

    private final Shell shell = new Shell();

    @TempDir
    Path folder;

    private Path train(Path rows, String format, String label) {
        Path model = folder.resolve("model");
        List<Object> arguments = new ArrayList<>(List.of("train", "--train", rows, "--format", format));
        arguments.addAll(List.of("--label", label, "--task", "classification", "--hidden", "4", "--epochs", "1"));
        arguments.addAll(List.of("--members", "1", "--model", model));
        arguments.addAll(format.equals("csv") ? List.of("--multi-line") : List.of());
        assertThat(shell.run(arguments.toArray())).as(shell.err()).isZero();
        return model;
    }

    private Path predict(Path model, Path data, String format, String output) {
        Path scored = folder.resolve("scored-" + output);
        List<Object> arguments = new ArrayList<>(List.of("predict", "--model", model, "--data", data));
        arguments.addAll(List.of("--format", format, "--output", scored, "--output-format", output));
        arguments.addAll(format.equals("csv") ? List.of("--multi-line") : List.of());
        assertThat(shell.run(arguments.toArray())).as(shell.err()).isZero();
        return scored;
    }

    private static Dataset<Row> texts(Path file) {
        return SPARK.read()
                .option("header", true)
                .option("escape", "\"")
                .option("multiLine", true)
                .csv(file.toString());
    }

    private Path types() {
        Path data = folder.resolve("types.parquet");
        SPARK.range(0, 90, 1, 3)
                .selectExpr(
                        "id * 0.1D AS a_double",
                        "CAST(id * 0.1 AS float) AS a_float",
                        "IF(id % 9 = 0, NULL, CAST(id AS int) % 5) AS an_int",
                        "CAST(id % 7 AS tinyint) AS a_byte",
                        "id * 1000000007 AS a_long",
                        "CAST(id AS decimal(12, 3)) / 7 AS a_decimal",
                        "id % 4 = 0 AS a_truth",
                        "date_add(date'1899-12-01', CAST(id * 100 AS int)) AS a_date",
                        "timestamp'1969-12-31 23:59:59.123456' + make_interval(0, 0, 0, 0, CAST(id AS int)) AS a_time",
                        "elt(1 + id % 4, 'a', ' b ', 'c, \"d\"', '') AS a_text",
                        "IF(id % 5 = 0, NULL, encode(concat('x', id), 'UTF-8')) AS some_bytes",
                        "array(id, id + 1) AS several",
                        "named_struct('x', id, 'y', 'z') AS nested",
                        "elt(1 + id % 2, 'no', 'yes') AS y")
                .write()
                .parquet(data.toString());
        return data;
    }

    @Test
    void valuesOfEachTypeAreWrittenAsSparkWritesThem() {
        Path data = types();
        Dataset<Row> given = SPARK.read().parquet(data.toString());
        Path part = folder.resolve("train.parquet");
        given.drop("some_bytes", "several", "nested").write().parquet(part.toString());
        Path model = train(part, "parquet", "y");

        Dataset<Row> scored =
                SPARK.read().parquet(predict(model, data, "parquet", "parquet").toString());
        String[] names = given.columns();
        Dataset<Row> kept = scored.selectExpr(names);
        assertThat(kept.schema()).isEqualTo(given.schema());
        assertThat(kept.selectExpr("to_json(struct(*))").collectAsList())
                .containsExactlyInAnyOrderElementsOf(
                        given.selectExpr("to_json(struct(*))").collectAsList());
        assertThat(Arrays.copyOfRange(scored.columns(), names.length, names.length + 3))
                .containsExactly("prediction", "probability_no", "probability_yes");

        Path asText = folder.resolve("given");
        given.drop("some_bytes", "several", "nested")
                .write()
                .option("header", true)
                .option("escape", "\"")
                .csv(asText.toString());
        Dataset<Row> expected = texts(asText);
        assertThat(texts(predict(model, data, "parquet", "csv"))
                        .selectExpr(expected.columns())
                        .collectAsList())
                .containsExactlyInAnyOrderElementsOf(expected.collectAsList());
    }

    @Tag("one-line")
    @Test
    void textsOfCsvAreWrittenAsGivenOrAsTheNumbersThatTheyAre() throws IOException {
        List<String> lines = new ArrayList<>(List.of("id,size.in cm,code,note,y"));
        List<String> sizes = List.of("-0", "1e3", "", ".5", "900719925474099.30");
        for (int i = 0; i < 64; i++) {
            lines.add("r" + i + "," + (i % 4 == 0 ? sizes.get(i % 5) : i + ".50") + "," + "0" + i % 3 + ","
                    + (i % 3 == 0 ? "\"two\nlines, \"\"quoted\"\"\"" : "é; ü") + "," + i % 2);
        }
        Path data = Files.write(folder.resolve("rows.csv"), lines);
        Path model = train(data, "csv", "y");

        Dataset<Row> given = texts(data).select("id", "code", "note", "y");
        Dataset<Row> scored = texts(predict(model, data, "csv", "csv"));
        assertThat(scored.select("id", "code", "note", "y").collectAsList()).isEqualTo(given.collectAsList());
        assertThat(scored.selectExpr("`size.in cm`").collectAsList())
                .isEqualTo(texts(data).selectExpr("`size.in cm`").collectAsList());

        Dataset<Row> typed =
                SPARK.read().parquet(predict(model, data, "csv", "parquet").toString());
        assertThat(Arrays.stream(typed.schema().fields())
                        .filter(field -> field.dataType().equals(DataTypes.DoubleType))
                        .map(StructField::name))
                .containsExactly("size.in cm", "probability_0", "probability_1");
        assertThat(typed.select("id", "code", "note", "y").collectAsList()).isEqualTo(given.collectAsList());
        assertThat(typed.selectExpr("`size.in cm`").collectAsList())
                .isEqualTo(texts(data)
                        .selectExpr("CAST(`size.in cm` AS double) AS size")
                        .collectAsList());
    }
}
