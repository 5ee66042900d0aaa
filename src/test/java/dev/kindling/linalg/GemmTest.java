package dev.kindling.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import dev.kindling.Numeric;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Numeric
class GemmTest {

    private static final String LIBRARY_PROPERTY = "dev.ludovic.netlib.blas.nativeLibPath";
    private static final float GUARD = 12345.678f;

    /** Which operand is stored transposed. */
    enum Form {
        PLAIN {
            @Override
            void run(Gemm gemm, Product p) {
                gemm.multiply(p.m, p.n, p.k, p.a, p.aOffset, p.b, p.bOffset, p.beta, p.c, p.cOffset);
            }
        },
        TRANS_A {
            @Override
            void run(Gemm gemm, Product p) {
                gemm.multiplyTransA(p.m, p.n, p.k, p.a, p.aOffset, p.b, p.bOffset, p.beta, p.c, p.cOffset);
            }
        },
        TRANS_B {
            @Override
            void run(Gemm gemm, Product p) {
                gemm.multiplyTransB(p.m, p.n, p.k, p.a, p.aOffset, p.b, p.bOffset, p.beta, p.c, p.cOffset);
            }
        };

        abstract void run(Gemm gemm, Product p);
    }

    /** One product with random operands, at offsets in arrays that hold a guard value all around C. */
    static final class Product {
        final Form form;
        final int m;
        final int n;
        final int k;
        final int aOffset;
        final int bOffset;
        final int cOffset;
        final float beta;
        final float[] a;
        final float[] b;
        final float[] c;

        Product(Form form, int m, int n, int k, float beta, int aOffset, int bOffset, int cOffset) {
            this.form = form;
            this.m = m;
            this.n = n;
            this.k = k;
            this.beta = beta;
            this.aOffset = aOffset;
            this.bOffset = bOffset;
            this.cOffset = cOffset;
            SplittableRandom random = new SplittableRandom(m * 31L + n * 17L + k);
            a = filled(random, m * k, aOffset);
            b = filled(random, k * n, bOffset);
            c = filled(random, m * n, cOffset);
        }

        private static float[] filled(SplittableRandom random, int size, int offset) {
            float[] array = new float[offset + size + 3];
            Arrays.fill(array, GUARD);
            for (int i = offset; i < offset + size; i++) {
                array[i] = (float) (random.nextDouble() * 2 - 1);
            }
            return array;
        }

        Product run(Gemm gemm) {
            form.run(gemm, this);
            return this;
        }

        float[] result() {
            return Arrays.copyOfRange(c, cOffset, cOffset + m * n);
        }

        double a(int i, int p) {
            return a[aOffset + (form == Form.TRANS_A ? p * m + i : i * k + p)];
        }

        double b(int p, int j) {
            return b[bOffset + (form == Form.TRANS_B ? j * k + p : p * n + j)];
        }

        @Override
        public String toString() {
            return form + " " + m + " x " + n + " x " + k + " beta " + beta;
        }
    }

    static List<Gemm> backends() {
        return Gemm.available().stream().map(Gemm::named).toList();
    }

    /** Every combination of the smallest sizes, and sizes on both sides of every block and tile border. */
    static List<int[]> shapes() {
        List<int[]> shapes = new ArrayList<>();
        int[] small = {0, 1, 3, 7, 17};
        for (int m : small) {
            for (int n : small) {
                for (int k : small) {
                    shapes.add(new int[] {m, n, k});
                }
            }
        }
        shapes.addAll(List.of(
                new int[] {64, 64, 64},
                new int[] {128, 256, 784},
                new int[] {64, 10, 128},
                new int[] {129, 10, 257},
                new int[] {257, 1, 129},
                new int[] {1, 257, 129},
                new int[] {3, 129, 784},
                new int[] {784, 10, 1},
                new int[] {784, 129, 10},
                new int[] {10, 784, 3},
                new int[] {10, 10, 784},
                new int[] {129, 129, 129},
                new int[] {257, 65, 64},
                new int[] {5, 1030, 300},
                new int[] {1030, 5, 300}));
        return shapes;
    }

    @ParameterizedTest
    @MethodSource("backends")
    void agreesWithTheDefinitionAndLeavesTheRestAlone(Gemm gemm) {
        for (int[] shape : shapes()) {
            for (Form form : Form.values()) {
                for (float beta : new float[] {0, 1}) {
                    Product before = new Product(form, shape[0], shape[1], shape[2], beta, 5, 2, 3);
                    Product after = new Product(form, shape[0], shape[1], shape[2], beta, 5, 2, 3).run(gemm);
                    assertThat(after.a).as("%s: a", after).isEqualTo(before.a);
                    assertThat(after.b).as("%s: b", after).isEqualTo(before.b);
                    assertIsProduct(before, after.c);
                }
            }
        }
    }

