package dev.kindling.spark;

import static org.apache.xbean.asm9.Opcodes.ACC_PUBLIC;
import static org.apache.xbean.asm9.Opcodes.ACC_STATIC;
import static org.apache.xbean.asm9.Opcodes.INVOKESTATIC;
import static org.apache.xbean.asm9.Opcodes.RETURN;
import static org.apache.xbean.asm9.Opcodes.V17;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.package$;
import org.apache.xbean.asm9.ClassWriter;
import org.apache.xbean.asm9.MethodVisitor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The classes of this Spark line find all that they refer to in the version of Spark on the class path, and in each other version
 * of the line, of this Scala, whose jars {@code .ci/versions --fetch} has put into {@code target/sparks}.
 */
final class LinkageTest {
    private static final Path SPARKS = Path.of("target/sparks");
    private static final String PLANTED = "dev/kindling/Planted";

    private static final Map<String, byte[]> CLASSES = new TreeMap<>();

    @BeforeAll
    static void readOurClasses() throws IOException, URISyntaxException {
        Path root = Path.of(JobScope.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        try (Stream<Path> files = Files.walk(root)) {
            files.filter(file -> file.toString().endsWith(".class"))
                    .forEach(file -> CLASSES.put(name(root, file), read(file)));
        }
        assertThat(CLASSES).hasSizeGreaterThan(500);
    }

    private static String name(Path root, Path file) {
        String name = root.relativize(file).toString().replace(File.separatorChar, '/');
        return name.substring(0, name.length() - ".class".length());
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<Path> sparks() throws IOException {
        String line = package$.MODULE$.SPARK_VERSION().replaceFirst("\\..*", "");
        String binary = scala.util.Properties$.MODULE$.versionNumberString().replaceFirst("\\.\\d+$", "");
        Predicate<String> ofLine = Pattern.compile(Pattern.quote(line) + "\\..*_" + Pattern.quote(binary))
                .asMatchPredicate();
        Stream<Path> others = Files.isDirectory(SPARKS)
                ? Files.list(SPARKS)
                        .filter(folder -> ofLine.test(folder.getFileName().toString()))
                : Stream.of();
        return Stream.concat(Stream.of(Path.of("class-path")), others.sorted());
    }

    private static List<Path> jars(Path spark) throws IOException {
        if (!Files.isDirectory(spark)) {
            return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                    .filter(path -> path.endsWith(".jar"))
                    .map(Path::of)
                    .toList();
        }
        try (Stream<Path> jars = Files.list(spark.resolve("jars"))) {
            return jars.filter(jar -> jar.toString().endsWith(".jar")).toList();
        }
    }

    @ParameterizedTest
    @MethodSource("sparks")
    void everyReferenceLeadsSomewhere(Path spark) throws IOException {
        try (Linkage linkage = new Linkage(CLASSES, jars(spark))) {
            assertThat(linkage.faults()).as("against %s", spark).isEmpty();
        }
    }

    /** The method is there, but takes more arguments. */
    @ParameterizedTest
    @MethodSource("sparks")
    void aPlantedCallOfAPrivateMethodIsFound(Path spark) throws IOException {
        ClassWriter planted = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        planted.visit(V17, ACC_PUBLIC, PLANTED, null, "java/lang/Object", null);
        MethodVisitor method = planted.visitMethod(ACC_PUBLIC | ACC_STATIC, "call", "()V", null, null);
        method.visitCode();
        method.visitMethodInsn(INVOKESTATIC, "org/apache/spark/ui/UIUtils", "headerSparkPage", "()V", false);
        method.visitInsn(RETURN);
        method.visitMaxs(0, 0);
        method.visitEnd();
        planted.visitEnd();
        try (Linkage linkage = new Linkage(Map.of(PLANTED, planted.toByteArray()), jars(spark))) {
            assertThat(linkage.faults())
                    .containsExactly(PLANTED + " needs org/apache/spark/ui/UIUtils.headerSparkPage ()V");
        }
    }

    @Test
    void aPageThatSparkCouldNotRenderIsFound() throws IOException {
        ClassWriter planted = new ClassWriter(0);
        planted.visit(V17, ACC_PUBLIC, PLANTED, null, "org/apache/spark/ui/WebUIPage", null);
        planted.visitEnd();
        try (Linkage linkage = new Linkage(Map.of(PLANTED, planted.toByteArray()), jars(Path.of("class-path")))) {
            assertThat(linkage.faults()).singleElement().asString().startsWith(PLANTED + " must implement render (");
        }
    }
}
