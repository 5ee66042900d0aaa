package dev.kindling.ml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.InOneJvm;
import dev.kindling.Snippets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The examples in the Javadoc of this package. */
@Tag("end-to-end")
@Tag("one-line")
@InOneJvm
final class RecipesTest {
    private static final Path SOURCES = Path.of("src/main/java/dev/kindling/ml");

    @TempDir
    Path folder;

    static List<Path> filesWithExamples() throws IOException {
        try (Stream<Path> files = Files.list(SOURCES)) {
            return files.filter(Files::isRegularFile)
                    .filter(RecipesTest::hasExamples)
                    .sorted()
                    .toList();
        }
    }

    private static boolean hasExamples(Path file) {
        try {
            return Files.readString(file).contains("<pre>");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("filesWithExamples")
    void eachCompilesAndRuns(Path file) throws Exception {
        List<String> examples = Snippets.ofJavadoc(file);
        assertThat(examples).isNotEmpty();
        Snippets.run(examples, Flowers.clusters(150, 3, 1), Flowers.clusters(60, 3, 2), new String[0], folder);
    }
}
