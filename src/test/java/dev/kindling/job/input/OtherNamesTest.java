package dev.kindling.job.input;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.job.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class OtherNamesTest {

    @Test
    void eachLeadsToAnOptionThatExists() {
        Set<String> options = new TreeSet<>();
        for (CommandLine command : Main.commandLine().getSubcommands().values()) {
            options.addAll(command.getCommandSpec().optionsMap().keySet());
        }
        assertThat(OtherNames.OURS).allSatisfy((other, ours) -> {
            assertThat(options).contains(ours.split(" ")[0]);
            assertThat(options).doesNotContain("--" + other);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "--early_stopping, --patience N",
        "--hidden_layer_sizes=64, '--hidden W,W,…'",
        "--maxIter, --epochs N",
        "--validation-split=0.2, --validation-fraction F",
    })
    void theWordsOfOtherLibrariesLeadToOurs(String word, String ours) {
        assertThat(OtherNames.ours(List.of("3", word))).contains(ours);
        StringWriter err = new StringWriter();
        int code = Main.commandLine()
                .setErr(new PrintWriter(err, true))
                .execute("train", "--train", "rows.csv", "--label", "y", "--model", "m", word);
        assertThat(code).isEqualTo(2);
        assertThat(err.toString()).contains("Unknown option: '" + word + "'; here it is " + ours);
    }

    @Test
    void anUnknownWordIsNone() {
        assertThat(OtherNames.ours(List.of("--lrr", "alpha"))).isEmpty();
    }
}
