import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.w3c.dom.Document;
import org.xml.sax.SAXException;

/**
 * Stands in for the Portal of Maven Central, as far as its publishing plugin needs it: takes a bundle, judges it by the
 * <a href="https://central.sonatype.org/publish/requirements/">requirements</a>, and tells what is wrong in the Portal's words.
 * Signatures are judged by {@code gpg} and the keys of {@code GNUPGHOME}.
 *
 * <pre>{@code java Central.java FOLDER NAMESPACE USER TOKEN}</pre>
 *
 * Unpacks each bundle into a folder of its own. Prints its address, each request, and what came; runs until it is ended.
 */
public final class Central {
    /** The ending of a checksum's file, and Java's name of the algorithm. The Portal asks for the first two. */
    private static final Map<String, String> CHECKSUMS =
            new TreeMap<>(Map.of(".md5", "MD5", ".sha1", "SHA-1", ".sha256", "SHA-256", ".sha512", "SHA-512"));

    private static final Set<String> REQUIRED = Set.of(".md5", ".sha1");

    private static final Map<String, String> OF_A_POM = new TreeMap<>(Map.of(
            "/project/name", "Project name is missing",
            "/project/description", "Project description is missing",
            "/project/url", "Project URL is not defined",
            "/project/licenses/license/name", "License information is missing",
            "/project/licenses/license/url", "License URL is missing",
            "/project/developers/developer/name", "Developers information is missing",
            "/project/scm/url", "SCM URL is not defined",
            "/project/scm/connection", "SCM connection is not defined",
            "/project/scm/developerConnection", "SCM developer connection is not defined"));

    private static final Map<String, String> STATES = new HashMap<>(); // JSON, by deployment

    private static Path folder;
    private static String namespace;
    private static String token;

    public static void main(String[] arguments) throws IOException {
        folder = Path.of(arguments[0]).toAbsolutePath();
        namespace = arguments[1];
        token = Base64.getEncoder()
                .encodeToString((arguments[2] + ":" + arguments[3]).getBytes(StandardCharsets.UTF_8));
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", Central::answer);
        server.start();
        System.out.println(
                "listening at http://127.0.0.1:" + server.getAddress().getPort());
    }

    private static void answer(HttpExchange exchange) throws IOException {
        String query = exchange.getRequestURI().getQuery();
        System.out.println(exchange.getRequestMethod() + " " + exchange.getRequestURI());
        byte[] body = exchange.getRequestBody().readAllBytes();
        String authorization = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        int code = 404;
        String answer = "";
        try {
            if (!authorization.matches("(UserToken|Bearer) " + Pattern.quote(token))) {
                code = 401;
            } else if (exchange.getRequestURI().getPath().equals("/api/v1/publisher/upload")) {
                code = 201;
                answer = "deployment-" + (STATES.size() + 1);
                STATES.put(answer, judge(answer, unpack(answer, part(body))));
            } else if (exchange.getRequestURI().getPath().equals("/api/v1/publisher/status")) {
                answer = STATES.getOrDefault(("&" + query).replaceAll(".*&id=|&.*", ""), "");
                code = answer.isEmpty() ? 404 : 200;
                exchange.getResponseHeaders().set("Content-Type", "application/json");
            }
        } catch (IOException | InterruptedException | RuntimeException e) {
            e.printStackTrace();
            code = 500;
        }
        byte[] sent = answer.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(code, sent.length == 0 ? -1 : sent.length);
        exchange.getResponseBody().write(sent);
        exchange.close();
    }

    /** The one part of a form. */
    private static byte[] part(byte[] body) {
        String bytes = new String(body, StandardCharsets.ISO_8859_1); // a character a byte
        String boundary = bytes.substring(0, bytes.indexOf("\r\n"));
        return Arrays.copyOfRange(body, bytes.indexOf("\r\n\r\n") + 4, bytes.lastIndexOf("\r\n" + boundary));
    }

