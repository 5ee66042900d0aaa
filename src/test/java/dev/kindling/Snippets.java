package dev.kindling;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Examples in texts, taken out, compiled and run as they stand there. */
public final class Snippets {
    /** Of the tests; surefire's own is a jar that only names it. */
    public static final String CLASS_PATH =
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w+)\\n(.*?)^```$");
    private static final Pattern JAVADOC = Pattern.compile("(?ms)^ *\\* <pre>\\{@code\\n(.*?)^ *\\* \\}</pre>$");

    /** What examples speak of: the variables they find, besides the method's exceptions. */
    private static final String CLASS =
            """
            import ai.onnxruntime.*;
            import dev.kindling.check.*;
            import dev.kindling.checkpoint.*;
            import dev.kindling.ml.*;
            import dev.kindling.ml.search.*;
            import dev.kindling.nn.*;
            import dev.kindling.optim.*;
            import dev.kindling.report.*;
            import dev.kindling.score.*;
            import dev.kindling.table.*;
            import dev.kindling.tensorboard.*;
            import dev.kindling.train.*;
            import java.nio.file.*;
            import java.util.*;
            import org.apache.spark.api.java.function.VoidFunction2;
            import org.apache.spark.ml.*;
            import org.apache.spark.ml.clustering.*;
            import org.apache.spark.ml.evaluation.*;
            import org.apache.spark.ml.feature.*;
            import org.apache.spark.ml.linalg.Vector;
            import org.apache.spark.ml.param.ParamMap;
            import org.apache.spark.ml.tuning.*;
            import org.apache.spark.sql.*;
            import org.apache.spark.sql.streaming.*;
            import static org.apache.spark.sql.functions.*;

            public final class %s {
                public static void run(
                        SparkSession spark, Dataset<Row> train, Dataset<Row> test, String[] columns, String folder)
                        throws Exception {
                    %s
                }
            }
            """;

    private Snippets() {}

    /** The project's pages: those at the top of the tree and the site's. */
    public static List<Path> pages() throws IOException {
        try (Stream<Path> top = Files.list(Path.of(""));
                Stream<Path> site = Files.list(Path.of("src/site/markdown"))) {
            return Stream.concat(top, site)
                    .filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }

    /** The blocks of a language in a Markdown file. */
    public static List<String> ofMarkdown(Path file, String language) throws IOException {
        return BLOCK.matcher(Files.readString(file))
                .results()
                .filter(block -> block.group(1).equals(language))
                .map(block -> block.group(2))
                .toList();
    }

    /** The blocks of code in a source file's Javadoc. */
    public static List<String> ofJavadoc(Path file) throws IOException {
        return JAVADOC.matcher(Files.readString(file))
                .results()
                .map(block -> block.group(1).replaceAll("(?m)^ *\\* ?", ""))
                .toList();
    }

    /** Compiles each as the body of a method, and runs it. */
    public static void run(List<String> snippets, Dataset<Row> train, Dataset<Row> test, String[] columns, Path folder)
            throws Exception {
        for (int i = 0; i < snippets.size(); i++) {
            String name = "Snippet" + i;
            Path own = Files.createDirectories(folder.resolve(name));
            compile(name, ofFewEpochs(snippets.get(i)), own);
            try (URLClassLoader loader =
                    new URLClassLoader(new URL[] {own.toUri().toURL()}, Snippets.class.getClassLoader())) {
                loader.loadClass(name)
                        .getMethod(
                                "run", SparkSession.class, Dataset.class, Dataset.class, String[].class, String.class)
                        .invoke(null, LocalSpark.session(), train, test, columns, folder.toString());
            }
        }
    }

    /** Where an example leaves the epochs open, 20 are enough here; thousands of steps are for the test of the defaults. */
    private static String ofFewEpochs(String snippet) {
        return snippet.replaceAll("new Mlp(Classifier|Regressor)\\(\\)", "$0.setMaxIter(20)");
    }

    private static void compile(String name, String snippet, Path folder) throws IOException {
        Path source = folder.resolve(name + ".java");
        Files.writeString(source, CLASS.formatted(name, snippet));
        StringWriter messages = new StringWriter();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> options = List.of("-proc:none", "-cp", CLASS_PATH, "-d", folder.toString());
        boolean compiled = compiler.getTask(
                        messages,
                        null,
                        null,
                        options,
                        null,
                        compiler.getStandardFileManager(null, null, null).getJavaFileObjects(source))
                .call();
        assertThat(compiled).as("%s%n%s", messages, snippet).isTrue();
    }
}
