package dev.kindling.job.io;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.LocalSpark;
import dev.kindling.ReleasesTables;
import dev.kindling.job.input.CsvOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What to predict, where the user does not say it. */
@Tag("end-to-end")
@Tag("one-line")
@ExtendWith(ReleasesTables.class)
final class TaskGuessTest {
    @TempDir
    private Path folder;

    private TaskGuess guess(IntFunction<String> label) throws IOException {
        return guess(60, label);
    }

    private TaskGuess guess(int rows, IntFunction<String> label) throws IOException {
        List<String> lines = new ArrayList<>(List.of("x,y"));
        for (int i = 0; i < rows; i++) {
            lines.add(i + "," + label.apply(i));
        }
        Path file = Files.write(folder.resolve("rows.csv"), lines);
        DataSource source = DataSource.of(LocalSpark.session(), file.toString(), null, CsvOptions.NONE);
        return TaskGuess.of(source.forTraining(Set.of("y")), "y");
    }

    @Test
    void theLabelsValuesDecide() throws IOException {
        for (IntFunction<String> classes : List.<IntFunction<String>>of(
                i -> i % 2 == 0 ? "no" : "yes",
                i -> i % 2 == 0 ? "true" : "false",
                i -> String.valueOf(i % 10),
                i -> i == 7 ? "" : i % 2 + ".0")) {
            assertThat(guess(classes).task()).as(guess(classes).reason()).isEqualTo(ProblemType.CLASSIFICATION);
        }
        for (IntFunction<String> values :
                List.<IntFunction<String>>of(i -> String.valueOf(i % 21), i -> i % 2 + ".5", i -> "-1e" + i % 30)) {
            assertThat(guess(values).task()).as(guess(values).reason()).isEqualTo(ProblemType.REGRESSION);
        }
        assertThat(guess(100, i -> String.valueOf(i % 20)).task()).isEqualTo(ProblemType.CLASSIFICATION);
        assertThat(guess(99, i -> String.valueOf(i % 20)).task()).isEqualTo(ProblemType.REGRESSION);
        assertThat(guess(53, i -> String.valueOf(i % 17)).reason())
                .isEqualTo("label \"y\" holds 17 different numbers in 53 rows");
        assertThat(guess(i -> String.valueOf(i)).reason())
                .isEqualTo("label \"y\" holds more than 20 different numbers");
        assertThat(guess(1500, i -> String.valueOf(i)).reason())
                .isEqualTo("label \"y\" holds more than 20 different numbers");
        assertThat(guess(1500, i -> i + ".5").reason()).isEqualTo("label \"y\" holds fractions");
    }
}
