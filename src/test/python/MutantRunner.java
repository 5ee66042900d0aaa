import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.launcher.TagFilter.excludeTags;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkContext$;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import scala.Option;

/**
 * The Java half of {@code mutate.py}. Reads lines {@code SOURCE TAB CLASS,CLASS…}, compiles the source ahead of the tree,
 * runs the test classes in turn until one is red, and answers with one line. The project's classes come from a class loader
 * of their own for each line, so that one warm JVM serves all mutants.
 */
final class MutantRunner {
    private final Path folder;
    private final List<Path> project; // folders of classes and resources

    private MutantRunner(Path folder, List<Path> project) {
        this.folder = folder;
        this.project = project;
    }

    /** @param arguments a folder for what is compiled, then the project's folders */
    public static void main(String[] arguments) throws Exception {
        PrintStream answers = System.out;
        System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        List<Path> paths = new ArrayList<>();
        for (String argument : arguments) {
            paths.add(Path.of(argument));
        }
        MutantRunner runner = new MutantRunner(paths.get(0), paths.subList(1, paths.size()));
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        int count = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] fields = line.split("\t", -1);
            Path patch = Files.createDirectories(runner.folder.resolve("patch-" + count++));
            String problem = fields[0].isEmpty() ? "" : runner.compile(Path.of(fields[0]), patch);
            answers.println(problem.isEmpty() ? runner.judge(patch, fields[1].split(",")) : "NO BUILD\t" + problem);
            answers.flush();
        }
        System.exit(0);
    }

    private String compile(Path source, Path to) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter problems = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            String classPath = project.get(0) + File.pathSeparator + System.getProperty("java.class.path");
            List<String> options = List.of(
                    "-proc:none", "-nowarn", "-parameters", "--add-modules=jdk.incubator.vector", "-cp", classPath, "-d",
                    to.toString());
            boolean done = compiler.getTask(problems, files, null, options, null, files.getJavaFileObjects(source))
                    .call();
            return done ? "" : problems.toString().replace('\n', ' ').replace('\t', ' ');
        }
    }

    /** {@code RED TAB test} or {@code GREEN}. */
    private String judge(Path patch, String[] classes) throws Exception {
        List<URL> urls = new ArrayList<>(List.of(patch.toUri().toURL()));
        for (Path path : project) {
            urls.add(path.toUri().toURL());
        }
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        AtomicReference<String> red = new AtomicReference<>("");
        try (URLClassLoader loader = new URLClassLoader(urls.toArray(URL[]::new), before)) {
            thread.setContextClassLoader(loader);
            for (int i = 0; i < classes.length && red.get().isEmpty(); i++) {
                run(loader.loadClass(classes[i]), red);
            }
            stopSpark(); // its tasks see the classes of the loader that was there when it started
        } finally {
            thread.setContextClassLoader(before);
        }
        return red.get().isEmpty() ? "GREEN" : "RED\t" + red.get();
    }

    private static void run(Class<?> test, AtomicReference<String> red) {
        Launcher launcher = LauncherFactory.create();
        launcher.execute(
                LauncherDiscoveryRequestBuilder.request()
                        .selectors(selectClass(test))
                        .filters(excludeTags("own-context"))
                        .build(),
                new TestExecutionListener() {
                    @Override
                    public void executionFinished(TestIdentifier which, TestExecutionResult result) {
                        if (result.getStatus() == TestExecutionResult.Status.FAILED) {
                            String method = which.getSource()
                                    .filter(MethodSource.class::isInstance)
                                    .map(source -> ((MethodSource) source).getMethodName())
                                    .orElse("");
                            red.compareAndSet("", test.getSimpleName() + "." + method);
                        }
                    }
                });
    }

    private static void stopSpark() {
        Option<SparkContext> active = SparkContext$.MODULE$.getActive();
        if (active.isDefined()) {
            active.get().stop();
        }
    }
}
