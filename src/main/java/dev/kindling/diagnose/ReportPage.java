package dev.kindling.diagnose;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Properties;

/** A page in one file, which needs no network: a template with style, scripts and data put into it. */
public final class ReportPage {
    private static final String LIBRARY = "org.webjars.npm/chart.js";

    private ReportPage() {}

    /**
     * The page of that name, showing the data.
     *
     * @param name such as {@code report}, of a template and a script beside this class
     */
    public static String of(String name, JsonNode data) {
        // the data come last: nothing in them is taken for a place to put something
        return resource(name + ".html")
                .replace("/*STYLE*/", resource("report.css"))
                .replace("/*CHARTS*/", charts())
                .replace("/*SCRIPT*/", resource("page.js") + resource(name + ".js"))
                .replace("/*DATA*/", escaped(data.toString()));
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

    /** JSON that no parser of HTML can take for markup: in a text of JSON, such characters stand in strings alone. */
    private static String escaped(String json) {
        return json.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e");
    }

    /** Chart.js, without its last line, for which a browser's tools would look for another file. */
    private static String charts() {
        String version = version();
        String script = read("/META-INF/resources/webjars/chart.js/" + version + "/dist/chart.umd.min.js");
        return script.replaceAll("(?m)^//# sourceMappingURL=.*$", "");
    }

    private static String version() {
        Properties properties = new Properties();
        try (InputStream in = open("/META-INF/maven/" + LIBRARY + "/pom.properties")) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version");
    }

    private static String resource(String name) {
        return read("/dev/kindling/diagnose/" + name);
    }

    private static String read(String path) {
        try (InputStream in = open(path)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream open(String path) throws IOException {
        URL found = ReportPage.class.getResource(path);
        if (found == null) {
            throw new IOException("a page needs " + path
                    + " on the class path: use the job jar, or add what Kindling's pom.xml lists");
        }
        return found.openStream();
    }
}
