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
 * <p>The library picks its kernels by the CPU when it is loaded. {@code OPENBLAS_CORETYPE} and {@code OPENBLAS_L2_SIZE}
 * in the environment overrule it, mostly to its harm.
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
        // For all who use this library in the process: tasks bring the parallelism, and one thread a product is one
        // order of additions.
        openblas_nolapack.blas_set_num_threads(1);
        if (openblas_nolapack.blas_get_num_threads() != 1) {
            // JavaCPP keeps this number itself, and leaves it alone if it found no function to call.
            throw new IllegalStateException("the number of OpenBLAS's threads cannot be set");
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
            int m,
            int n,
            int k,
            float[] a,
            int aOffset,
            int aRow,
            int aColumn,
            float[] b,
            int bOffset,
            int bRow,
            int bColumn,
            float beta,
            float[] c,
            int cOffset) {
        boolean aPlain = aColumn == 1;
        boolean bPlain = bColumn == 1;
        // A matrix of one row or column may have both strides 1; BLAS still wants a row stride of a whole row.
        int aStride = aPlain ? Math.max(aRow, k) : aColumn;
        int bStride = bPlain ? Math.max(bRow, n) : bColumn;
        blas.sgemm(
                bPlain ? PLAIN : TRANSPOSED,
                aPlain ? PLAIN : TRANSPOSED,
                n,
                m,
                k,
                1,
                b,
                bOffset,
                bStride,
                a,
                aOffset,
                aStride,
                beta,
                c,
                cOffset,
                n);
    }
}
