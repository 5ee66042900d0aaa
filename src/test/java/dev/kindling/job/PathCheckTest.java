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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No output destroys an input, another output, or what is not Kindling's; all paths are compared before any work. */
@Tag("end-to-end")
@Tag("one-line")
@InOneJvm
final class PathCheckTest {
    private final Shell shell = new Shell();

    @TempDir
    Path folder;

    private Path data;

    @BeforeEach
    void writeData() throws IOException {
        LocalSpark.session();
        List<String> lines = new ArrayList<>(List.of("a,b,y"));
        for (int i = 0; i < 40; i++) {
            lines.add(i % 7 + "," + i % 5 + "," + (i % 2 == 0 ? "no" : "yes"));
        }
        data = Files.write(Files.createDirectory(folder.resolve("data")).resolve("rows.csv"), lines);
    }

    private int train(Object... options) {
        List<Object> arguments = new ArrayList<>(List.of("train", "--train", data, "--label", "y"));
        arguments.addAll(
                List.of("--task", "classification", "--hidden", "4", "--epochs", 1, "--members", 1, "--shards", 1));
        arguments.addAll(Arrays.asList(options));
        return shell.run(arguments.toArray());
    }

    private void assertRefused(int code, String... parts) {
        assertThat(shell.err()).contains(parts);
        assertThat(code).isEqualTo(2);
        assertThat(shell.out()).doesNotContain("epoch");
    }

    private Path in(String name) {
        return folder.resolve(name);
    }

    @Test
    void twoOutputsAreNotOnePlace() {
        assertRefused(train("--model", in("run"), "--metrics", in("run")), "--metrics", "--model", "both name");
        assertRefused(
                train("--model", in("run"), "--metrics", in("m.json"), "--report", in("./x/../m.json")), "both name");
        assertThat(in("run")).doesNotExist();
    }

    @Test
    void nothingLiesInAFolderThatIsReplaced() {
        for (String option : List.of("--metrics", "--report", "--checkpoint", "--tensorboard")) {
            assertRefused(
                    train("--model", in("run"), option, in("run/sub")),
                    option + " must lie outside of --model",
                    "replaced");
        }
        assertThat(in("run")).doesNotExist();
    }

    @Test
    void outputsAreNoInputs() throws IOException {
        assertRefused(train("--model", in("run"), "--metrics", data, "--overwrite"), "--metrics must name a new file");
        assertRefused(
                train("--train", data.getParent(), "--model", in("data/run")), "--model must lie outside of --train");
        assertRefused(train("--train", in("data/*.csv"), "--model", in("run"), "--metrics", data), "--metrics");
        Path link = Files.createSymbolicLink(in("link"), data.getParent());
        assertRefused(train("--train", data.getParent(), "--model", link.resolve("run")), "--model must lie outside");
        assertThat(data).content().startsWith("a,b,y");
    }

    @Test
    void aModelTakesNoOtherOutput() {
        assertThat(train("--model", in("run"))).as(shell.err()).isZero();
        assertRefused(train("--model", in("run/other")), "--model must not lie in a saved model");
        assertRefused(
                train("--model", in("other"), "--metrics", in("run/stages/m.json")), "must not lie in a saved model");
        assertRefused(
                shell.run("evaluate", "--model", in("run"), "--data", data, "--metrics", in("run/m.json")),
                "--metrics must lie outside of --model");
        assertRefused(
                shell.run("predict", "--model", in("run"), "--data", data, "--output", in("run/scored")),
                "--output must lie outside of --model");
    }

    @Test
    void aModelFolderWithFilesOfOthersIsNeverReplaced() throws IOException {
        assertThat(train("--model", in("run"))).as(shell.err()).isZero();
        for (String name : List.of("thesis.txt", "stages/notes.txt", "metadata/part/thesis.txt")) {
            Path precious = in("run").resolve(name);
            Files.createDirectories(precious.getParent());
            Files.writeString(precious, "precious");
            assertRefused(train("--model", in("run"), "--overwrite"), "something other than a model");
            assertThat(precious).hasContent("precious");
            Files.delete(precious);
        }
        assertThat(train("--model", in("run"), "--overwrite")).as(shell.err()).isZero();
    }

    @Test
    void filesAreReplacedOnlyIfAskedAndOurs() throws IOException {
        Path figures = in("m.json");
        Path page = in("page.html");
        assertThat(train("--model", in("run"), "--metrics", figures, "--report", page))
                .as(shell.err())
                .isZero();
        assertRefused(train("--model", in("two"), "--metrics", figures), "--metrics", "--overwrite replaces it");
        assertRefused(train("--model", in("two"), "--report", page), "--report", "--overwrite replaces it");
        assertThat(train("--model", in("two"), "--metrics", figures, "--report", page, "--overwrite"))
                .as(shell.err())
                .isZero();
        for (String option : List.of("--metrics", "--report")) {
            Path precious = Files.writeString(in("thesis.txt"), "{\"name\": \"precious\"}");
            assertRefused(train("--model", in("three"), option, precious, "--overwrite"), "never overwritten");
            assertThat(precious).hasContent("{\"name\": \"precious\"}");
        }
        Object[] evaluate = {"evaluate", "--model", in("run"), "--data", data, "--metrics", figures};
        assertRefused(shell.run(evaluate), "--overwrite replaces it");
        Object[] again = Arrays.copyOf(evaluate, evaluate.length + 1);
        again[evaluate.length] = "--overwrite";
        assertThat(shell.run(again)).as(shell.err()).isZero();
        assertThat(shell.run(again)).as("its own figures are known again").isZero();
    }

    @Test
    void patternsAreNoOutputs() {
        for (String name : List.of("m[1]", "m*", "m?", "{m}")) {
            assertRefused(train("--model", in(name)), "--model must name a place without the characters");
        }
        assertRefused(
                train("--model", in("run"), "--checkpoint", in("c[1]")), "--checkpoint must name a place without");
    }
}
