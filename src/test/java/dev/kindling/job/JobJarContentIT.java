package dev.kindling.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the job jar brings to a class path that has a Spark and perhaps much else. */
@Tag("slow")
@Tag("smoke")
final class JobJarContentIT {
    private static JarFile jar;

    @BeforeAll
    static void open() throws IOException {
        jar = new JarFile(System.getenv("KINDLING_JAR"));
    }

    @AfterAll
    static void close() throws IOException {
        jar.close();
    }

    @Test
    void everyClassHasANameOfOursButOpenBlas() {
        List<String> others = jar.stream()
                .map(ZipEntry::getName)
                .filter(name -> name.endsWith(".class"))
                .filter(name -> !name.startsWith("dev/kindling/") && !name.startsWith("org/bytedeco/"))
                .toList();
        assertThat(others).isEmpty();
        assertThat(jar.getEntry("dev/kindling/shaded/picocli/CommandLine.class"))
                .isNotNull();
    }

    @Test
    void openBlasIsThereForBothKindsOfCpuAndOnlyWhatIsUsed() {
        for (String platform : List.of("linux-x86_64", "linux-arm64")) {
            String folder = "org/bytedeco/openblas/" + platform + "/";
            assertThat(jar.getEntry(folder + "libopenblas.so.0")).isNotNull();
            assertThat(jar.getEntry(folder + "libjniopenblas_nolapack.so")).isNotNull();
            assertThat(jar.getEntry(folder + "libjniopenblas_full.so")).isNull();
        }
    }

    @Test
    void licencesAreThere() throws IOException {
        assertThat(text("META-INF/LICENSE")).contains("Apache License");
        assertThat(text("META-INF/THIRD-PARTY.txt")).contains("picocli", "openblas", "chart.js", "jspecify");
        assertThat(text("META-INF/THIRD-PARTY-NATIVE.txt")).contains("BSD 3-Clause");
        assertThat(jar.stream().map(ZipEntry::getName)).anyMatch(name -> name.matches(".*/chart.js/.*/LICENSE.md"));
    }

    @Test
    void itKnowsItsSparkLine() throws IOException {
        assertThat(text("dev/kindling/build.properties"))
                .containsPattern("version=\\d+\\.\\d+\\.\\d+")
                .contains("spark="
                        + org.apache.spark.package$.MODULE$.SPARK_VERSION().charAt(0))
                .doesNotContain("$");
    }

    private static String text(String name) throws IOException {
        try (InputStream in = jar.getInputStream(jar.getEntry(name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
