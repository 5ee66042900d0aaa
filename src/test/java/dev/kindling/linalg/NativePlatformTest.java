package dev.kindling.linalg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.StandaloneCluster;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each kind of CPU gets the OpenBLAS that was built for it, and a JVM that cannot load it goes on with the next backend. */
final class NativePlatformTest {
    /** Where an ELF file tells its machine. */
    private static final int MACHINE = 18;

    /** What a JVM that believes to be on some machine makes of the backend; a line each. */
    public static void main(String[] arguments) {
        System.out.println(Gemm.why("openblas"));
        System.out.println(Gemm.best().name());
    }

    @ParameterizedTest
    @CsvSource({"amd64, linux-x86_64, 62", "aarch64, linux-arm64, 183"})
    void theFilesAreOfTheCpu(String arch, String platform, int machine) throws IOException {
        for (String library : new String[] {"libopenblas.so.0", "libjniopenblas_nolapack.so", "libgfortran.so.5"}) {
            assertThat(machine("/org/bytedeco/openblas/" + platform + "/" + library))
                    .as(library)
                    .isEqualTo(machine);
        }
        assertThat(machine("/org/bytedeco/javacpp/" + platform + "/libjnijavacpp.so"))
                .isEqualTo(machine);
        assertThat(machine("/resources/native/Linux-" + arch + "/libnetlibblasjni.so"))
                .as("netlib's, which Spark has")
                .isEqualTo(machine);
    }

    private static int machine(String resource) throws IOException {
        try (InputStream file = openblas_nolapack.class.getResourceAsStream(resource)) {
            assertThat(file).as(resource).isNotNull();
            byte[] head = file.readNBytes(MACHINE + 2);
            assertThat(new String(head, 1, 3, StandardCharsets.US_ASCII)).isEqualTo("ELF");
            return ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getShort(MACHINE);
        }
    }

    /** On the other kind of CPU than this machine's, loading fails at the file of that kind. */
    @ParameterizedTest
    @CsvSource({"amd64, linux-x86_64", "aarch64, linux-arm64"})
    void aJvmTakesThoseOfItsCpu(String arch, String platform) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dos.arch=" + arch,
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        StandaloneCluster.classPath(),
                        NativePlatformTest.class.getName())
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed).isZero();
        if (arch.equals(System.getProperty("os.arch"))) {
            assertThat(printed).isEqualTo("\nopenblas\n");
        } else {
            assertThat(printed).contains("/" + platform + "/").endsWith("\njava\n");
        }
    }
}
