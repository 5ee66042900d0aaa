package dev.kindling.linalg;

import dev.ludovic.netlib.blas.BLAS;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;

/**
 * The provider on OpenBLAS: the library that {@code org.bytedeco:openblas} carries, called through netlib's JNI class,
 * which comes with Spark and works on heap arrays without copying them.
 *
 * <p>netlib's classes are loaded afresh by {@link NetlibClassLoader}. The shared ones serve the user's other Spark
 * stages: their one static initialisation may have failed or settled on another library before us, and ours would
 * settle it for them.
 *
 * <p>Row-major C = A B is column-major C<sup>T</sup> = B<sup>T</sup> A<sup>T</sup>: operands change places, and nothing
 * is transposed.
 *
 * <p>While a call runs, the JVM cannot move its arrays: with most collectors a collection waits until it returns.
 */
final class OpenBlasGemm extends Gemm {

    /** What netlib's JNI library opens when it is loaded. */
    private static final String LIBRARY_PROPERTY = "dev.ludovic.netlib.blas.nativeLibPath";

    private static final String PLAIN = "N";
    private static final String TRANSPOSED = "T";

    private final BLAS blas;

    private OpenBlasGemm(BLAS blas) {
        this.blas = blas;
    }

    /** Unpacks and links the library; any failure means that this JVM cannot serve it. */
    static Gemm load() throws ReflectiveOperationException {
        String binding = Loader.load(openblas_nolapack.class);
        Path library = Path.of(binding).resolveSibling("libopenblas_nolapack.so.0");
        if (!Files.isRegularFile(library)) {
            throw new IllegalStateException("there is no OpenBLAS library " + library);
        }
        // For the whole process: tasks bring the parallelism, and one thread a product is one order of additions.
        openblas_nolapack.blas_set_num_threads(1);
        int threads = openblas_nolapack.blas_get_num_threads();
        if (threads != 1) {
            throw new IllegalStateException("OpenBLAS keeps using " + threads + " threads a call");
        }
        return new OpenBlasGemm(link(library));
    }

    /** A netlib instance of our own over that library; the property is as before afterwards. */
    private static BLAS link(Path library) throws ReflectiveOperationException {
        ClassLoader loader = new NetlibClassLoader(OpenBlasGemm.class.getClassLoader());
        String before = System.getProperty(LIBRARY_PROPERTY);
        System.setProperty(LIBRARY_PROPERTY, library.toString());
        try {
            Method instance = Class.forName(NetlibClassLoader.PACKAGE + "JNIBLAS", true, loader)
                    .getDeclaredMethod("getInstance");
            instance.setAccessible(true); // a public method of a package-private class
            return (BLAS) instance.invoke(null);
        } finally {
            if (before == null) {
                System.clearProperty(LIBRARY_PROPERTY);
            } else {
                System.setProperty(LIBRARY_PROPERTY, before);
            }
        }
    }

    @Override
    public String name() {
        return "openblas";
    }

    @Override
    void product(
            int m, int n, int k, float[] a, int aOffset, float[] b, int bOffset, float beta, float[] c, int cOffset) {
        blas.sgemm(PLAIN, PLAIN, n, m, k, 1, b, bOffset, n, a, aOffset, k, beta, c, cOffset, n);
    }

    @Override
    void productTransA(
            int m, int n, int k, float[] a, int aOffset, float[] b, int bOffset, float beta, float[] c, int cOffset) {
        blas.sgemm(PLAIN, TRANSPOSED, n, m, k, 1, b, bOffset, n, a, aOffset, m, beta, c, cOffset, n);
    }

    @Override
    void productTransB(
            int m, int n, int k, float[] a, int aOffset, float[] b, int bOffset, float beta, float[] c, int cOffset) {
        blas.sgemm(TRANSPOSED, PLAIN, n, m, k, 1, b, bOffset, k, a, aOffset, k, beta, c, cOffset, n);
    }
}
