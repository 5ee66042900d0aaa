package dev.kindling.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.Snippets;
import dev.kindling.ml.MlpClassifier;
import dev.kindling.ml.MlpRegressor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The commands that the pages quote: a launcher takes each, in place of spark-submit with a program that prints a word a line, and the
 * command line understands what would reach it.
 */
final class DocumentedCommandsTest {
    private static final String LAUNCHERS = "submit/(kindling|local|standalone|yarn|kubernetes) .*";
    private static final String JAR = "/jobs/k.jar";
    private static final Path REFERENCE = Path.of("src/site/markdown/reference.md");

    @TempDir
    private Path spark;

    static List<String> commands() throws IOException {
        List<String> commands = new ArrayList<>();
        for (Path page : Snippets.pages()) {
            for (String language : List.of("bash", "console")) {
                for (String block : Snippets.ofMarkdown(page, language)) {
                    block.replace("\\\n", " ")
                            .lines()
                            .map(line -> line.replaceFirst("^\\$ ", ""))
                            .filter(line -> line.matches(LAUNCHERS))
                            .forEach(commands::add);
                }
            }
        }
        return commands;
    }

    @BeforeEach
    void standIn() throws IOException {
        StandInSpark.make(spark);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aLauncherTakesItAndSoDoesTheCommandLine(String command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder("bash", "-c", command).redirectErrorStream(true);
        builder.environment()
                .putAll(Map.of(
                        "SPARK_HOME", spark.toString(), "HADOOP_CONF_DIR", spark.toString(), "KINDLING_JAR", JAR));
        Process process = builder.start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed).isZero();
        List<String> words = printed.lines().toList();
        assertThat(words).contains("dev.kindling.job.Main", JAR);
        List<String> reached = words.subList(words.indexOf(JAR) + 1, words.size());
        CommandLine.ParseResult parsed = Main.commandLine().parseArgs(reached.toArray(String[]::new));
        assertThat(parsed.hasSubcommand()).isTrue();
    }

    @Test
    void everyOptionIsInTheReference() throws IOException {
        Set<String> words = words();
        for (CommandLine command : Main.commandLine().getSubcommands().values()) {
            for (OptionSpec option : command.getCommandSpec().options()) {
                assertThat(words).as(command.getCommandName()).contains(option.longestName());
            }
        }
    }

    @Test
    void everyParamIsInTheReference() throws IOException {
        Set<String> words = words();
        for (Params estimator : List.of(new MlpClassifier(), new MlpRegressor())) {
            assertThat(Stream.of(estimator.params()).map(Param::name)).isSubsetOf(words);
        }
    }

    private static Set<String> words() throws IOException {
        return Set.copyOf(List.of(Files.readString(REFERENCE).split("[^A-Za-z0-9-]+")));
    }
}
