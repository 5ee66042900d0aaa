package dev.kindling.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.Browser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What the browser that is on the path makes of a page. */
public final class Chromium {
    private final String dom;

    private Chromium(String dom) {
        this.dom = dom;
    }

    /**
     * Opens a page, which has to draw all of its charts without an error; skips the test where there is no browser.
     *
     * @param folder for the browser's own files
     */
    public static Chromium draws(String page, Path folder) throws Exception {
        String dom = Browser.onPath(folder)
                .dom(Files.writeString(folder.resolve("page.html"), page).toUri());
        assertThat(dom).contains("data-charts=").doesNotContain("data-error");
        long canvases = Pattern.compile("<canvas").matcher(dom).results().count();
        assertThat(dom).contains("data-charts=\"" + canvases + "\"");
        return new Chromium(dom);
    }

    public String dom() {
        return dom;
    }

    /** The titles of the figures. */
    public List<String> figures() {
        return texts("<figcaption><b>([^<]*)");
    }

    /** What the pattern's group finds. */
    public List<String> texts(String pattern) {
        return Pattern.compile(pattern)
                .matcher(dom)
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
    }
}
