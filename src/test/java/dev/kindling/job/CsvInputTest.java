package dev.kindling.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.InOneJvm;
import dev.kindling.LocalSpark;
import dev.kindling.ReleasesTables;
import dev.kindling.job.input.CsvFiles;
import dev.kindling.job.input.CsvOptions;
import dev.kindling.job.input.DecimalMark;
import dev.kindling.job.io.DataSource;
import dev.kindling.linalg.InvalidInput;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** CSV in the spellings that people have: read as an option says, or refused with the option. */
@Tag("end-to-end")
@Tag("one-line")
@InOneJvm
@ExtendWith(ReleasesTables.class)
final class CsvInputTest {
    @TempDir
    Path folder;

    private final Shell shell = new Shell();

    @BeforeAll
    static void startSpark() {
        LocalSpark.session();
    }

    private static String table(String header, String end, IntFunction<String> row) {
        StringBuilder text = new StringBuilder(header).append(end);
        for (int i = 0; i < 30; i++) {
            text.append(row.apply(i)).append(end);
        }
        return text.toString();
    }

    private static String kind(int row) {
        return row % 3 == 0 ? "no" : "yes";
    }

    private Path write(String name, String text, Charset charset) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, text.getBytes(charset));
    }

    private Path write(String name, String text) throws IOException {
        return write(name, text, StandardCharsets.UTF_8);
    }

    private int train(Path data, Object... more) {
        List<Object> arguments = new ArrayList<>(List.of("train", "--train", data, "--label", "y", "--task"));
        arguments.addAll(List.of(
                "classification", "--hidden", "2", "--epochs", "1", "--members", "1", "--shards", "1", "--overwrite"));
        arguments.addAll(List.of("--model", folder.resolve("model")));
        arguments.addAll(List.of(more));
        return shell.run(arguments.toArray());
    }

    private void assertRefused(String sentence, Path data, Object... more) {
        assertThat(train(data, more)).as(shell.err()).isEqualTo(2);
        assertThat(shell.err().strip().lines()).hasSize(1);
        assertThat(shell.err()).startsWith("kindling: ").contains(sentence).doesNotContain("\uFFFD");
        assertThat(folder.resolve("model")).doesNotExist();
    }

    private void assertTrains(Path data, Object... more) throws IOException {
        assertThat(train(data, more)).as(shell.err()).isZero();
        try (var files = Files.walk(folder.resolve("model"))) {
            files.sorted((a, b) -> b.compareTo(a)).forEach(file -> file.toFile().delete());
        }
    }

    private static CsvOptions options(String delimiter, DecimalMark decimal) {
        return new CsvOptions(delimiter, null, null, null, false, null, decimal, null);
    }

    private static DataSource source(Path data, CsvOptions options) throws IOException {
        return DataSource.of(LocalSpark.session(), data.toString(), null, options);
    }

    @Tag("smoke")
    @Test
    void filesAreMatchedByTheirOwnHeadersInTheOrderOfTheirPaths() throws IOException {
        write("files/a.csv", table("a,b,y", "\n", i -> i + "," + (100 + i) + "," + kind(i)));
        write("files/b.csv", table("y,b,a", "\n", i -> kind(i) + "," + (100 + i) + ".0," + i));
        byte[] packed = DataSourceTest.gzip(table("b, y,\"a\"", "\n", i -> (100 + i) + "," + kind(i) + "," + i)
                .getBytes(StandardCharsets.UTF_8));
        Files.write(folder.resolve("files/c.csv.gz"), packed);
        DataSource source = source(folder.resolve("files"), CsvOptions.NONE);
        Dataset<Row> typed = Typed.all(source).rows();
        assertThat(typed.count()).isEqualTo(90);
        assertThat(typed.filter("b - a = 100 AND y IN ('yes', 'no')").count()).isEqualTo(90);
        List<Row> ordered = source.forModel(0, true).rows().select("a", "b").collectAsList();
        for (int i = 0; i < 90; i++) {
            assertThat(ordered.get(i).getString(0)).isEqualTo(Integer.toString(i % 30));
            assertThat(ordered.get(i).getString(1)).isEqualTo(100 + i % 30 + (i / 30 == 1 ? ".0" : ""));
        }
    }

    @Tag("smoke")
    @Test
    void filesWithOtherColumnsOrWithoutAHeaderAreRefusedByName() throws IOException {
        write("files/a.csv", table("a,b,y", "\n", i -> i + "," + i + "," + kind(i)));
        Path other = write("files/b.csv", table("a,c,y", "\n", i -> i + "," + i + "," + kind(i)));
        assertRefused(
                "files/b.csv must have the columns of " + folder.resolve("files/a.csv")
                        + ", \"a,b,y\", but begins with \"a,c,y\"",
                folder.resolve("files"));
        Files.writeString(other, "0.5,7,no\n");
        assertRefused("files/b.csv must begin with a line of column names", folder.resolve("files"));
        Files.writeString(other, "5,7,no\n");
        assertRefused("but begins with \"5,7,no\"", folder.resolve("files"));
    }

    @Test
    void aFileWithoutAHeaderIsReadAsTheOptionSays() throws IOException {
        Path file = write("a.csv", table("0.5,1,yes", "\n", i -> i + ".5," + i + "," + kind(i)));
        assertRefused("--header false reads it without names, and --header true takes these for names", file);
        CsvOptions without = new CsvOptions(null, null, null, null, false, null, null, false);
        Dataset<Row> rows = Typed.all(source(file, without)).rows();
        assertThat(rows.columns()).startsWith("_c0", "_c1", "_c2");
        assertThat(rows.count()).isEqualTo(31);
        assertTrains(file, "--header", "false", "--label", "_c2");
        assertTrains(file, "--header", "true", "--label", "yes");
    }

    @Test
    void columnsAreNamedAsSparkNamesThem() throws IOException {
        for (String header : List.of("a,b,y", "a,a,y", "a,A,y", ",a,y", ",,y", "a,b,a", "\" \",a.b,y", "a_1,a_1,A_1")) {
            Path file = write("a.csv", table(header, "\n", i -> i + "," + i + "," + kind(i)));
            Dataset<Row> own = Typed.all(source(file, CsvOptions.NONE)).rows();
            assertThat(Arrays.copyOf(own.columns(), 3))
                    .as(header)
                    .isEqualTo(CsvFiles.reader(LocalSpark.session(), CsvOptions.NONE)
                            .csv(file.toString())
                            .columns());
        }
        Path twice = write("b.csv", table("a,A,y", "\n", i -> i + "," + i % 3 + "," + kind(i)));
        assertTrains(twice);
        assertThat(shell.out()).contains("number    a0, A1");
    }

    @Test
    void otherDelimitersAreNamed() throws IOException {
        for (String delimiter : List.of(";", "\t", "|")) {
            Path file = write(
                    "a.txt",
                    table("a,b,y".replace(",", delimiter), "\r\n", i -> i + delimiter + i + delimiter + kind(i)));
            String typed = delimiter.equals("\t") ? "\\t" : delimiter;
            assertRefused("; --delimiter '" + typed + "' reads it", file);
            assertTrains(file, "--delimiter", typed);
        }
        assertTrains(write("b.txt", table("a\tb\ty", "\n", i -> i + "\t" + i + "\t" + kind(i))), "--delimiter", "tab");
    }

    @Test
    void otherEncodingsAreNamed() throws IOException {
        String text = table("a,b,y", "\n", i -> i + "," + (i % 2 == 0 ? "K\u00f6ln" : "Bonn") + "," + kind(i));
        for (String name : List.of("UTF-16", "UTF-16LE", "UTF-16BE")) {
            Path file = write(name + ".csv", text, Charset.forName(name));
            assertRefused("must be text in UTF-8", file);
            assertThat(shell.err()).contains("--encoding " + name);
            assertTrains(file, "--encoding", name);
        }
        Path latin = write("latin.csv", text, StandardCharsets.ISO_8859_1);
        assertRefused("but the line \"0,K\u00f6ln,no\" is not; --encoding ISO-8859-1", latin);
        assertRefused("--encoding ISO-8859-1", latin, "--features", "a");
        assertTrains(latin, "--encoding", "ISO-8859-1");
        assertThat(train(latin, "--encoding", "US-ASCII")).isEqualTo(2);
        assertThat(shell.err()).contains("must be text in US-ASCII");
        Path header = write("header.csv", text.replace("a,b", "gr\u00f6\u00dfe,b"), StandardCharsets.ISO_8859_1);
        assertRefused("but the line \"gr\u00f6\u00dfe,b,y\" is not", header);
        Path marked = write("marked.csv", "\uFEFF" + text);
        assertThat(Typed.all(source(marked, CsvOptions.NONE)).columns().fieldNames())
                .containsExactly("a", "b", "y");
        assertTrains(write("lost.csv", text.replace("\u00f6", "\uFFFD")));
    }

    @Tag("smoke")
    @Test
    void quotesThatEndOtherwiseAreNamed() throws IOException {
        Path lines = write("lines.csv", table("a,note", "\n", i -> i + ",\"x" + i % 2 + "\nbar, baz\""));
        assertRefused("; --multi-line reads line breaks within quotes", lines, "--label", "note");
        assertTrains(lines, "--label", "note", "--multi-line");
        Path escapes = write("escapes.csv", table("a,note,y", "\n", i -> i + ",\"say \\\"hi\\\" u\"," + kind(i)));
        assertRefused("; --escape '\\' reads a quote after a backslash", escapes);
        assertTrains(escapes, "--escape", "\\");
        Path single = write("single.csv", table("a,note,y", "\n", i -> i + ",'u, v'," + kind(i)));
        assertRefused("a row must have 3 values", single);
        assertTrains(single, "--quote", "'");
        assertTrains(write("legal.csv", table("a,note,y", "\n", i -> i + ",\"say \"\"hi\"\", u\"," + kind(i))));
    }

    @Test
    void decimalCommasAreNumbersInTrainingAndScoring() throws IOException {
        Path file = write("a.csv", table("a;b;y", "\n", i -> "1.00" + i % 10 + "," + i + ";-" + i + ",25;" + kind(i)));
        assertTrains(file, "--delimiter", ";");
        assertThat(shell.out())
                .contains("number    a: numbers written like \"1.000,0\"", "number    b: numbers written");
        CsvOptions options = options(";", DecimalMark.COMMA);
        Row third = Typed.all(source(file, options)).rows().collectAsList().get(3);
        assertThat(third.getDouble(0)).isEqualTo(1003.3);
        assertThat(third.getDouble(1)).isEqualTo(-3.25);
        assertThat(train(file, "--delimiter", ";", "--decimal", ","))
                .as(shell.err())
                .isZero();
        Path model = folder.resolve("model");
        assertThat(shell.run("evaluate", "--model", model, "--data", file, "--delimiter", ";", "--decimal", ","))
                .as(shell.err())
                .isZero();
        Path output = folder.resolve("output");
        assertThat(shell.run("predict", "--model", model, "--data", file, "--delimiter", ";", "--output", output))
                .isEqualTo(2);
        assertThat(shell.err()).contains("column \"a\" must hold numbers, but holds \"1.000,0\"", "; --decimal ,");
        Path points = write("points.csv", table("a;b;y", "\n", i -> i + ".5;1;" + kind(i)));
        assertThatThrownBy(() -> Typed.all(source(points, options)))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("must hold numbers with the mark of --decimal ',', but holds \"0.5\"");
    }

    @Test
    void labelsOfARegressionNameTheOptionToo() throws IOException {
        Path file = write("a.csv", table("a,y", "\n", i -> i + ",\"" + i + ",5\""));
        assertRefused("--decimal , reads it", file, "--task", "regression");
        assertTrains(file, "--task", "regression", "--decimal", ",");
        Path missing = write("b.csv", table("a,y", "\n", i -> i + "," + (i == 7 ? "NA" : i)));
        assertRefused("--null-value 'NA'", missing, "--task", "regression");
        assertRefused(
                "label column \"y\" must have a value in every row, but has none in row 8",
                missing,
                "--task",
                "regression",
                "--null-value",
                "NA");
    }

    @Test
    void optionsThatCannotBeAreRefused() throws IOException {
        Path file = write("a.csv", table("a,b,y", "\n", i -> i + "," + i + "," + kind(i)));
        assertRefused("--delimiter must be one character, but is \"ab\"", file, "--delimiter", "ab");
        assertRefused("--delimiter must differ from --quote", file, "--delimiter", "\"");
        assertRefused("--encoding must be the name of a character set", file, "--encoding", "no such");
        assertRefused("--decimal must be . or ,", file, "--decimal", ";");
        assertRefused("--header", file, "--header", "maybe");
        assertThat(shell.run(
                        "train",
                        "--train",
                        "bundled:digits",
                        "--label",
                        "label",
                        "--task",
                        "classification",
                        "--model",
                        folder.resolve("model"),
                        "--delimiter",
                        ";"))
                .isEqualTo(2);
        assertThat(shell.err()).contains("--delimiter must be given for CSV files only, but bundled:digits is none");
    }
}
