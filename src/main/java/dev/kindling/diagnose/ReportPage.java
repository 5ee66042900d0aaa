package dev.kindling.diagnose;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A page in one file, which needs no network: the template of all pages with style, scripts and data put into it. */
public final class ReportPage {
    private ReportPage() {}

    /**
     * A page that shows the data.
     *
     * @param name such as {@code report}, of a script beside this class
     * @param title plain text, without what HTML would take for markup
     */
    public static String of(String name, String title, JsonNode data) {
        return of(name, title, "", data);
    }

    /** The same with a style of its own, {@code NAME.css}, after that of all pages. */
    public static String styled(String name, String title, JsonNode data) {
        return of(name, title, resource(name + ".css"), data);
    }

    private static String of(String name, String title, String style, JsonNode data) {
        // the data come last: nothing in them is taken for a place to put something
        return resource("page.html")
                .replace("/*TITLE*/", title)
                .replace("/*STYLE*/", resource("page.css") + style)
                .replace("/*CHARTS*/", PageParts.library())
                .replace("/*SCRIPT*/", PageParts.curves() + resource("page.js") + resource(name + ".js"))
                .replace("/*DATA*/", PageParts.json(data));
    }

    /** Writes a page in the place of what is there, which stays where that fails. */
    static void write(String page, Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Files.createDirectories(folder);
        Path draft = Files.createTempFile(folder, ".kindling-", ".draft");
        try {
            Files.writeString(draft, page);
            Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private static String resource(String name) {
        return PageParts.read("/dev/kindling/diagnose/" + name);
    }
}
