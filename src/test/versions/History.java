import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asks a history server for the one finished application that it has, as a user does who clicks through its pages:
 *
 * <pre>{@code java History.java http://127.0.0.1:18080 [training]}</pre>
 *
 * With {@code training}, the server must show our tab. Without, it need not know our classes; but nothing may be an error page.
 */
public final class History {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern ID = Pattern.compile("\"id\" *: *\"([^\"]+)\"");
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();

    private static String server;

    public static void main(String[] arguments) throws Exception {
        server = arguments[0];
        boolean training = arguments.length > 1;
        String id = finishedApplication();
        String home = "/history/" + id + "/";
        for (String page : new String[] {"jobs/", "stages/", "storage/", "environment/", "executors/", "SQL/"}) {
            String body = get(home + page);
            require(body.contains(id), page + " must be of the application");
            require(body.contains(home + "training") == training, page + " must have our tab only if our jar is there");
        }
        HttpResponse<String> tab = ask(home + "training/");
        if (training) {
            require(tab.statusCode() == 200 && tab.body().contains("new Chart("), "the tab must have charts");
            require(get(home + "training/json/").contains("\"trainingLoss\""), "the tab's data must have curves");
        } else {
            require(tab.statusCode() < 500, "the tab's address answers " + tab.statusCode());
        }
        System.out.println("passed history" + (training ? " with the tab" : ""));
    }

    /** The application's identifier, once the server has read its events. */
    private static String finishedApplication() throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            String list = get("/api/v1/applications?status=completed");
            Matcher found = ID.matcher(list);
            if (found.find()) {
                return found.group(1);
            }
            require(System.nanoTime() < end, "no application is in the list: " + list);
            Thread.sleep(200);
        }
    }

    private static String get(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = ask(path);
        require(answer.statusCode() == 200, path + " answers " + answer.statusCode());
        return answer.body();
    }

    private static HttpResponse<String> ask(String path) throws IOException, InterruptedException {
        return CLIENT.send(
                HttpRequest.newBuilder(URI.create(server + path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