    private static void assertIsProduct(Product before, float[] c) {
        int end = before.cOffset + before.m * before.n;
        for (int i = 0; i < c.length; i++) {
            if (i < before.cOffset || i >= end) {
                assertThat(c[i]).as("%s: c[%d], outside", before, i).isEqualTo(GUARD);
            }
        }
        for (int i = 0; i < before.m; i++) {
            for (int j = 0; j < before.n; j++) {
                int at = before.cOffset + i * before.n + j;
                double expected = before.beta * before.c[at];
                double scale = Math.abs(expected);
                for (int p = 0; p < before.k; p++) {
                    double term = before.a(i, p) * before.b(p, j);
                    expected += term;
                    scale += Math.abs(term);
                }
                if (!(Math.abs(c[at] - expected) <= 1e-5 * scale)) {
                    assertThat((double) c[at])
                            .as("%s: element (%d, %d)", before, i, j)
                            .isEqualTo(expected);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void betaZeroOverwritesWhateverWasThere(Gemm gemm) {
        for (int[] shape : shapes()) {
            for (Form form : Form.values()) {
                Product clean = new Product(form, shape[0], shape[1], shape[2], 0, 0, 0, 0).run(gemm);
                Product dirty = new Product(form, shape[0], shape[1], shape[2], 0, 0, 0, 0);
                for (int i = 0; i < dirty.m * dirty.n; i++) {
                    dirty.c[i] = i % 2 == 0 ? Float.NaN : Float.NEGATIVE_INFINITY;
                }
                assertSameBits(dirty.run(gemm).result(), clean.result(), dirty.toString());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void aProductThatIsNotFiniteLeavesNoTraceInTheNext(Gemm gemm) {
        for (Form form : Form.values()) {
            float[] expected = new Product(form, 7, 17, 5, 0, 0, 0, 0).run(gemm).result();
            Product infinite = new Product(form, 7, 17, 8, 0, 0, 0, 0);
            Arrays.fill(infinite.a, Float.POSITIVE_INFINITY);
            Arrays.fill(infinite.b, Float.NEGATIVE_INFINITY);
            infinite.run(gemm);
            assertThat(infinite.result()).containsOnly(Float.NEGATIVE_INFINITY);
            Product finite = new Product(form, 7, 17, 5, 0, 0, 0, 0).run(gemm);
            assertSameBits(finite.result(), expected, finite.toString());
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void bitsDoNotDependOnThePlaceInTheArray(Gemm gemm) {
        for (int[] shape : shapes()) {
            for (Form form : Form.values()) {
                float[] expected = new Product(form, shape[0], shape[1], shape[2], 1, 0, 0, 0)
                        .run(gemm)
                        .result();
                for (int offset = 1; offset <= 16; offset += 3) {
                    Product moved = new Product(form, shape[0], shape[1], shape[2], 1, offset, 2 * offset, 5 * offset);
                    assertSameBits(moved.run(gemm).result(), expected, moved + " at " + offset);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void bitsAreTheSameInEveryCallAndEveryThread(Gemm gemm) throws Exception {
        int threads = 4;
        int rounds = 15;
        List<float[]> expected = new ArrayList<>();
        for (Product product : trainingProducts()) {
            expected.add(product.run(gemm).result());
        }
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<Void>> callers = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                callers.add(() -> {
                    for (int round = 0; round < rounds; round++) {
                        List<Product> products = trainingProducts();
                        for (int i = 0; i < products.size(); i++) {
                            Product product = products.get(i);
                            assertSameBits(product.run(gemm).result(), expected.get(i), product.toString());
                        }
                    }
                    return null;
                });
            }
            for (Future<Void> caller : pool.invokeAll(callers)) {
                caller.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private static List<Product> trainingProducts() {
        return List.of(
                new Product(Form.PLAIN, 64, 128, 300, 0, 1, 2, 3),
                new Product(Form.TRANS_A, 300, 128, 64, 1, 1, 2, 3),
                new Product(Form.TRANS_B, 64, 300, 128, 0, 1, 2, 3),
                new Product(Form.PLAIN, 64, 10, 128, 0, 1, 2, 3),
                new Product(Form.TRANS_A, 128, 10, 64, 1, 1, 2, 3),
                new Product(Form.TRANS_B, 64, 128, 10, 0, 1, 2, 3),
                new Product(Form.PLAIN, 64, 1, 33, 0, 1, 2, 3),
                new Product(Form.PLAIN, 1, 64, 33, 0, 1, 2, 3));
    }

    @ParameterizedTest
    @MethodSource("backends")
    void allocatesNothingAfterWarmUp(Gemm gemm) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long id = Thread.currentThread().getId();
        List<Product> products = trainingProducts();
        long least = Long.MAX_VALUE;
        // What the Vector API boxes before it is compiled is warm-up: as many rounds as that takes, within reason.
        for (int round = 0; round < 40 && least >= 4096; round++) {
            long before = threads.getThreadAllocatedBytes(id);
            for (int call = 0; call < 1000; call++) {
                products.get(call % products.size()).run(gemm);
            }
            least = Math.min(least, threads.getThreadAllocatedBytes(id) - before);
        }
        assertThat(least).as("bytes allocated by 1,000 calls").isLessThan(4096);
    }

    @ParameterizedTest
    @MethodSource("backends")
    void usesNoThreadButTheCaller(Gemm gemm) {
        OperatingSystemMXBean process = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Product product = new Product(Form.PLAIN, 300, 300, 300, 0, 0, 0, 0);
        double least = Double.MAX_VALUE;
        // The compiler's threads take processor time too, until all is compiled.
        for (int round = 0; round < 40 && least >= 0.25; round++) {
            long ownBefore = threads.getCurrentThreadCpuTime();
            long allBefore = process.getProcessCpuTime();
            for (int call = 0; call < 100; call++) {
                product.run(gemm);
            }
            long all = process.getProcessCpuTime() - allBefore;
            long own = threads.getCurrentThreadCpuTime() - ownBefore;
            least = Math.min(least, (double) (all - own) / own);
        }
        assertThat(least).as("processor time of other threads, relative").isLessThan(0.25);
    }

    @Test
    void thisJvmServesAllBackends() {
        assertThat(Gemm.why("vector")).isEmpty();
        assertThat(Gemm.why("java")).isEmpty();
        assertThat(Gemm.available()).contains("vector", "java").last().isEqualTo("java");
        boolean linuxOnX86 = System.getProperty("os.name").equals("Linux")
                && System.getProperty("os.arch").equals("amd64");
        if (linuxOnX86) {
            assertThat(Gemm.why("openblas")).isEmpty();
            assertThat(Gemm.available()).containsExactly("openblas", "vector", "java");
            assertThat(System.getProperty(LIBRARY_PROPERTY)).isNull();
        }
        assertThat(Gemm.best().name()).isEqualTo(Gemm.available().get(0));
    }

    @Test
    void anUnknownNameIsRefusedWithTheNamesThereAre() {
        assertThatThrownBy(() -> Gemm.named("mkl"))
                .isInstanceOf(InvalidInput.class)
                .hasMessage("a GEMM backend is one of openblas, vector, java, but got mkl");
    }

    @Test
    void matricesThatDoNotFitAreRefused() {
        Gemm gemm = Gemm.best();
        float[] six = new float[6];
        assertThatThrownBy(() -> gemm.multiply(2, 2, 3, six, 1, six, 0, 0, new float[4], 0))
                .isInstanceOf(InvalidInput.class)
                .hasMessage("matrix a takes 6 elements from offset 1, but its array holds 6");
        assertThatThrownBy(() -> gemm.multiplyTransA(2, 2, 3, six, 0, six, -1, 0, new float[4], 0))
                .isInstanceOf(InvalidInput.class)
                .hasMessage("matrix b takes 6 elements from offset -1, but its array holds 6");
        assertThatThrownBy(() -> gemm.multiplyTransB(2, 2, 3, six, 0, six, 0, 0, new float[4], 1))
                .isInstanceOf(InvalidInput.class)
                .hasMessage("matrix c takes 4 elements from offset 1, but its array holds 4");
        assertThatThrownBy(() -> gemm.multiply(65536, 65536, 1, new float[65536], 0, new float[65536], 0, 0, six, 0))
                .isInstanceOf(InvalidInput.class)
                .hasMessage("matrix c takes 4294967296 elements from offset 0, but its array holds 6");
        assertThatThrownBy(() -> gemm.multiply(-1, 2, 3, six, 0, six, 0, 0, six, 0))
                .isInstanceOf(InvalidInput.class)
                .hasMessage("m, n and k must not be negative, but they are -1, 2 and 3");
    }

    @Test
    void aBetaOtherThanZeroAndOneIsRefused() {
        assertThatThrownBy(() -> Gemm.best().multiply(1, 1, 1, new float[1], 0, new float[1], 0, 0.5f, new float[1], 0))
                .isInstanceOf(InvalidInput.class)
                .hasMessage("beta must be 0 or 1, but it is 0.5");
    }

    @Test
    void anOutputThatOverlapsAnInputIsRefused() {
        float[] shared = new float[12];
        assertThatThrownBy(() -> Gemm.best().multiply(2, 2, 2, shared, 0, new float[4], 0, 0, shared, 3))
                .isInstanceOf(InvalidInput.class)
                .hasMessage("c must not overlap a or b, but they share elements of one array");
        Gemm.best().multiply(2, 2, 2, shared, 0, shared, 4, 0, shared, 8);
    }

    @Test
    void aBareJvmServesPlainJava() throws Exception {
        String classes = location(Gemm.class) + File.pathSeparator + location(GemmTest.class);
        List<String> lines = runJvm("-cp", classes, Bare.class.getName());
        assertThat(lines).hasSize(4);
        assertThat(lines.get(0)).isEqualTo("[java] java");
        assertThat(lines.get(1)).startsWith("openblas: java.lang.ClassNotFoundException: org.bytedeco");
        assertThat(lines.get(2)).isEqualTo("vector: the JVM was started without --add-modules=jdk.incubator.vector");
        assertThat(lines.get(3)).isEqualTo("java: [7.0, 10.0, 15.0, 22.0]");
    }

    /** Prints what there is, why the rest is not, and a product. */
    static final class Bare {
        private Bare() {}

        public static void main(String[] arguments) {
            System.out.println(Gemm.available() + " " + Gemm.best().name());
            System.out.println("openblas: " + Gemm.why("openblas"));
            System.out.println("vector: " + Gemm.why("vector"));
            float[] matrix = {1, 2, 3, 4};
            float[] square = new float[4];
            Gemm.best().multiply(2, 2, 2, matrix, 0, matrix, 0, 0, square, 0);
            System.out.println("java: " + Arrays.toString(square));
        }
    }

    @Test
    void openBlasServesEvenIfNetlibFailedBeforeAndLeavesNoProperty() throws Exception {
        List<String> lines = runJvm("-cp", System.getProperty("java.class.path"), AfterNetlibFailed.class.getName());
        assertThat(lines).containsExactly("netlib failed", "openblas: ", "property: /no/such/library.so");
    }

    /** Spoils netlib's own class for this JVM, as a foreign Spark stage might, then asks for OpenBLAS. */
    static final class AfterNetlibFailed {
        private AfterNetlibFailed() {}

        public static void main(String[] arguments) throws ClassNotFoundException {
            System.setProperty(LIBRARY_PROPERTY, "/no/such/library.so");
            try {
                Class.forName("dev.ludovic.netlib.blas.JNIBLAS");
            } catch (LinkageError | RuntimeException failure) {
                System.out.println("netlib failed");
            }
            System.out.println("openblas: " + Gemm.why("openblas"));
            System.out.println("property: " + System.getProperty(LIBRARY_PROPERTY));
        }
    }

    @Test
    void bitsOfTheVectorBackendDoNotDependOnTheWidthOfTheVectors() throws Exception {
        List<String> lines = runJvm(
                "-XX:MaxVectorSize=16",
                "--add-modules=jdk.incubator.vector",
                "-cp",
                System.getProperty("java.class.path"),
                Digests.class.getName());
        assertThat(lines).isEqualTo(Digests.ofTrainingProducts());
    }

    /** Prints a digest of each product of the vector backend. */
    static final class Digests {
        private Digests() {}

        static List<String> ofTrainingProducts() {
            return trainingProducts().stream()
                    .map(product -> product + " "
                            + Arrays.hashCode(product.run(Gemm.named("vector")).result()))
                    .toList();
        }

        public static void main(String[] arguments) {
            ofTrainingProducts().forEach(System.out::println);
        }
    }

    private static void assertSameBits(float[] actual, float[] expected, String what) {
        for (int i = 0; i < expected.length; i++) {
            int bits = Float.floatToRawIntBits(actual[i]);
            if (bits != Float.floatToRawIntBits(expected[i])) {
                assertThat(bits)
                        .as("%s: bits of element %d, %s and %s", what, i, actual[i], expected[i])
                        .isEqualTo(Float.floatToRawIntBits(expected[i]));
            }
        }
    }

    private static Path location(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    /** The lines that a JVM of this kind prints on its standard output. */
    private static List<String> runJvm(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as(String.format(Locale.ROOT, "exit code of %s", command))
                .isZero();
        return output.lines().toList();
    }

    @Test
    void whatNetlibUnpacksIsDeletedOnceItIsLoadedSoThatAKilledJvmLeavesNothing() throws IOException {
        assumeTrue(Gemm.best().name().equals("openblas"));
        List<String> loaded = Files.readAllLines(Path.of("/proc/self/maps")).stream()
                .filter(line -> line.contains("/libnetlibblasjni.so"))
                .toList();
        assertThat(loaded).isNotEmpty().anyMatch(line -> line.endsWith(" (deleted)"));
    }
}
