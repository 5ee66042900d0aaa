package dev.kindling.report;

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
     * @param owner the class that the page's script lies beside
     * @param name of the script, such as {@code report}
     * @param title plain text, without what HTML would take for markup
     */
    public static String of(Class<?> owner, String name, String title, JsonNode data) {
        return of(owner, name, title, "", data);
    }

    /** The same with a style of its own, {@code NAME.css}, after that of all pages. */
    public static String styled(Class<?> owner, String name, String title, JsonNode data) {
        return of(owner, name, title, PageParts.beside(owner, name + ".css"), data);
    }

    private static String of(Class<?> owner, String name, String title, String style, JsonNode data) {
        // the data come last: nothing in them is taken for a place to put something
        return resource("page.html")
                .replace("/*TITLE*/", title)
                .replace("/*STYLE*/", resource("page.css") + style)
                .replace("/*CHARTS*/", PageParts.library())
                .replace("/*SCRIPT*/", PageParts.curves() + resource("page.js") + PageParts.beside(owner, name + ".js"))
                .replace("/*DATA*/", PageParts.json(data));
    }

    /** Writes a page in the place of what is there, which stays where that fails. */
    public static void write(String page, Path file) throws IOException {
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
        return PageParts.beside(ReportPage.class, name);
    }
}
