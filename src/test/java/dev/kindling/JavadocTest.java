package dev.kindling;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Javadoc of all packages. */
@Tag("one-line")
final class JavadocTest {
    @TempDir
    Path folder;

    @Test
    void itBuildsWithoutAWarning() {
        StringWriter messages = new StringWriter();
        PrintWriter out = new PrintWriter(messages);
        int code = ToolProvider.findFirst("javadoc")
                .orElseThrow()
                .run(
                        out,
                        out,
                        "-quiet",
                        "-Xdoclint:all,-missing",
                        "--add-modules",
                        "jdk.incubator.vector",
                        "-encoding",
                        "UTF-8",
                        "-cp",
                        Snippets.CLASS_PATH,
                        "-sourcepath",
                        "src/main/java",
                        "-subpackages",
                        "dev.kindling",
                        "-d",
                        folder.toString());
        String own = messages.toString()
                .replaceAll("(?m)^warning: using incubating module.*\\R", "") // the JDK's, of its own module
                .replaceAll("(?m)^\\d+ warnings?\\R?", "");
        assertThat(own).isBlank();
        assertThat(code).isZero();
    }
}
