package dev.kindling.linalg;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.VMOption;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Products of float32 matrices, stored row-major in arrays with offsets.
 *
 * <p>There are three backends, in this order of preference: {@code openblas} (native, through netlib's JNI),
 * {@code vector} (the JDK's incubating Vector API) and {@code java} (plain Java, always available). How a JVM was
 * started decides which of them it supports, never a timing, so equal JVMs choose the same backend.
 *
 * <p>A call runs on the calling thread alone, and any number of threads may call at once. One backend on one kind of
 * CPU gives the same bits for the same numbers in every call and every thread, wherever the numbers lie in an array.
 * Different backends round differently.
 *
 * <p>Only {@code c} is modified, and only its m x n elements. It must not overlap {@code a} or {@code b}. {@code beta}
 * is 0 (c is overwritten, whatever it held) or 1 (the product is added to c). Each of m, n and k may be 0; with k = 0
 * the product is zero. Arguments that break these rules, or matrices that reach beyond the end of their array, throw
 * {@link InvalidInput} before anything is written.
 */
public abstract class Gemm {

    Gemm() {}

    /** The best backend that this JVM supports. */
    public static Gemm best() {
        for (Backend backend : Backend.ALL) {
            Gemm gemm = backend.gemm();
            if (gemm != null) {
                return gemm;
            }
        }
        throw new AssertionError("plain Java is always available");
    }

    /**
     * The backend of that name.
     *
     * @throws InvalidInput if there is no such backend, or if this JVM does not support it: the message says why
     */
    public static Gemm named(String name) {
        Backend backend = Backend.named(name);
        Gemm gemm = backend.gemm();
        if (gemm == null) {
            throw new InvalidInput("GEMM backend " + name + " is not available in this JVM: " + backend.why());
        }
        return gemm;
    }

    /** The names of the backends that this JVM supports, best first. */
    public static List<String> available() {
        List<String> names = new ArrayList<>();
        for (Backend backend : Backend.ALL) {
            if (backend.gemm() != null) {
                names.add(backend.name);
            }
        }
        return List.copyOf(names);
    }

    /**
     * Why this JVM does not support the backend of that name; empty if it does.
     *
     * @throws InvalidInput if there is no such backend
     */
    public static String why(String name) {
        return Backend.named(name).why();
    }

    /** The name by which {@link #named} finds this backend. */
    public abstract String name();

    /**
     * C = beta C + A B.
     *
     * @param a (m, k)
     * @param b (k, n)
     * @param c (m, n), modified
     */
    public final void multiply(
            int m, int n, int k, float[] a, int aOffset, float[] b, int bOffset, float beta, float[] c, int cOffset) {
        check(m, n, k, a, aOffset, b, bOffset, beta, c, cOffset);
        if (isProduct(m, n, k, beta, c, cOffset)) {
            product(m, n, k, a, aOffset, k, 1, b, bOffset, n, 1, beta, c, cOffset);
        }
    }

    /**
     * C = beta C + A<sup>T</sup> B.
     *
     * @param a (k, m)
     * @param b (k, n)
     * @param c (m, n), modified
     */
    public final void multiplyTransA(
            int m, int n, int k, float[] a, int aOffset, float[] b, int bOffset, float beta, float[] c, int cOffset) {
        check(m, n, k, a, aOffset, b, bOffset, beta, c, cOffset);
        if (isProduct(m, n, k, beta, c, cOffset)) {
            product(m, n, k, a, aOffset, 1, m, b, bOffset, n, 1, beta, c, cOffset);
        }
    }

    /**
     * C = beta C + A B<sup>T</sup>.
     *
     * @param a (m, k)
     * @param b (n, k)
     * @param c (m, n), modified
     */
    public final void multiplyTransB(
            int m, int n, int k, float[] a, int aOffset, float[] b, int bOffset, float beta, float[] c, int cOffset) {
        check(m, n, k, a, aOffset, b, bOffset, beta, c, cOffset);
        if (isProduct(m, n, k, beta, c, cOffset)) {
            product(m, n, k, a, aOffset, k, 1, b, bOffset, 1, k, beta, c, cOffset);
        }
    }

    /**
     * C = beta C + A B for checked arguments, with m, n and k at least 1. Element (i, j) of A lies at aOffset + i aRow
     * + j aColumn, and the elements of B lie likewise. One stride of each matrix is 1. C is row-major.
     */
    abstract void product(
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
            int cOffset);

    /** Whether there is anything to multiply; if not, c is set to the empty product. */
    private static boolean isProduct(int m, int n, int k, float beta, float[] c, int cOffset) {
        if (m == 0 || n == 0) {
            return false;
        }
        if (k == 0 && beta == 0) {
            Arrays.fill(c, cOffset, cOffset + m * n, 0);
        }
        return k > 0;
    }

    private static void check(
            int m, int n, int k, float[] a, int aOffset, float[] b, int bOffset, float beta, float[] c, int cOffset) {
        if (m < 0 || n < 0 || k < 0) {
            throw new InvalidInput("m, n and k must not be negative, but they are " + m + ", " + n + " and " + k);
        }
        if (beta != 0 && beta != 1) {
            throw new InvalidInput("beta must be 0 or 1, but it is " + beta);
        }
        checkFits("a", (long) m * k, a, aOffset);
        checkFits("b", (long) k * n, b, bOffset);
        checkFits("c", (long) m * n, c, cOffset);
        if ((c == a && overlap((long) m * n, cOffset, (long) m * k, aOffset))
                || (c == b && overlap((long) m * n, cOffset, (long) k * n, bOffset))) {
            throw new InvalidInput("c must not overlap a or b, but they share elements of one array");
        }
    }

    private static void checkFits(String name, long size, float[] array, int offset) {
        if (offset < 0 || offset + size > array.length) {
            throw new InvalidInput("matrix " + name + " takes " + size + " elements from offset " + offset
                    + ", but its array holds " + array.length);
        }
    }

    private static boolean overlap(long size, int offset, long otherSize, int otherOffset) {
        return size > 0 && otherSize > 0 && offset < otherOffset + otherSize && otherOffset < offset + size;
    }

    private static Gemm loadVector() throws ReflectiveOperationException {
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
            throw new IllegalStateException("the JVM was started without --add-modules=jdk.incubator.vector");
        }
        VMOption fma = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .getVMOption("UseFMA");
        if (!Boolean.parseBoolean(fma.getValue())) {
            // The JDK would compute each multiply-add in BigDecimal.
            throw new IllegalStateException("the JVM has no fused multiply-add instruction to use");
        }
        // By name: no other class may need the incubating module to compile or link.
        return Class.forName("dev.kindling.linalg.VectorGemm")
                .asSubclass(Gemm.class)
                .getDeclaredConstructor()
                .newInstance();
    }

    /** Makes a backend, or throws the reason why this JVM does not support it. */
    @FunctionalInterface
    private interface Source {
        Gemm load() throws ReflectiveOperationException;
    }

    /** A backend by name, loaded on first use. */
    private static final class Backend {
        /** Best first. */
        private static final List<Backend> ALL = List.of(
                new Backend("openblas", () -> OpenBlasGemm.load()),
                new Backend("vector", () -> loadVector()),
                new Backend("java", () -> new JavaGemm()));

        private final String name;
        private final Source source;
        private boolean tried;
        private @Nullable Gemm gemm;
        private String why = "";

        Backend(String name, Source source) {
            this.name = name;
            this.source = source;
        }

        static Backend named(String name) {
            for (Backend backend : ALL) {
                if (backend.name.equals(name)) {
                    return backend;
                }
            }
            String names = ALL.stream().map(backend -> backend.name).collect(Collectors.joining(", "));
            throw new InvalidInput("a GEMM backend is one of " + names + ", but got " + name);
        }

        synchronized @Nullable Gemm gemm() {
            if (!tried) {
                tried = true;
                try {
                    gemm = source.load();
                } catch (ReflectiveOperationException | RuntimeException | LinkageError | AssertionError failure) {
                    // A missing class or library, or another platform: the next backend is used, and why() says what
                    // was missing.
                    why = reason(failure);
                }
            }
            return gemm;
        }

        synchronized String why() {
            gemm();
            return why;
        }

        private static String reason(Throwable failure) {
            Throwable cause = failure;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            return cause instanceof IllegalStateException && cause.getMessage() != null
                    ? cause.getMessage()
                    : cause.toString();
        }
    }
}
