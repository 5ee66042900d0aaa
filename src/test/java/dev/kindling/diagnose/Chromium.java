package dev.kindling.diagnose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the browser that is on the path makes of a page. */
final class Chromium {
    private final String dom;

    private Chromium(String dom) {
        this.dom = dom;
    }

    /**
     * Opens a page, which has to draw all of its charts without an error; skips the test where there is no browser.
     *
     * @param folder for the browser's own files
     */
    static Chromium draws(String page, Path folder) throws Exception {
        Optional<String> browser = Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .flatMap(
                        path -> Stream.of("chromium", "chromium-headless-shell").map(name -> Path.of(path, name)))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
        assumeTrue(browser.isPresent(), "there is no Chromium on the path");
        Path file = Files.writeString(folder.resolve("page.html"), page);
        Path shown = folder.resolve("dom.html");
        Process process = new ProcessBuilder(
                        browser.get(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--user-data-dir=" + folder.resolve("profile"),
                        "--virtual-time-budget=5000",
                        "--dump-dom",
                        file.toUri().toString())
                .redirectOutput(shown.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly().waitFor();
        }
        String dom = Files.readString(shown, StandardCharsets.UTF_8);
        assertThat(dom).contains("data-charts=").doesNotContain("data-error");
        long canvases = Pattern.compile("<canvas").matcher(dom).results().count();
        assertThat(dom).contains("data-charts=\"" + canvases + "\"");
        return new Chromium(dom);
    }

    String dom() {
        return dom;
    }

    /** The titles of the figures. */
    List<String> figures() {
        return texts("<figcaption><b>([^<]*)");
    }

    /** What the pattern's group finds. */
    List<String> texts(String pattern) {
        return Pattern.compile(pattern)
                .matcher(dom)
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
    }
}
