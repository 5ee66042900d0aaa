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
 * The Java half of {@code mutate.py}: reads a word and its argument from each line, and answers with one line. {@code
 * mutant SOURCE} compiles a source ahead of the tree, {@code mutant} alone takes the tree as it is, and {@code test CLASS}
 * runs a test class. The project's classes come from a class loader of their own for each mutant, so that one warm JVM
 * serves all.
 */
final class MutantRunner {
    private final Path folder;
    private final List<Path> project; // folders of classes and resources
    private final ClassLoader jars = Thread.currentThread().getContextClassLoader();
    private int mutants;
    private URLClassLoader loader = new URLClassLoader(new URL[0], jars);

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
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String argument = line.substring(line.indexOf(' ') + 1);
            answers.println(line.startsWith("mutant ") ? runner.mutant(argument) : runner.test(argument));
            answers.flush();
        }
        System.exit(0);
    }

    /** What the compiler says, or nothing. */
    private String mutant(String source) throws IOException {
        stopSpark(); // its tasks see the classes of the loader that was there when it started
        loader.close();
        Path patch = Files.createDirectories(folder.resolve("mutant-" + mutants++));
        String problem = source.isEmpty() ? "" : compile(Path.of(source), patch);
        List<URL> urls = new ArrayList<>(List.of(patch.toUri().toURL()));
        for (Path path : project) {
            urls.add(path.toUri().toURL());
        }
        loader = new URLClassLoader(urls.toArray(URL[]::new), jars);
        Thread.currentThread().setContextClassLoader(loader);
        return problem;
    }

    private String compile(Path source, Path to) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter problems = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            String classPath = project.get(0) + File.pathSeparator + System.getProperty("java.class.path");
            List<String> options = List.of(
                    "-proc:none",
                    "-nowarn",
                    "-parameters",
                    "--add-modules=jdk.incubator.vector",
                    "-cp",
                    classPath,
                    "-d",
                    to.toString());
            boolean done = compiler.getTask(problems, files, null, options, null, files.getJavaFileObjects(source))
                    .call();
            return done ? "" : problems.toString().replace('\n', ' ');
        }
    }

    /** The first of its methods that is red, or nothing. */
    private String test(String name) throws ClassNotFoundException {
        AtomicReference<String> red = new AtomicReference<>("");
        run(loader.loadClass(name), red);
        return red.get();
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
