package dev.kindling.linalg;

import dev.ludovic.netlib.blas.BLAS;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;

/**
 * The OpenBLAS backend. It uses the library in {@code org.bytedeco:openblas}, called through netlib's JNI class, which
 * comes with Spark and works on heap arrays without copying them.
 *
 * <p>{@link NetlibClassLoader} loads a separate copy of netlib's classes. The shared ones serve the user's other Spark
 * stages. They are initialised statically, once: that may have failed or picked another library before this class runs,
 * and initialising them here would make the choice for those stages.
 *
 * <p>Row-major C = A B is column-major C<sup>T</sup> = B<sup>T</sup> A<sup>T</sup>: the operands swap places, and
 * nothing is transposed.
 *
 * <p>The library picks its kernels by the CPU when it is loaded. The environment variables {@code OPENBLAS_CORETYPE}
 * and {@code OPENBLAS_L2_SIZE} override that choice and usually make it slower.
 *
 * <p>The JVM cannot move the arrays while a call runs: with most collectors, a collection waits until the call returns.
 */
final class OpenBlasGemm extends Gemm {

    /** The library that netlib's JNI code opens when it is loaded. */
    private static final String LIBRARY_PROPERTY = "dev.ludovic.netlib.blas.nativeLibPath";

    /** What netlib names its JNI code in the temporary folder, apart from a number. */
    private static final String UNPACKED = "/libnetlibblasjni.so";

    private static final String PLAIN = "N";
    private static final String TRANSPOSED = "T";

    private final BLAS blas;

    private OpenBlasGemm(BLAS blas) {
        this.blas = blas;
    }

    /** Unpacks and links the library; any failure means that this JVM does not support the backend. */
    static Gemm load() throws ReflectiveOperationException {
        String binding = Loader.load(openblas_nolapack.class);
        Path library = Path.of(binding).resolveSibling("libopenblas_nolapack.so.0");
        if (!Files.isRegularFile(library)) {
            throw new IllegalStateException("there is no OpenBLAS library " + library);
        }
        // This applies to every user of the library in the process. Tasks provide the parallelism, and one thread per
        // product means one order of additions.
        openblas_nolapack.blas_set_num_threads(1);
        if (openblas_nolapack.blas_get_num_threads() != 1) {
            // JavaCPP remembers this number itself, and does not change it if it found no function to call.
            throw new IllegalStateException("the number of OpenBLAS's threads cannot be set");
        }
        return new OpenBlasGemm(link(library));
    }

    /** The files of netlib's JNI code that this process has loaded; empty if the system does not tell. */
    private static Set<Path> unpacked() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.contains(UNPACKED))
                    .map(line -> Path.of(line.substring(line.indexOf('/'))))
                    .collect(Collectors.toSet());
        } catch (IOException | UncheckedIOException e) {
            return Set.of();
        }
    }

    /** What is loaded needs no name any more, and netlib's deletion at the JVM's end does not happen if that is killed. */
    private static void deleteUnpacked(Set<Path> others) {
        for (Path file : unpacked()) {
            if (!others.contains(file)) {
                file.toFile().delete(); // if not, netlib tries again
            }
        }
    }

    /** A netlib instance of our own on that library; the system property is restored afterwards. */
    private static BLAS link(Path library) throws ReflectiveOperationException {
        Set<Path> others = unpacked();
        ClassLoader loader = new NetlibClassLoader(OpenBlasGemm.class.getClassLoader());
        String before = System.getProperty(LIBRARY_PROPERTY);
        System.setProperty(LIBRARY_PROPERTY, library.toString());
        try {
            Method instance = Class.forName(NetlibClassLoader.PACKAGE + "JNIBLAS", true, loader)
                    .getDeclaredMethod("getInstance");
            instance.setAccessible(true); // a public method of a package-private class
            BLAS blas = (BLAS) instance.invoke(null);
            deleteUnpacked(others);
            return blas;
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
        // A matrix of one row or column may have two strides of 1, but BLAS still wants the row stride of a full row.
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
