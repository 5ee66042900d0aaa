import java.io.InputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.deploy.history.HistoryServer;

/**
 * Spark's history server shows the Training tab of an application that has ended. {@code .ci/versions} runs it from its source:
 *
 * <pre>{@code java -cp JOB_JAR:JARS_OF_SPARK HistoryPage.java FOLDER_OF_EVENT_LOGS}</pre>
 */
public final class HistoryPage {
    private static final Pattern APPLICATION = Pattern.compile("\"id\" : \"([^\"]+)\"");
    private static final Duration LONGEST = Duration.ofMinutes(5);

    public static void main(String[] arguments) throws Exception {
        Path logs = Path.of(arguments[0]).toAbsolutePath();
        try (Stream<Path> files = Files.list(logs)) {
            require(files.findAny().isPresent(), logs + " must have an event log");
        }
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        System.setProperty("spark.history.fs.logDirectory", logs.toUri().toString());
        System.setProperty("spark.history.ui.port", Integer.toString(port));
        Thread server = new Thread(() -> HistoryServer.main(new String[0]));
        server.setDaemon(true);
        server.start();
        String root = "http://127.0.0.1:" + port;
        Matcher application = APPLICATION.matcher(get(root + "/api/v1/applications?status=completed", APPLICATION));
        require(application.find(), "the server must list an application");
        get(root + "/history/" + application.group(1) + "/training/", Pattern.compile("new Chart\\("));
        System.out.println("passed history server");
        System.exit(0);
    }

    /** The page, once it has what it must have. The server reads logs only after it has started. */
    private static String get(String address, Pattern expected) throws Exception {
        Instant last = Instant.now().plus(LONGEST);
        String page = "nothing";
        while (Instant.now().isBefore(last)) {
            try (InputStream in = URI.create(address).toURL().openStream()) {
                page = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                if (expected.matcher(page).find()) {
                    return page;
                }
            } catch (java.io.IOException e) {
                page = e.toString();
            }
            Thread.sleep(200);
        }
        throw new AssertionError(address + " must have " + expected + ", but has " + page);
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
