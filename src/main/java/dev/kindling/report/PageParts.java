package dev.kindling.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Properties;

/** The parts of pages with charts, as texts to insert: for the report and for the tab in the Spark UI. */
public final class PageParts {
    private static final String LIBRARY = "org.webjars.npm/chart.js";

    private PageParts() {}

    /** Chart.js without its source-map line, which would make a browser's tools request another file. */
    public static String library() {
        String script = read("/META-INF/resources/webjars/chart.js/" + version() + "/dist/chart.umd.min.js");
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

    /** The first part of a script: it draws the curves of a run with Chart.js. */
    public static String curves() {
        return beside(PageParts.class, "charts.js");
    }

    /** JSON that no HTML parser can mistake for markup: in JSON, the escaped characters occur only inside strings. */
    public static String json(JsonNode data) {
        return data.toString().replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e");
    }

    /** A file beside a class on the class path. */
    public static String beside(Class<?> owner, String name) {
        return read("/" + owner.getPackageName().replace('.', '/') + "/" + name);
    }

    private static String read(String path) {
        try (InputStream in = open(path)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream open(String path) throws IOException {
        URL found = PageParts.class.getResource(path);
        if (found == null) {
            throw new IOException("the page needs " + path
                    + " on the class path: use the job jar, or add what Kindling's pom.xml lists");
        }
        return found.openStream();
    }
}
