package dev.kindling.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.InOneJvm;
import dev.kindling.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.feature.StringIndexerModel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Labels by the conventions of the field, classes that only test rows have, and names that clash. */
@Tag("end-to-end")
@Tag("one-line")
@InOneJvm
final class ClassLabelsTest {
    private final Shell shell = new Shell();

    @TempDir
    Path folder;

    @BeforeEach
    void startSpark() {
        LocalSpark.session();
    }

    private Path table(String name, int rows, IntFunction<String> label) throws IOException {
        List<String> lines = new ArrayList<>(List.of("x,y"));
        for (int i = 0; i < rows; i++) {
            lines.add(i % 7 + 0.5 + "," + label.apply(i));
        }
        return Files.write(folder.resolve(name), lines);
    }

    private int train(Path data, Object... more) {
        List<Object> arguments = new ArrayList<>(List.of("train", "--train", data, "--task", "classification"));
        arguments.addAll(List.of("--hidden", 4, "--epochs", 1, "--members", 1, "--shards", 1, "--model", model()));
        arguments.addAll(Arrays.asList(more));
        return shell.run(arguments.toArray());
    }

    private Path model() {
        return folder.resolve("model");
    }

    private void assertTrained(int code) {
        assertThat(code).as(shell.err()).isZero();
    }

    /** No model is there, and no epoch was run. */
    private void assertRefused(int code, String... parts) {
        assertThat(code).as(shell.err() + shell.out()).isEqualTo(2);
        assertThat(shell.err().strip().lines()).hasSize(1);
        assertThat(shell.err()).contains(parts).doesNotContain("kindling_", "Exception");
        assertThat(shell.out()).doesNotContain("median epoch");
        assertThat(model()).doesNotExist();
    }

    private List<String> classes() {
        return Arrays.stream(PipelineModel.load(model().toString()).stages())
                .filter(StringIndexerModel.class::isInstance)
                .map(stage -> List.of(((StringIndexerModel) stage).labelsArray()[0]))
                .findFirst()
                .orElse(List.of());
    }

    @Test
    void numericLabelsAreClassesInTheirOrder() throws IOException {
        Path libsvm = folder.resolve("a.libsvm");
        Files.write(libsvm, List.of("-1 1:0.5", "+1 1:1.5", "-1 1:0.2", "+1 1:1.2"));
        assertTrained(train(libsvm, "--test", libsvm));
        assertThat(classes()).containsExactly("-1", "1");
        assertThat(shell.out()).containsPattern("\n +-1 +1\n-1 +").contains("(4 rows)");
        assertTrained(shell.run("evaluate", "--model", model(), "--data", libsvm));

        assertTrained(train(
                table("gaps.csv", 30, i -> List.of("10.0", "2.0", "0.0").get(i % 3)), "--label", "y", "--overwrite"));
        assertThat(classes()).containsExactly("0", "2", "10");
        assertTrained(train(table("indices.csv", 30, i -> "0" + i % 3), "--label", "y", "--overwrite"));
        assertThat(classes()).as("0, 1, 2 need no indexer").isEmpty();
    }

    @Test
    void numbersThatNameNoClassesAreLeftToARegression() throws IOException {
        assertRefused(
                train(table("half.csv", 20, i -> i % 2 == 0 ? "1" : "0.5"), "--label", "y"),
                "label column \"y\" must hold whole numbers or text",
                "--task regression",
                "\"0.5\" in row 2");
        assertThat(shell.err()).doesNotContain("--decimal");
        assertRefused(
                train(table("many.csv", 60, i -> "" + 7 * (i / 3 * 3 + i % 2)), "--label", "y"),
                "at least two rows for each class",
                "--task regression",
                "40 different numbers in 60 rows");
        assertRefused(
                train(table("large.csv", 20, i -> "900719925474099" + (2 + i % 2)), "--label", "y"), "whole numbers");
    }

    /** Scikit-learn's accuracy counts such rows as wrong, and its log loss refuses them. */
    @Test
    void rowsOfUnknownClassesAreLeftOutOfTheFigures() throws IOException {
        List<String> classes = List.of("no", "yes");
        assertTrained(train(table("train.csv", 40, i -> classes.get(i % 2)), "--label", "y"));
        Path known = table("known.csv", 30, i -> classes.get(i % 2));
        Path more = table("more.csv", 30, i -> classes.get(i % 2));
        Files.write(more, List.of("3.5,perhaps", "2.5,\"\"\"maybe\"\"\""), StandardOpenOption.APPEND);
        String expected = evaluate(known);
        assertThat(evaluate(more))
                .startsWith("label: 2 of 32 rows have a class that training did not know, the first in row 31;")
                .endsWith(expected);
        assertThat(expected).contains("(30 rows)");
        assertThat(shell.run("predict", "--model", model(), "--data", more, "--output", folder.resolve("scored")))
                .isZero();
        assertThat(shell.out()).contains("32 rows scored");
    }

    private String evaluate(Path data) {
        assertThat(shell.run("evaluate", "--model", model(), "--data", data))
                .as(shell.err())
                .isZero();
        return shell.out();
    }