    private static Map<String, byte[]> unpack(String deployment, byte[] bundle) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bundle))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = folder.resolve(deployment).resolve(entry.getName()).normalize();
                if (!file.startsWith(folder)) {
                    throw new IOException(entry.getName() + " leaves the folder");
                }
                if (!entry.isDirectory()) {
                    files.put(entry.getName(), zip.readAllBytes());
                    Files.createDirectories(file.getParent());
                    Files.write(file, files.get(entry.getName()));
                }
            }
        }
        System.out.println(deployment + " has " + files.size() + " files in " + bundle.length + " bytes");
        return files;
    }

    /** A deployment's state, as JSON. */
    private static String judge(String deployment, Map<String, byte[]> files) throws IOException, InterruptedException {
        Map<String, List<String>> errors = new TreeMap<>();
        Set<String> components = new TreeSet<>();
        for (String path : files.keySet()) {
            components.add(path.substring(0, path.lastIndexOf('/') + 1));
        }
        for (String component : components) {
            Matcher place = Pattern.compile("(.+)/([^/]+)/([^/]+)/").matcher(component);
            if (!place.matches() || !place.group(1).equals(namespace.replace('.', '/'))) {
                errors.put(component, List.of("Namespace '" + component + "' is not allowed"));
                continue;
            }
            List<String> found = new ArrayList<>();
            judgeFiles(deployment, component, place.group(2) + "-" + place.group(3), files, found);
            judgePom(files.get(component + place.group(2) + "-" + place.group(3) + ".pom"), place, found);
            String name = "pkg:maven/" + namespace + "/" + place.group(2) + "@" + place.group(3);
            System.out.println(name + " " + (found.isEmpty() ? "is right" : found));
            if (!found.isEmpty()) {
                errors.put(name, found);
            }
        }
        if (components.isEmpty()) {
            errors.put("bundle", List.of("Deployment is empty"));
        }
        return "{\"deploymentId\": \"" + deployment + "\", \"deploymentName\": \"" + deployment + "\", \"purls\": [], "
                + "\"deploymentState\": \"" + (errors.isEmpty() ? "VALIDATED" : "FAILED") + "\", \"errors\": {"
                + errors.entrySet().stream()
                        .map(error -> text(error.getKey()) + ": ["
                                + error.getValue().stream().map(Central::text).collect(Collectors.joining(", ")) + "]")
                        .collect(Collectors.joining(", "))
                + "}}";
    }

    private static String text(String value) {
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static void judgeFiles(
            String deployment, String component, String base, Map<String, byte[]> files, List<String> errors)
            throws IOException, InterruptedException {
        for (String ending : List.of(".pom", ".jar", "-sources.jar", "-javadoc.jar")) {
            if (!files.containsKey(component + base + ending)) {
                errors.add("Missing file: " + base + ending);
            }
        }
        for (String path : files.keySet()) {
            String name = path.substring(path.lastIndexOf('/') + 1);
            if (!path.startsWith(component)
                    || name.endsWith(".asc")
                    || CHECKSUMS.keySet().stream().anyMatch(name::endsWith)) {
                continue;
            }
            if (!name.startsWith(base)) {
                errors.add("File name must begin with " + base + ": " + name);
            }
            if (!files.containsKey(path + ".asc")) {
                errors.add("Missing signature for file: " + name);
            } else if (!signed(folder.resolve(deployment).resolve(path))) {
                errors.add("Invalid signature for file: " + name);
            }
            for (Map.Entry<String, String> checksum : CHECKSUMS.entrySet()) {
                byte[] stated = files.get(path + checksum.getKey());
                if (stated == null) {
                    if (REQUIRED.contains(checksum.getKey())) {
                        errors.add("Missing " + checksum.getKey() + " checksum for file: " + name);
                    }
                } else if (!new String(stated, StandardCharsets.US_ASCII)
                        .equals(HexFormat.of().formatHex(digest(checksum.getValue(), files.get(path))))) {
                    errors.add("Invalid " + checksum.getKey() + " checksum for file: " + name);
                }
            }
        }
    }

    private static byte[] digest(String algorithm, byte[] content) {
        try {
            return MessageDigest.getInstance(algorithm).digest(content);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean signed(Path file) throws IOException, InterruptedException {
        return new ProcessBuilder("gpg", "--batch", "--quiet", "--verify", file + ".asc", file.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(
                                folder.resolve("gpg.log").toFile()))
                        .start()
                        .waitFor()
                == 0;
    }

    private static void judgePom(byte[] pom, Matcher place, List<String> errors) throws IOException {
        if (pom == null) {
            return; // is told as a missing file
        }
        XPath path = XPathFactory.newInstance().newXPath();
        try {
            Document document =
                    DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new ByteArrayInputStream(pom));
            for (Map.Entry<String, String> element : OF_A_POM.entrySet()) {
                if (path.evaluate(element.getKey(), document).isBlank()) {
                    errors.add(element.getValue());
                }
            }
            String coordinates =
                    path.evaluate("/project/groupId", document) + ":" + path.evaluate("/project/artifactId", document)
                            + ":" + path.evaluate("/project/version", document);
            String places = namespace + ":" + place.group(2) + ":" + place.group(3);
            if (!coordinates.equals(places)) {
                errors.add("Coordinates of the POM, " + coordinates + ", do not match its path, " + places);
            }
            if (!path.evaluate("//dependency[not(version)]", document).isBlank()) {
                errors.add("Dependency version information is missing");
            }
        } catch (SAXException | ParserConfigurationException | XPathExpressionException e) {
            errors.add("Invalid POM: " + e.getMessage());
        }
        if (new String(pom, StandardCharsets.UTF_8).contains("${")) {
            errors.add("Expressions of the POM are not resolved");
        }
    }
}
