package dev.kindling.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kindling.InOneJvm;
import dev.kindling.LocalSpark;
import dev.kindling.linalg.SplitMix64;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands as a user types them: what they print, write and answer, and the sentence for each mistake. */
@Tag("end-to-end")
@Tag("one-line")
@InOneJvm
final class CommandTest {
    @TempDir
    Path folder;

    private Path plants;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void startSpark() {
        LocalSpark.session();
    }

    @BeforeEach
    void writePlants() throws IOException {
        plants = write("plants.csv", rows(120));
    }

    /** A label of text that follows from a number and a colour. */
    private static List<String> rows(int count) {
        SplitMix64 random = new SplitMix64(5);
        List<String> lines = new ArrayList<>(List.of("height,colour,weight,kind"));
        for (int i = 0; i < count; i++) {
            double height = random.nextDouble() * 10;
            String colour = i % 2 == 0 ? "red" : "blue";
            String kind = height > 5 ? "tree" : colour.equals("red") ? "rose" : "grass";
            lines.add(String.format(Locale.ROOT, "%.3f,%s,%d,%s", height, colour, 1 + i % 3, kind));
        }
        return lines;
    }

    private Path write(String name, List<String> lines) throws IOException {
        return Files.write(folder.resolve(name), lines);
    }

    private int run(Object... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine command =
                Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return command.execute(Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
    }

    private int train(Object... more) {
        List<Object> arguments = new ArrayList<>(List.of(
                "train",
                "--train",
                plants,
                "--label",
                "kind",
                "--task",
                "classification",
                "--hidden",
                "16",
                "--learning-rate",
                "0.02",
                "--batch-size",
                "20",
                "--epochs",
                "20",
                "--members",
                "1",
                "--shards",
                "2",
                "--model",
                folder.resolve("model")));
        arguments.addAll(List.of(more));
        return run(arguments.toArray());
    }

    /** As in a notebook or in a JAR task of Databricks. */
    @Test
    void aSessionThatWasThereBeforeStaysAndSoDoesTheJvm() {
        Main.main(new String[] {"--version"});
        assertThatThrownBy(() -> Main.main(new String[] {"train", "--nonsense"}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the command ended with 2, and standard error says why");
        assertThat(LocalSpark.session().sparkContext().isStopped()).isFalse();
    }

    @Test
    void lrRangeTriesGrowingRatesAndSuggestsOne() throws IOException {
        Path curve = folder.resolve("curve.json");
        Path page = folder.resolve("curve.html");
        assertThat(run("lr-range", "@conf/digits.args", "--shards", "2", "--metrics", curve, "--report", page))
                .as(err.toString())
                .isZero();
        assertThat(out.toString().lines()).contains("learning rate       loss");
        assertThat(out.toString().strip())
                .matches("(?s).*suggested learning rate 0\\.0\\d+, where the loss falls fastest.*");
        JsonNode json = new ObjectMapper().readTree(curve.toFile());
        assertThat(json.get("points")).hasSizeGreaterThan(50);
        assertThat(json.get("suggested").asDouble()).isBetween(1e-3, 0.1);
        assertThat(Files.readString(page))
                .startsWith("<!DOCTYPE html>")
                .contains(json.get("advice").asText());
        assertRefused(run("lr-range", "@conf/digits.args", "--report", folder), "--report must name a file", "folder");
        assertRefused(run("lr-range", "@conf/digits.args", "--checkpoint", folder), "--checkpoint");
    }

    @Test
    void searchFindsOptionsWithWhichTrainTrains() throws IOException {
        Path best = folder.resolve("best.args");
        Path trials = folder.resolve("trials.json");
        Object[] search = {
            "search",
            "--train",
            plants,
            "--label",
            "kind",
            "--task",
            "classification",
            "--epochs",
            "7",
            "--epochs",
            "4",
            "--shards",
            "2",
            "--batch-size",
            "20",
            "--trials",
            "6",
            "--folds",
            "2",
            "--reduction",
            "2",
            "--by",
            "accuracy",
            "--space",
            "learning-rate=logUniform(1e-4, 1e-1)",
            "--space",
            "hidden=8|16,8",
            "--space",
            "optimizer=adam(beta1=0.9, beta2=0.99)|momentum",
            "--space",
            "standardize=true|false",
            "--space",
            "l2=logUniform(1e-6, 1e-2)",
            "--best",
            best,
            "--metrics",
            trials
        };
        assertThat(run(search)).as(err.toString()).isZero();
        assertThat(out.toString())
                .contains("trial  accuracy  epochs")
                .contains("learning-rate  hidden")
                .containsPattern("best of 6 trials is number \\d, with accuracy 0\\.\\d+: learning-rate ");
        JsonNode json = new ObjectMapper().readTree(trials.toFile());
        assertThat(json.get("trials")).hasSize(6);
        assertThat(json.get("params").findValuesAsText("name"))
                .containsExactly("learning-rate", "hidden", "optimizer", "standardize", "l2");
        JsonNode rate =
                json.get("params").get(0).get("values").get(json.get("best").asInt() - 1);
        assertThat(Files.readAllLines(best))
                .contains("--learning-rate " + rate.asText(), "--epochs 4")
                .doesNotHaveDuplicates();
        assertThat(run("train", "@" + best, "--model", folder.resolve("found")))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).contains("train      loss");
    }

    @Test
    void aSearchThatIsToldNothingSavesAModelAsTheBestOptionsTrainIt() throws IOException {
        Path best = folder.resolve("auto.args");
        Path found = folder.resolve("found");
        Path again = folder.resolve("again");
        Object[] search = {
            "search",
            "--train",
            plants,
            "--label",
            "kind",
            "--epochs",
            "2",
            "--trials",
            "3",
            "--shards",
            "2",
            "--best",
            best,
            "--model",
            found
        };
        assertThat(run(search)).as(err.toString()).isZero();
        assertThat(out.toString()).contains("learning-rate").contains("model of the best trial saved in " + found);
        assertRefused(run(search), "--model");
        assertThat(run("train", "@" + best, "--model", again))
                .as(err.toString())
                .isZero();
        List<String> scores = new ArrayList<>();
        for (Path model : List.of(found, again)) {
            Path metrics = folder.resolve(model.getFileName() + ".json");
            assertThat(run("evaluate", "--model", model, "--data", plants, "--metrics", metrics))
                    .isZero();
            scores.add(Files.readString(metrics));
        }
        assertThat(scores.get(1)).isEqualTo(scores.get(0));
    }

    @Test
    void aSearchOfWhatCannotBeSearchedIsRefused() {
        refuseSearch("learning-rate", "--space must be an option and its values");
        refuseSearch("learning-rat=uniform(0, 1)", "did you mean learning-rate?");
        refuseSearch("hidden=int(1, 9)", "--hidden is no number to draw");
        refuseSearch("hidden=8|many", "values of --hidden must be numbers, but one is many");
        refuseSearch("learning-rate=uniform(1, 0)", "--space learning-rate: the low of uniform");
        refuseSearch("epochs=int(1, 9)", "maxIter must be the same for all trials");
        refuseSearch("activation=relu|rellu", "did you mean relu?");
        refuseSearch(
                "loss=multiclassHinge|softmaxCrossEntropy", "losses of trials that differ in loss cannot be compared");
    }

    @Test
    void anAutomaticSearchNeedsAnOptionThatIsOpen() {
        Object[] search = {
            "search",
            "--train",
            plants,
            "--label",
            "kind",
            "--task",
            "classification",
            "--learning-rate",
            "0.01",
            "--hidden",
            "4",
            "--activation",
            "relu",
            "--dropout",
            "0",
            "--optimizer",
            "adam"
        };
        assertRefused(run(search), "--space auto has nothing to search", "leave one of --learning-rate, --hidden, ");
    }

    private void refuseSearch(String space, String sentence) {
        assertRefused(
                run("search", "--train", plants, "--label", "kind", "--task", "classification", "--space", space),
                sentence);
    }

    @Test
    void demoNeedsNoDataAndReplacesAPage() throws IOException {
        Path page = Files.writeString(folder.resolve("demo.html"), "somebody's own page");
        assertRefused(run("demo", "--output", page), "--output must name a new file", "never overwritten");
        assertThat(page).hasContent("somebody's own page");
        Files.writeString(page, "<meta name=\"generator\" content=\"Kindling\">\nan older one");
        assertThat(run("demo", "--output", page, "--seed", "3"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString())
                .contains("two moons", "adagrad", "Xavier", "backpropagation", "page written to " + page);
        assertThat(Files.readString(page)).startsWith("<!DOCTYPE html>").contains("\"seed\":\"3\",");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactlyInAnyOrder(page, plants);
        }
        assertRefused(run("demo", "--output", folder), "--output must name a file", "is a folder");
        assertThat(out.toString()).isEmpty();
        assertRefused(run("demo", "--seed", "one"), "--seed", "one");
        assertRefused(run("demo", "--output", page.resolve("below")), "--output", "must name a writable place");
    }

    @Test
    void checkTellsOfFaultsByItsExitCodeAndAsJson() throws IOException {
        Path findings = folder.resolve("findings.json");
        for (String file : List.of("digits", "diabetes")) {
            assertThat(run("check", "@conf/" + file + ".args", "--shards", "2", "--metrics", findings, "--overwrite"))
                    .as(out + "" + err)
                    .isZero();
            JsonNode json = new ObjectMapper().readTree(findings.toFile());
            assertThat(json.get("healthy").asBoolean()).isTrue();
            assertThat(json.get("findings")).hasSizeGreaterThanOrEqualTo(11);
        }
        assertThat(out.toString().strip())
                .matches("(?s).*\nhealthy: 0 errors, \\d warnings?, \\d+ ok, in \\d+\\.\\d s");

        List<String> lines = rows(200);
        lines.set(0, lines.get(0) + ",harvest");
        for (int i = 1; i < lines.size(); i++) {
            int colour = lines.get(i).endsWith("tree") ? 7 : lines.get(i).endsWith("rose") ? 3 : 5;
            lines.set(i, lines.get(i) + "," + colour);
        }
        lines.set(4, lines.get(4).replaceFirst("^[^,]*", ""));
        lines.set(9, lines.get(9).replaceFirst("^[^,]*", "NaN"));
        Path leaking = write("leaking.csv", lines);
        Path copies = write("copies.csv", List.of(lines.get(0), lines.get(20), lines.get(30), lines.get(40)));
        Object[] options = {"check", "--train", leaking, "--test", copies, "--label", "kind", "--task", "classification"
        };
        assertThat(run(options)).as(err.toString()).isEqualTo(3);
        assertThat(out.toString())
                .contains("height: \"NaN\" is a missing value; median ", "(missing in 2 rows)")
                .contains("error    leakingFeatures ", "fix: --exclude harvest")
                .contains("rowsInTrainAndTest", "3 of 3 rows")
                .doesNotContain("firstLossFarOff");

        lines.set(5, lines.get(5).replaceFirst("^[^,]*", "tall"));
        assertRefused(
                run("check", "--train", write("text.csv", lines), "--label", "kind", "--task", "regression"), "kind");
        assertRefused(run("check", "@conf/digits.args", "--checkpoint", folder), "--checkpoint");
        assertRefused(run("check", "@conf/digits.args", "--rows", "0"), "--rows");
    }

    private void assertRefused(int code, String... parts) {
        assertThat(code).as(err.toString()).isEqualTo(2);
        assertThat(err.toString().strip().lines()).hasSize(1);
        assertThat(err.toString()).startsWith("kindling: ").contains(parts).doesNotContain("Exception");
    }

    private List<String> readParts(Path output) throws IOException {
        List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.list(output)) {
            for (Path file : files.filter(f -> f.getFileName().toString().startsWith("part-"))
                    .sorted()
                    .toList()) {
                lines.addAll(Files.readAllLines(file));
            }
        }
        return lines;
    }

    @Tag("smoke")
    @Test
    void textLabelsAndTextFeaturesGoThroughTrainEvaluateAndPredict() throws IOException {
        Path metrics = folder.resolve("metrics.json");
        assertThat(train("--weight", "weight", "--test-fraction", "0.25", "--standardize", "--metrics", metrics))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).contains("test", "accuracy", "confusion matrix", "model saved in");
        JsonNode json = new ObjectMapper().readTree(metrics.toFile());
        assertThat(json.path("rows").asInt()).isBetween(60, 119);
        assertThat(json.path("epochs").asInt()).isEqualTo(20);
        assertThat(json.path("steps").asInt()).isPositive();
        assertThat(json.path("seconds").asDouble()).isPositive();
        assertThat(json.path("secondsPerEpoch").asDouble()).isPositive();
        assertThat(json.path("train").path("loss").isNumber()).isTrue();
        for (String key : List.of("loss", "accuracy", "f1", "logLoss")) {
            assertThat(json.path("test").path(key).isNumber()).as(key).isTrue();
        }
        assertThat(json.path("test").path("accuracy").asDouble()).isGreaterThan(0.7);

        Path evaluated = folder.resolve("evaluated.json");
        assertThat(run("evaluate", "--model", folder.resolve("model"), "--data", plants, "--metrics", evaluated))
                .as(err.toString())
                .isZero();
        assertThat(new ObjectMapper()
                        .readTree(evaluated.toFile())
                        .findValue("accuracy")
                        .asDouble())
                .isGreaterThan(0.8);

        // without the label, the columns in another order
        Path news = write("news.csv", List.of("colour,height,weight", "red,9.5,1", "blue,0.5,1", "red,0.5,2"));
        Path output = folder.resolve("scored");
        assertThat(run("predict", "--model", folder.resolve("model"), "--data", news, "--output", output))
                .as(err.toString())
                .isZero();
        List<String> scored = readParts(output);
        assertThat(scored.get(0)).startsWith("colour,height,weight,prediction");
        assertThat(scored.get(0)).contains("probability_tree", "probability_rose", "probability_grass");
        assertThat(scored.get(1)).startsWith("red,9.5,1,tree");
        assertThat(scored.get(2)).startsWith("blue,0.5,1,grass");
        assertThat(scored.get(3)).startsWith("red,0.5,2,rose");
        assertRefused(run("predict", "--model", folder.resolve("model"), "--data", news, "--output", output), "scored");
    }

