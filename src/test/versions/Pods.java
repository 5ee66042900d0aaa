import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executors;

/**
 * Stands in for Kubernetes as far as Spark needs it: an API server that keeps what is posted, lists and deletes it, and a node of
 * its own, loopback, that starts the entry point of the image for each pod, with the pod's arguments, environment and configuration.
 * Needs Jackson, as Spark brings it.
 *
 * <pre>{@code SPARK_HOME=SPARK java -cp 'SPARK/jars/*' Pods.java FOLDER docker/entrypoint}</pre>
 *
 * Writes what is posted into the folder, a file for each kind ({@code pods.json}, {@code configmaps.json}; the first of a kind is the
 * driver's), and what a pod prints into {@code POD.log}. Prints its address, each request, and how pods end; runs until it is ended.
 */
public final class Pods {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CONF = "/opt/spark/conf"; // where Spark mounts a pod's configuration
    private static final String NODE = "127.0.0.1";

    private static final Map<String, Map<String, ObjectNode>> KEPT = new HashMap<>(); // kind, name
    private static final Map<String, Process> PROCESSES = new HashMap<>(); // by pod

    private static Path folder;
    private static String entrypoint;

    public static void main(String[] arguments) throws IOException {
        folder = Path.of(arguments[0]).toAbsolutePath();
        entrypoint = Path.of(arguments[1]).toAbsolutePath().toString();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", Pods::answer);
        server.setExecutor(Executors.newCachedThreadPool());
        server.start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> PROCESSES.values().forEach(Process::destroyForcibly)));
        System.out.println(
                "listening at http://" + NODE + ":" + server.getAddress().getPort());
    }

    private static void answer(HttpExchange exchange) throws IOException {
        System.out.println(exchange.getRequestMethod() + " " + exchange.getRequestURI());
        byte[] body = exchange.getRequestBody().readAllBytes();
        int code = 200;
        JsonNode answer;
        try {
            answer = respond(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().getPath(),
                    queries(exchange.getRequestURI().getRawQuery()),
                    body);
        } catch (IOException | RuntimeException e) {
            e.printStackTrace();
            throw e;
        }
        if (answer.isMissingNode()) {
            code = 404;
            answer = JSON.createObjectNode()
                    .put("kind", "Status")
                    .put("status", "Failure")
                    .put("code", code);
        } else if (exchange.getRequestMethod().equals("POST")) {
            code = 201;
        }
        byte[] bytes = JSON.writeValueAsBytes(answer);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(code, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static Map<String, String> queries(String raw) {
        Map<String, String> queries = new TreeMap<>();
        for (String pair : (raw == null ? "" : raw).split("&")) {
            String[] parts = pair.split("=", 2);
            queries.put(parts[0], parts.length == 1 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return queries;
    }

    /** To a request for {@code /api/v1/namespaces/NAMESPACE/KIND[/NAME]}; a missing node if there is no such thing. */
    private static synchronized JsonNode respond(String method, String path, Map<String, String> queries, byte[] body)
            throws IOException {
        String[] parts = path.split("/");
        if (parts.length < 6 || queries.containsKey("watch")) {
            return JSON.missingNode();
        }
        String kind = parts[5];
        Map<String, ObjectNode> kept = KEPT.computeIfAbsent(kind, k -> new TreeMap<>());
        if (method.equals("POST")) {
            return create(kind, kept, (ObjectNode) JSON.readTree(body));
        }
        if (parts.length == 6) {
            List<ObjectNode> chosen = chosen(kept, queries);
            if (method.equals("DELETE")) {
                chosen.forEach(Pods::delete);
                kept.values().removeAll(chosen);
            }
            ObjectNode list = JSON.createObjectNode().put("kind", "List").put("apiVersion", "v1");
            list.putObject("metadata").put("resourceVersion", "1");
            list.putArray("items").addAll(chosen);
            return list;
        }
        ObjectNode one = kept.get(parts[6]);
        switch (method) {
            case "PUT", "PATCH" -> {
                if (one == null) {
                    return create(kind, kept, (ObjectNode) JSON.readTree(body));
                }
                JSON.readerForUpdating(one).readValue(body);
            }
            case "DELETE" -> {
                if (one != null) {
                    delete(one);
                    kept.remove(parts[6]);
                }
            }
            default -> {}
        }
        return one == null ? JSON.missingNode() : one;
    }

    private static List<ObjectNode> chosen(Map<String, ObjectNode> kept, Map<String, String> queries) {
        List<ObjectNode> chosen = new ArrayList<>();
        for (ObjectNode one : kept.values()) {
            boolean fits = true;
            for (String selector : queries.getOrDefault("labelSelector", "").split(",")) {
                String[] pair = selector.split("=");
                if (pair.length == 2 && !pair[0].endsWith("!")) {
                    fits &= one.at("/metadata/labels/" + pair[0]).asText().equals(pair[1]);
                }
            }
            String field = queries.getOrDefault("fieldSelector", "");
            fits &= !field.startsWith("metadata.name=") || field.equals("metadata.name=" + name(one));
            if (fits) {
                chosen.add(one);
            }
        }
        return chosen;
    }

    private static String name(JsonNode one) {
        return one.at("/metadata/name").asText();
    }

    /** The server gives what it creates an identity, to which Spark ties what belongs to the driver's pod. */
    private static ObjectNode create(String kind, Map<String, ObjectNode> kept, ObjectNode made) throws IOException {
        Path file = folder.resolve(kind + ".json");
        if (!Files.exists(file)) {
            JSON.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), made);
        }
        ObjectNode metadata = (ObjectNode) made.get("metadata");
        metadata.put("uid", "id-of-" + name(made)).put("resourceVersion", "1");
        metadata.put(
                "creationTimestamp",
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        kept.put(name(made), made);
        if (kind.equals("pods")) {
            made.putObject("status").put("phase", "Pending");
            Thread node = new Thread(() -> run(made), name(made));
            node.setDaemon(true);
            node.start();
        }
        return made;
    }

    private static void delete(ObjectNode one) {
        Process process = PROCESSES.get(name(one));
        if (process != null) {
            process.destroy();
        }
    }

    private static void run(ObjectNode pod) {
        try {
            Process process = start(pod);
            int code = process.waitFor();
            System.out.println(
                    pod.at("/metadata/labels/spark-role").asText() + " " + name(pod) + " ended with " + code);
            status(pod, code == 0 ? "Succeeded" : "Failed");
        } catch (IOException | InterruptedException e) {
            e.printStackTrace();
            status(pod, "Failed");
        }
    }

    private static synchronized void status(ObjectNode pod, String phase) {
        ObjectNode status = pod.putObject("status").put("phase", phase).put("podIP", NODE);
        ObjectNode ready = status.putArray("conditions").addObject().put("type", "Ready");
        ready.put("status", phase.equals("Running") ? "True" : "False");
    }

    private static Process start(ObjectNode pod) throws IOException, InterruptedException {
        JsonNode container = pod.at("/spec/containers/0");
        Path own = Files.createDirectories(folder.resolve(name(pod)));
        mount(pod, own);
        List<String> command = new ArrayList<>(List.of(entrypoint));
        container.get("args").forEach(word -> command.add(word.asText().replace(CONF, own.toString())));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(own.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(name(pod) + ".log").toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().retainAll(Set.of("PATH", "SPARK_HOME"));
        for (JsonNode variable : container.get("env")) {
            String field = variable.at("/valueFrom/fieldRef/fieldPath").asText();
            String value =
                    switch (field) {
                        case "" -> variable.path("value").asText();
                        case "status.podIP" -> NODE;
                        case "metadata.name" -> name(pod);
                        default -> throw new IOException("a pod asks for " + field);
                    };
            environment.put(variable.get("name").asText(), value.replace(CONF, own.toString()));
        }
        environment.put("SPARK_LOCAL_DIRS", own + File.separator + "local");
        environment.put("JAVA_TOOL_OPTIONS", "-Djdk.net.hosts.file=" + names(own) + " -XX:TieredStopAtLevel=1");
        Process process = builder.start();
        synchronized (Pods.class) {
            PROCESSES.put(name(pod), process);
            status(pod, "Running");
        }
        return process;
    }

    /** A pod starts once its configuration is there, which Spark sends after the pod. */
    private static void mount(ObjectNode pod, Path own) throws IOException, InterruptedException {
        for (JsonNode volume : pod.at("/spec/volumes")) {
            String wanted = volume.at("/configMap/name").asText();
            JsonNode map = wanted.isEmpty() ? JSON.createObjectNode() : null;
            while (map == null) {
                Thread.sleep(50);
                synchronized (Pods.class) {
                    map = KEPT.getOrDefault("configmaps", Map.of()).get(wanted);
                }
            }
            for (Map.Entry<String, JsonNode> file : map.path("data").properties()) {
                Files.writeString(own.resolve(file.getKey()), file.getValue().asText());
            }
        }
    }

    /** The names of services, as a cluster's DNS has them. */
    private static synchronized Path names(Path own) throws IOException {
        List<String> lines = new ArrayList<>(List.of(
                NODE + " localhost", NODE + " " + InetAddress.getLocalHost().getHostName()));
        for (ObjectNode service : KEPT.getOrDefault("services", Map.of()).values()) {
            String namespace = service.at("/metadata/namespace").asText("ml");
            lines.add(NODE + " " + name(service) + "." + namespace + ".svc");
        }
        return Files.write(own.resolve("hosts"), lines);
    }
}
