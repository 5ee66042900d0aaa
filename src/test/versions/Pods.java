import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stands in for a Kubernetes API server as far as Spark's client needs it to submit: what is posted is kept, answered as a server
 * does, and written into a folder, a file for each kind ({@code pods.json}, {@code configmaps.json}).
 *
 * <pre>{@code java Pods.java FOLDER}</pre>
 *
 * Prints its address, and runs until it is ended.
 */
public final class Pods {
    private static final Map<String, String> KEPT = new ConcurrentHashMap<>();

    private static Path folder;

    public static void main(String[] arguments) throws IOException {
        folder = Path.of(arguments[0]);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", Pods::answer);
        server.start();
        System.out.println(
                "listening at http://127.0.0.1:" + server.getAddress().getPort());
    }

    private static void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String kind = path.replaceFirst(".*/namespaces/[^/]+/([^/]+).*", "$1");
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        System.out.println(exchange.getRequestMethod() + " " + exchange.getRequestURI());
        int code = 200;
        String answer = KEPT.getOrDefault(kind, "");
        switch (exchange.getRequestMethod()) {
            case "POST" -> {
                code = 201;
                answer = keep(kind, body);
            }
            case "PUT", "PATCH" -> answer = keep(kind, body);
            default -> code = answer.isEmpty() ? 404 : 200;
        }
        byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(code, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    /** The server gives what it creates an identity, to which Spark ties what belongs to the driver's pod. */
    private static String keep(String kind, String body) throws IOException {
        Files.writeString(folder.resolve(kind + ".json"), body);
        String kept = body.replaceFirst("\"metadata\" *: *\\{", "\"metadata\":{\"uid\":\"id-of-" + kind + "\",");
        KEPT.put(kind, kept);
        return kept;
    }
}