    @Test
    void numbersArePredictedFromParquetAndLibsvm() throws IOException {
        Path parquet = folder.resolve("rows.parquet");
        LocalSpark.session()
                .range(200)
                .selectExpr("id % 7 / 7.0 as a", "id % 5 / 5.0 as b", "id % 7 / 7.0 - id % 5 / 5.0 as y")
                .write()
                .parquet(parquet.toString());
        String[] options = {
            "--task",
            "regression",
            "--hidden",
            "8",
            "--learning-rate",
            "0.02",
            "--epochs",
            "30",
            "--batch-size",
            "20",
            "--shards",
            "2"
        };
        List<Object> arguments = new ArrayList<>(List.of("train", "--train", parquet, "--format", "parquet"));
        arguments.addAll(List.of("--label", "y", "--test-fraction", "0.2", "--model", folder.resolve("m1")));
        arguments.addAll(List.of((Object[]) options));
        assertThat(run(arguments.toArray())).as(err.toString()).isZero();
        assertThat(out.toString()).contains("rmse", "mae", "r2");

        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            lines.add((i % 4) + " 1:" + i % 4 + " 3:1");
        }
        Path libsvm = write("rows.libsvm", lines);
        arguments = new ArrayList<>(List.of("train", "--train", libsvm, "--format", "libsvm"));
        arguments.addAll(List.of("--model", folder.resolve("m2")));
        arguments.addAll(List.of((Object[]) options));
        assertThat(run(arguments.toArray())).as(err.toString()).isZero();
    }

    @Test
    void idxImagesArePlainOrGzippedAndTheirLabelsAreFoundBesideThem() throws IOException {
        for (String ending : List.of("", ".gz")) {
            Path images = folder.resolve("train-images-idx3-ubyte" + ending);
            try (DataOutputStream file = open(images, ending);
                    DataOutputStream labels = open(folder.resolve("train-labels-idx1-ubyte" + ending), ending)) {
                file.writeInt(0x803);
                labels.writeInt(0x801);
                for (int size : new int[] {50, 2, 3}) {
                    file.writeInt(size);
                }
                labels.writeInt(50);
                for (int i = 0; i < 50; i++) {
                    file.write(new byte[] {(byte) (i % 2 * 255), 10, 20, (byte) (255 - i % 2 * 255), 0, 7});
                    labels.write(i % 2);
                }
            }
            assertThat(run(
                            "train",
                            "--train",
                            images,
                            "--task",
                            "classification",
                            "--preset",
                            "none",
                            "--hidden",
                            "4",
                            "--learning-rate",
                            "0.05",
                            "--epochs",
                            "20",
                            "--batch-size",
                            "10",
                            "--shards",
                            "2",
                            "--overwrite",
                            "--model",
                            folder.resolve("idx")))
                    .as(err.toString())
                    .isZero();
            assertThat(out.toString()).contains("50 rows").containsPattern("train +loss 0\\.\\d+ +accuracy 1\\.0000");
        }
    }

    private static DataOutputStream open(Path path, String ending) throws IOException {
        OutputStream file = Files.newOutputStream(path);
        return new DataOutputStream(ending.isEmpty() ? file : new GZIPOutputStream(file));
    }

    @Test
    void aModelInTheWayIsRefusedUnlessItMayBeOverwrittenAndOtherThingsAreNeverReplaced() throws IOException {
        assertThat(train()).isZero();
        assertRefused(train(), "--model", "--overwrite");
        assertThat(train("--overwrite")).isZero();
        Path precious = Files.createDirectory(folder.resolve("precious"));
        Files.writeString(precious.resolve("thesis.txt"), "ten years of work");
        assertRefused(train("--overwrite", "--model", precious), "precious");
        assertThat(precious.resolve("thesis.txt")).hasContent("ten years of work");
    }

    @Test
    void aRunGoesOnFromItsCheckpointsIfAskedTo() throws IOException {
        Path checkpoints = folder.resolve("checkpoints");
        Path metrics = folder.resolve("metrics.json");
        assertThat(train("--schedule", "constant", "--epochs", 4, "--metrics", metrics))
                .isZero();
        JsonNode whole = new ObjectMapper().readTree(metrics.toFile()).path("train");
        assertThat(train("--overwrite", "--schedule", "constant", "--epochs", 2, "--checkpoint", checkpoints))
                .isZero();
        assertRefused(
                train("--overwrite", "--schedule", "constant", "--epochs", 4, "--checkpoint", checkpoints),
                "--checkpoint must name a folder without checkpoints",
                "--resume continues from them");
        assertThat(train(
                        "--overwrite",
                        "--schedule",
                        "constant",
                        "--epochs",
                        4,
                        "--checkpoint",
                        checkpoints,
                        "--resume",
                        "--metrics",
                        metrics))
                .isZero();
        assertThat(new ObjectMapper().readTree(metrics.toFile()).path("train")).isEqualTo(whole);
        assertRefused(train("--overwrite", "--schedule", "constant", "--resume"), "--resume needs --checkpoint");
        Path several = folder.resolve("several");
        assertThat(train("--overwrite", "--epochs", 1, "--members", 2, "--checkpoint", several))
                .isZero();
        assertRefused(
                train("--overwrite", "--epochs", 1, "--members", 2, "--checkpoint", several),
                "--checkpoint must name a folder without checkpoints");
        assertRefused(
                train("--overwrite", "--schedule", "constant", "--checkpoint", plants),
                "--checkpoint must name a folder",
                "is a file");
        assertRefused(
                train(
                        "--overwrite",
                        "--schedule",
                        "constant",
                        "--epochs",
                        4,
                        "--checkpoint",
                        checkpoints,
                        "--resume",
                        "--seed",
                        9),
                "must be one of this run to resume from, but is of a run with",
                "seed 0 and not 9");
    }

    @Test
    void eventsForTensorBoardHaveAFolderOfTheirOwn() throws IOException {
        Path events = folder.resolve("events");
        Path checkpoints = folder.resolve("checkpoints");
        List<Object> options = List.of("--tensorboard", events, "--checkpoint", checkpoints, "--epochs", 2);
        assertThat(train(options.toArray())).as(err.toString()).isZero();
        assertThat(eventFiles(events)).hasSize(1);
        assertThat(eventFiles(events.resolve("train"))).hasSize(1);
        assertRefused(
                train("--model", folder.resolve("second"), "--tensorboard", events),
                "--tensorboard must name a new folder",
                "--overwrite replaces it");
        assertRefused(
                train("--model", folder.resolve("second"), "--tensorboard", checkpoints, "--overwrite"),
                "--tensorboard must name a new folder",
                "holds something other than a run's events");
        assertRefused(
                train("--model", folder.resolve("second"), "--tensorboard", plants), "--tensorboard", "is a file");
        assertThat(folder.resolve("second")).doesNotExist();

        options =
                List.of("--tensorboard", events, "--checkpoint", checkpoints, "--epochs", 3, "--overwrite", "--resume");
        assertThat(train(options.toArray())).as(err.toString()).isZero();
        assertThat(eventFiles(events.resolve("train"))).hasSize(2);
        assertThat(train("--tensorboard", events, "--epochs", 1, "--overwrite"))
                .as(err.toString())
                .isZero();
        assertThat(eventFiles(events.resolve("train"))).hasSize(1);
    }

    private static List<Path> eventFiles(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    void aModelWithoutAPlaceIsTestedAndNotSaved() throws IOException {
        Path metrics = folder.resolve("metrics.json");
        assertThat(run(
                        "train",
                        "--train",
                        plants,
                        "--label",
                        "kind",
                        "--test",
                        plants,
                        "--epochs",
                        2,
                        "--members",
                        1,
                        "--metrics",
                        metrics))
                .as(err.toString())
                .isZero();
        String told = "the model is not saved: --model DIR keeps it";
        assertThat(out.toString().lines().filter(told::equals)).hasSize(2); // before any work, and at the end
        assertThat(out.toString()).contains("test       loss ");
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).containsExactlyInAnyOrder(plants, metrics);
        }
    }

    @Test
    void optionsAfterAFileOverrideIt() throws IOException {
        Path file = write("options.args", List.of("# a comment", "--epochs 7", "--hidden 4"));
        assertThat(train("@" + file, "--epochs", "2")).as(err.toString()).isZero();
        assertThat(out.toString()).contains("2 epochs");
    }

    @Test
    void eachMistakeGetsASentenceAndExitCodeTwo() throws IOException {
        assertRefused(train("--label", "knid"), "knid", "kind");
        assertRefused(train("--features", "height,color"), "color", "colour");
        assertRefused(train("--weight", "wieght"), "wieght", "weight");
        assertRefused(train("--hidden", "8,0"), "hidden", "0");
        assertRefused(train("--optimizer", "adma"), "sgd, momentum, nesterov, adagrad", "did you mean adam?");
        assertRefused(train("--schedule", "warmup("), "warmup");
        assertRefused(train("--learning-rate", "-1"), "-1");
        assertRefused(train("--test", "a.csv", "--test-fraction", "0.2"), "--test and --test-fraction");
        assertRefused(train("--epochs", "many"), "--epochs", "many");
        assertRefused(train("--optimiser", "adam"), "--optimiser", "--optimizer");
        assertRefused(train("--train", folder.resolve("nothing.csv")), "nothing.csv");
        assertRefused(run("train"), "--train");
        assertRefused(run(), "check, train, evaluate, predict, export, lr-range, search or demo");
        assertRefused(run("evaluate", "--model", folder.resolve("none"), "--data", plants), "none");
        assertThat(folder.resolve("model")).doesNotExist();
    }

    @Tag("smoke")
    @Test
    void eachBadRowGetsASentenceThatNamesIt() throws IOException {
        refuseRow("5.0,red,1,", "kind", "row 4");
        refuseRow("1e300,red,1,tree", "height", "row 4");
        refuseRow("1.0,red", "row 4");
        plants = write("empty.csv", List.of("height,colour,weight,kind"));
        assertRefused(train(), "must have rows");
        plants = write("single.csv", List.of("height,colour,weight,kind", "1,red,1,tree", "2,red,1,tree"));
        assertRefused(train(), "at least two classes");
        List<String> negative = rows(20);
        negative.set(4, "1.0,red,-1,tree");
        plants = write("negative.csv", negative);
        assertRefused(train("--weight", "weight"), "weight", "-1", "row 4");
    }

    private void refuseRow(String row, String... parts) throws IOException {
        List<String> lines = rows(20);
        lines.set(4, row);
        plants = write("bad.csv", lines);
        assertRefused(train(), parts);
    }

    @Test
    void aFileThatCannotBeReadIsRefused() throws IOException {
        plants = folder.resolve("broken.csv.gz");
        Files.writeString(plants, "this is no gzip");
        int code = train();
        assertThat(code).as(err.toString()).isEqualTo(2);
        assertThat(err.toString().strip().lines()).hasSize(1);
        assertThat(err.toString()).contains("broken.csv.gz");
    }
}
