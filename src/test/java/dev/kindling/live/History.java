package dev.kindling.live;

import dev.kindling.StandaloneCluster;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.history.FsHistoryProvider;
import org.apache.spark.deploy.history.HistoryServer;
import org.apache.spark.deploy.history.HistoryServer$;

/** Spark's history server, in this JVM, on a free port of loopback. */
final class History implements AutoCloseable {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();

    private final HistoryServer server;

    History(Path logs, Map<String, String> properties) {
        SparkConf conf = new SparkConf(false)
                .set("spark.history.fs.logDirectory", logs.toUri().toString())
                .set("spark.history.fs.update.interval", "1s");
        properties.forEach(conf::set);
        FsHistoryProvider provider = new FsHistoryProvider(conf);
        server = new HistoryServer(conf, provider, HistoryServer$.MODULE$.createSecurityManager(conf), 0);
        server.bind();
        provider.start();
    }

    /** A page of an application, which may not be in the list yet. */
    URI page(String application, String path) throws InterruptedException {
        URI page = URI.create("http://127.0.0.1:" + server.boundPort() + "/history/" + application + "/" + path);
        await(page.resolve("/history/" + application + "/jobs/"));
        return page;
    }

    /** Asks until it is there. */
    static void await(URI page) throws InterruptedException {
        StandaloneCluster.await(page.toString(), () -> {
            try {
                return ask(page).statusCode() == 200;
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    static String get(URI page) throws IOException, InterruptedException {
        HttpResponse<String> answer = ask(page);
        if (answer.statusCode() != 200) {
            throw new AssertionError(page + " answered " + answer.statusCode());
        }
        return answer.body();
    }

    private static HttpResponse<String> ask(URI page) throws IOException, InterruptedException {
        return CLIENT.send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        server.stop();
    }
}