    @Test
    void aSingleClassIsNamedAsTheDataHaveIt() throws IOException {
        String sentence = "label column \"y\" must have at least two classes, but holds only ";
        assertRefused(train(table("text.csv", 20, i -> "yes"), "--label", "y"), sentence + "\"yes\"");
        assertRefused(train(table("number.csv", 20, i -> "7"), "--label", "y"), sentence + "\"7\"");
        assertRefused(train(table("truth.csv", 20, i -> "True"), "--label", "y"), sentence + "\"true\"");
    }

    @Test
    void aClassOfTheTestRowsAloneIsTold() throws IOException {
        Path data = table("rare.csv", 60, i -> "" + (i == 37 ? 2 : i % 2));
        Path training = table("train.csv", 20, i -> "" + i % 2);
        assertRefused(
                train(training, "--label", "y", "--test", table("many.csv", 20, i -> "" + (i > 16 ? i : i % 2))),
                "label column \"y\" must hold one of the 2 values of the training data, but holds \"17\" in row 18");
        assertTrained(train(training, "--label", "y", "--test", data));
        assertThat(shell.out())
                .contains("label: 1 of 60 rows have a class that training did not know, the first in row 38; no model")
                .contains("(59 rows)");
        boolean held = false;
        for (int seed = 1; !held; seed++) {
            if (train(data, "--label", "y", "--test-fraction", 0.7, "--seed", seed, "--overwrite") == 2) {
                assertThat(shell.err()).contains("must have at least two classes"); // so few rows are left
                continue;
            }
            assertThat(shell.out()).containsPattern("\n +0 +1 +2\n");
            held = shell.out()
                    .lines()
                    .anyMatch(line -> line.matches("2( +\\d+| +\\.){3}") && line.matches(".*\\d$|.* \\d .*"));
        }
    }

    @Test
    void whatFailsAfterTrainingLeavesTheModel() throws IOException {
        Path data = table("rows.csv", 40, i -> i % 2 == 0 ? "no" : "yes");
        LocalSpark.session()
                .sparkContext()
                .hadoopConfiguration()
                .set("fs.faulty.impl", FaultyFileSystem.class.getName());
        String metrics = FaultyFileSystem.SCHEME + ":" + folder.resolve("metrics.json");
        FaultyFileSystem.fail(FaultyFileSystem.Fault.NO_RENAME, "metrics.json");
        try {
            assertThat(train(data, "--label", "y", "--metrics", metrics)).isEqualTo(1);
        } finally {
            FaultyFileSystem.heal();
            LocalSpark.session().sparkContext().hadoopConfiguration().unset("fs.faulty.impl");
        }
        assertThat(shell.err().strip().lines()).hasSize(1);
        assertThat(shell.out()).contains("model saved in " + model());
        assertTrained(shell.run("evaluate", "--model", model(), "--data", data));
    }

    private Path write(String name, String... lines) throws IOException {
        return Files.write(folder.resolve(name), List.of(lines));
    }

    @Test
    void namesThatClashAreFoundAtTraining() throws IOException {
        assertRefused(
                train(write("a.csv", "x,Y,y", "1,2,0", "2,3,1"), "--label", "y"),
                "--label must name a column of the data, but there is no \"y\"; The columns are: x, Y1, y2");
        assertRefused(
                train(write("b.csv", "x,X,x1,y", "1,2,0,0", "2,3,1,1"), "--label", "y"),
                "columns must have names that differ by more than case, but there are \"X1\" and \"x1\"");
        for (String name : List.of("Prediction", "PROBABILITY", "rawPrediction", "Kindling_x")) {
            assertRefused(
                    train(write("c.csv", name + ",y", "1,0", "2,1"), "--label", "y"),
                    "column \"" + name + "\" must have another name");
        }
        assertRefused(
                train(write("d.csv", "Probability_no,y", "1,no", "2,yes"), "--label", "y"),
                "must not have a column \"Probability_no\", because predict adds \"probability_no\"");
        assertRefused(
                train(write("e.csv", "x,y", "1,No", "2,no", "3,yes"), "--label", "y"),
                "label column \"y\" must hold classes that differ by more than case, but holds \"No\" and \"no\"");
        assertRefused(train(write("f.csv", "x,y", "1,\"\"", "2,no"), "--label", "y"), "in row 1");
        assertRefused(train(write("g.csv", "y.1,Y_1,x", "1,1,0", "2,0,1"), "--label", "y.1"), "two become \"y_1\"");
        assertRefused(train(write("h.csv", "x.1,y.1", "1,no", "2,no"), "--label", "y.1"), "label column \"y.1\"");
    }

