package dev.kindling.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Properties;

/** What pages with charts are made of, each a text to be put into the page: the report, and the Spark UI's tab. */
public final class PageParts {
    private static final String LIBRARY = "org.webjars.npm/chart.js";

    private PageParts() {}

    /** Chart.js, without its last line, for which a browser's tools would look for another file. */
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

    /** What draws the curves of a run with Chart.js: the beginning of a script. */
    public static String curves() {
        return beside(PageParts.class, "charts.js");
    }

    /** JSON that no parser of HTML can take for markup: in a text of JSON, such characters stand in strings alone. */
    public static String json(JsonNode data) {
        return data.toString().replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e");
    }

    /** A file that lies beside a class on the class path. */
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
