package dev.kindling.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A self-contained HTML page: the template of all pages, with style, scripts and data inserted. */
public final class ReportPage {
    private ReportPage() {}

    /**
     * A page that shows the data.
     *
     * @param owner the class beside which the page's script is stored
     * @param name the script's name, such as {@code report}
     * @param title plain text without HTML markup
     */
    public static String of(Class<?> owner, String name, String title, JsonNode data) {
        return of(owner, name, title, "", data);
    }

    /** The same with the page's own style, {@code NAME.css}, after the common one. */
    public static String styled(Class<?> owner, String name, String title, JsonNode data) {
        return of(owner, name, title, PageParts.beside(owner, name + ".css"), data);
    }

    private static String of(Class<?> owner, String name, String title, String style, JsonNode data) {
        // the data are inserted last, so that nothing in them is taken for a placeholder
        return resource("page.html")
                .replace("/*TITLE*/", title)
                .replace("/*STYLE*/", resource("page.css") + style)
                .replace("/*CHARTS*/", PageParts.library())
                .replace("/*SCRIPT*/", PageParts.curves() + resource("page.js") + PageParts.beside(owner, name + ".js"))
                .replace("/*DATA*/", PageParts.json(data));
    }

    /** Writes a page, replacing an existing file; if that fails, the existing file stays. */
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