    @Test
    void findingsHaveTheNamesOfTheDataAndFixesThatCanBeTyped() throws IOException {
        List<String> lines = new ArrayList<>(List.of("x.1,a b,flat,\"c,d\",y"));
        for (int i = 0; i < 60; i++) {
            String side = i % 2 == 0 ? "\"0,0\"" : "far";
            lines.add(i * 37 % 11 + 0.5 + "," + side + ",3," + side + "," + (i % 2 == 0 ? "no" : "yes"));
        }
        Path data = Files.write(folder.resolve("check.csv"), lines);
        List<Object> check = new ArrayList<>(List.of("check", "--train", data, "--label", "y", "--shards", 1));
        check.addAll(List.of("--task", "classification", "--hidden", 4, "--epochs", 2));
        assertThat(shell.run(check.toArray())).as(shell.err()).isEqualTo(3);
        assertThat(shell.out())
                .contains("\"a b=0,0\"", "flat: left out", "fix: --exclude 'a b,\"c,d\"'")
                .doesNotContain("kindling_");
        check.addAll(List.of("--exclude", "a b,\"c,d\"", "--exclude", "flat"));
        shell.run(check.toArray());
        assertThat(shell.out()).contains("column \"x.1\"").doesNotContain("leakingFeatures", "constantFeatures");
        check.addAll(List.of("--exclude", "flta"));
        assertThat(shell.run(check.toArray())).isEqualTo(2);
        assertThat(shell.err()).contains("--exclude must name a column of the data", "did you mean \"flat\"?");
    }

    @Test
    void aCheckReadsOnWhereTextsAndLabelsAreMissing() throws IOException {
        List<String> lines = new ArrayList<>(List.of("x,colour,y"));
        for (int i = 0; i < 90; i++) {
            lines.add(i % 7 + 0.5 + "," + (i % 10 == 3 ? "" : i % 2 == 0 ? "red" : "blue") + ","
                    + (i == 80 ? "" : i % 3 == 0 ? "no" : "yes"));
        }
        Path data = Files.write(folder.resolve("gaps.csv"), lines);
        assertThat(shell.run(
                        "check",
                        "--train",
                        data,
                        "--label",
                        "y",
                        "--task",
                        "classification",
                        "--hidden",
                        4,
                        "--validation-fraction",
                        0))
                .as(shell.err())
                .isEqualTo(3);
        assertThat(shell.out())
                .contains("colour (3): missing ones are a category of their own (missing in 9 rows)")
                .contains("\"y\" has no value in 1 of 90 rows")
                .contains("2 classes of 30 to 59 rows")
                .doesNotContain("with a value for each feature");
    }

    @Test
    void controlCharactersNeverReachATerminal() throws IOException {
        String evil = "a\u001b[31mred\u202e\u0007z";
        Path data = write(
                "evil.csv",
                "x,n\u001b[2Jx,y",
                "1,1,no",
                "2,2," + evil,
                "3,1,no",
                "4,2," + evil,
                "5,2,\"a\tb\"",
                "6,1,no");
        assertTrained(train(data, "--label", "y", "--test", data));
        assertThat(shell.out()).contains("a\\u001B[31mred\\u202E\\u0007z", "a\\tb");
        assertPlain();
        assertThat(train(data, "--label", "n\u001b[2jx", "--overwrite")).isEqualTo(2);
        assertPlain();
        List<Object> check = new ArrayList<>(List.of("check", "--train", data, "--label", "y", "--shards", 1));
        check.addAll(List.of("--task", "classification", "--hidden", 4, "--epochs", 2));
        shell.run(check.toArray());
        assertThat(shell.out()).contains("fewRowsOfClass", "\\u001B");
        assertPlain();
        assertThat(shell.run(
                        "evaluate", "--model", model(), "--data", write("bad.csv", "x,n\u001b[2Jx,y", "\u009b1,1,no")))
                .isEqualTo(2);
        assertThat(shell.err()).contains("\\u009B1");
        assertPlain();
    }

    private void assertPlain() {
        assertThat(shell.out() + shell.err()).matches("(?s)[^\\p{Cc}\\u202e]*([\\n][^\\p{Cc}\\u202e]*)*");
    }

    @Test
    void ofManyClassesThePredictedOnesProbabilityIsWritten() throws IOException {
        Path data = table("many.csv", 2_002, i -> "c" + i % 1_001);
        assertTrained(train(data, "--label", "y", "--validation-fraction", 0));
        assertThat(shell.out().lines()).as(shell.out()).hasSizeLessThan(20);
        assertThat(shell.run("predict", "--model", model(), "--data", data, "--output", folder.resolve("scored.csv")))
                .as(shell.err())
                .isZero();
        assertThat(shell.out())
                .contains(
                        "of 1,001 classes, only the predicted one's probability is written, as column \"probability\"");
        List<String> scored = Files.readAllLines(folder.resolve("scored.csv"));
        assertThat(scored.get(0)).isEqualTo("x,y,prediction,probability");
        assertThat(scored).hasSize(2_003);
        assertThat(scored.subList(1, scored.size()))
                .allMatch(line -> line.matches("[0-9.]+,c\\d+,c\\d+,[0-9.E-]+"))
                .allSatisfy(line -> assertThat(Double.parseDouble(line.substring(line.lastIndexOf(',') + 1)))
                        .isBetween(1.0 / 1_001, 1.0));
        assertThat(shell.run(
                        "predict",
                        "--model",
                        model(),
                        "--data",
                        data,
                        "--output",
                        folder.resolve("scored.csv"),
                        "--overwrite"))
                .as(shell.err())
                .isZero();
    }
}
