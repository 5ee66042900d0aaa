package dev.kindling.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.InOneJvm;
import dev.kindling.LocalSpark;
import dev.kindling.linalg.InvalidInput;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A value planted in bad data: whether it comes out in what a command prints or logs. */
@Tag("end-to-end")
@Tag("one-line")
@InOneJvm
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RedactionTest {
    private static final String PLANTED = "471108";

    @TempDir
    static Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Log log = new Log();
    private Path model;

    /** All that is logged, with the exceptions. */
    private static final class Log extends AbstractAppender {
        private final StringBuffer text = new StringBuffer();

        Log() {
            super("redaction", null, null, false, Property.EMPTY_ARRAY);
        }

        @Override
        public void append(LogEvent event) {
            text.append(event.getMessage().getFormattedMessage()).append('\n');
            for (Throwable thrown = event.getThrown(); thrown != null; thrown = thrown.getCause()) {
                text.append(thrown).append('\n');
            }
        }
    }

    @BeforeAll
    void trainOnce() throws IOException {
        LocalSpark.session();
        log.start();
        ((Logger) LogManager.getRootLogger()).addAppender(log);
        model = folder.resolve("model");
        List<String> lines = new ArrayList<>(List.of("x,colour,w,y"));
        for (int i = 0; i < 30; i++) {
            lines.add(i + (i % 2 == 0 ? ",red,1," : ",blue,2,") + (i % 3 == 0 ? "no" : "yes"));
        }
        Path data = Files.write(folder.resolve("train.csv"), lines);
        assertThat(run(
                        "train --label y --weight w --task classification --hidden 2 --epochs 1 --members 1 --shards 1 --train "
                                + data + " --model " + model))
                .as(err.toString())
                .isZero();
    }

    @AfterAll
    void restoreTheLog() {
        ((Logger) LogManager.getRootLogger()).removeAppender(log);
        LocalSpark.session().sparkContext().setLogLevel("OFF"); // as in log4j2-test.properties
    }

    private int run(String arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        log.text.setLength(0);
        LocalSpark.session().sparkContext().setLogLevel("INFO");
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments.split(" "));
    }

    /** With the option a sentence that tells of the place, without the value; without it one with the value. */
    private void assertRedacts(String arguments, String place) {
        assertThat(run(arguments)).as(err.toString()).isEqualTo(2);
        assertThat(err.toString()).contains(place, PLANTED).doesNotContain("Exception", "\uFDD0", "\uFDD1");
        assertThat(run(arguments + " --redact")).isEqualTo(2);
        assertThat(err.toString().strip().lines()).hasSize(1);
        assertThat(err.toString()).contains(place, "(redacted)").doesNotContain(PLANTED);
        assertThat(out.toString()).doesNotContain(PLANTED);
        assertThat(log.text.toString()).doesNotContain(PLANTED);
    }

    private Path write(String name, String... lines) throws IOException {
        return Files.write(folder.resolve(name), List.of(lines));
    }

    private String evaluate(String... lines) throws IOException {
        return "evaluate --model " + model + " --data " + write("bad.csv", lines);
    }

    private String train(Path data, String more) {
        return "train --hidden 2 --epochs 1 --members 1 --shards 1 --train " + data + " --model "
                + folder.resolve("new") + " " + more;
    }

    @Test
    void aTextThatAModelDoesNotKnowIsLeftOut() throws IOException {
        assertRedacts(evaluate("x,colour,w,y", "1,red,1,no" + PLANTED), "column \"y\"");
    }

    @Tag("smoke")
    @Test
    void predictLeavesItOutToo() throws IOException {
        Path bad = write("predict.csv", "x,colour", "1,red", "a" + PLANTED + ",red");
        assertRedacts(
                "predict --model " + model + " --data " + bad + " --output " + folder.resolve("none"), "column \"x\"");
    }

    @Tag("smoke")
    @Test
    void trainLeavesOutWhatRowsAndColumnsAreRefusedFor() throws IOException {
        Path labels = write("labels.csv", "x,y", "1,0", "2," + PLANTED + ".5");
        assertRedacts(train(labels, "--label y --task classification"), "label column \"y\" must hold whole numbers");
        Path mixed = write("mixed.csv", "x,y", "1,0", "2,1", "a" + PLANTED + ",0", "3,1");
        assertRedacts(train(mixed, "--label y --task classification --numeric x"), "column \"x\" must hold numbers");
        Path codes = write("codes.csv", "x,y", "1,0", "2,1", "0" + PLANTED + ",0", "3,1");
        assertThat(run(train(codes, "--label y --task classification --redact --model " + folder.resolve("codes"))))
                .isZero();
        assertThat(out.toString()).contains("category  x").doesNotContain(PLANTED);
        Path weights = write("weights.csv", "x,y,w", "1,0,1", "2,1,-" + PLANTED);
        assertRedacts(train(weights, "--label y --task regression --weight w"), "weight column \"w\"");
        Path more = write("more.csv", "x,y", "1,0", "2,1," + PLANTED);
        assertRedacts(train(more, "--label y --task regression"), "a row must have 2 values");
    }

    @Test
    void sparksOwnReadersDoNotTellOfIt() throws IOException {
        Path libsvm = write("bad.libsvm", "1 1:1", "0 1:2 " + PLANTED);
        assertRedacts(train(libsvm, "--task classification"), "line 2 has \"");
        String wide = "1,".repeat(30_000); // more columns than Spark's parser takes
        Path csv = write("wide.csv", "x,y", "1,0", PLANTED + "," + wide);
        assertThat(run(train(csv, "--label y --task regression --redact"))).isEqualTo(2);
        assertThat(log.text + err.toString() + out).doesNotContain(PLANTED);
        assertThat(err.toString()).contains("must be readable as csv");
    }

    @Test
    void aClassThatAModelDoesNotKnowIsLeftOut() throws IOException {
        Path known = write("known.csv", "x,y", "1,0", "2,1", "3,0", "4,1");
        Path numeric = folder.resolve("numeric");
        assertThat(run("train --label y --task classification --hidden 2 --epochs 1 --members 1 --shards 1 --train "
                        + known + " --model " + numeric))
                .isZero();
        Path other = write("other.csv", "x,y", "1,0", "2," + PLANTED);
        assertRedacts("evaluate --model " + numeric + " --data " + other, "must hold one of the 2 values");
    }

    @Test
    void withoutTheOptionSparkLogsWhatATaskFailedOf() {
        run("--version");
        assertThatThrownBy(() -> LocalSpark.session()
                        .sql("SELECT raise_error(concat('no ', " + PLANTED + ", id)) FROM range(1)")
                        .collect())
                .isInstanceOf(Exception.class);
        assertThat(log.text).contains(PLANTED);
    }

    @Test
    void whatNobodyExpectedShowsItsFramesAlone() throws Exception {
        CommandLine command = Main.commandLine().setErr(new PrintWriter(err, true));
        CommandLine.ParseResult parsed = command.parseArgs("evaluate", "--model", "m", "--data", "d", "--redact");
        CommandLine evaluate = parsed.subcommand().commandSpec().commandLine();
        evaluate.setErr(new PrintWriter(err, true));
        err.getBuffer().setLength(0);
        Exception thrown = new SparkException(PLANTED, new IllegalStateException("for " + PLANTED));
        assertThat(command.getExecutionExceptionHandler().handleExecutionException(thrown, evaluate, parsed))
                .isEqualTo(1);
        assertThat(err.toString())
                .contains("SparkException", "Caused by: java.lang.IllegalStateException", "at dev.kindling.job.")
                .doesNotContain(PLANTED);
    }

    @Test
    void aMessageHoldsItsValuesUnmarkedAndARedactedOneNone() {
        InvalidInput refused = new InvalidInput(
                "it is " + InvalidInput.value("a\uFDD1b") + ", not " + InvalidInput.value("c\nd") + Arrays.asList(1));
        assertThat(refused).hasMessage("it is ab, not c\\nd[1]");
        assertThat(refused.redacted()).isEqualTo("it is (redacted), not (redacted)[1]");
    }
}
