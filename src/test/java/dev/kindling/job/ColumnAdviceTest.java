package dev.kindling.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kindling.InOneJvm;
import dev.kindling.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code check} says of a table's columns can be typed, and cures. */
@Tag("one-line")
@InOneJvm
final class ColumnAdviceTest {
    private static final List<String> ABOUT_COLUMNS =
            List.of("numbersThatNameRows", "codesAsNumbers", "datesAsNumbers", "leftOutColumns", "mostlyMissing");

    @TempDir
    private Path folder;

    private final Shell shell = new Shell();

    @BeforeAll
    static void startSpark() {
        LocalSpark.session();
    }

    private List<JsonNode> check(Path data, List<String> more) throws IOException {
        Path metrics = folder.resolve("findings.json");
        List<Object> arguments = new ArrayList<>(List.of("check", "--train", data, "--label", "y", "--hidden", "4"));
        arguments.addAll(List.of("--shards", "2", "--metrics", metrics, "--overwrite"));
        arguments.addAll(more);
        assertThat(shell.run(arguments.toArray())).as(shell.out() + shell.err()).isZero();
        List<JsonNode> found = new ArrayList<>();
        for (JsonNode finding : new ObjectMapper().readTree(metrics.toFile()).path("findings")) {
            if (ABOUT_COLUMNS.contains(finding.path("name").asText())) {
                found.add(finding);
            }
        }
        return found;
    }

    @Test
    void theOptionsThatAreAdvisedAreTakenAndLeaveNoDoubt() throws IOException {
        List<String> lines = new ArrayList<>(List.of("order,store,day,note,asked,gap,size,y"));
        for (int i = 0; i < 120; i++) {
            lines.add(String.join(
                    ",",
                    String.valueOf(5000 + 7 * i % 120),
                    String.valueOf(10 * (i % 4)),
                    String.valueOf(20240101 + 100 * (i % 12) + i % 28),
                    "remark " + i,
                    i % 9 == 0 ? "not asked" : String.valueOf(i % 40),
                    i % 3 == 0 ? String.valueOf(i) : "",
                    String.valueOf(Math.sin(i)),
                    Math.sin(i) > 0 ? "a" : "b"));
        }
        Path data = Files.write(folder.resolve("rows.csv"), lines);
        List<JsonNode> found = check(data, List.of());
        assertThat(found)
                .extracting(finding -> finding.path("name").asText())
                .containsExactlyInAnyOrderElementsOf(ABOUT_COLUMNS);
        List<String> options = new ArrayList<>();
        for (JsonNode finding : found) {
            Arrays.stream(finding.path("option").asText().split(" (?=--)"))
                    .flatMap(option -> Arrays.stream(option.split(" ", 2)))
                    .forEach(part -> options.add(part.replace("'", "").replace("TEXT", "not asked")));
        }
        assertThat(check(data, options)).isEmpty();
        check(data, List.of("--redact"));
        assertThat(shell.out()).contains("--null-value TEXT").doesNotContain("not asked");
    }
}
