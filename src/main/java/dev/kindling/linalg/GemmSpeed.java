package dev.kindling.linalg;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How fast a backend multiplies in this JVM, for people to read. It must never decide anything: the bits of a result
 * depend on the backend, and a timing depends on whatever else the machine does.
 */
public final class GemmSpeed {
    /** The three sizes of the product: products in a first layer are larger, those in a last layer smaller. */
    private static final int SIZE = 128;

    /** The measurement ends when no call has set a record for this long and for a third of the time so far. */
    private static final long PATIENCE_NANOS = 15_000_000;

    /**
     * A backend written in Java that is slower than this is not compiled yet; the Vector API takes some 0.3 s to
     * compile.
     */
    private static final double INTERPRETED = 4;

    /** The measurement ends after this time in any case. */
    private static final long LIMIT_NANOS = 1_000_000_000;

    private static final Map<String, Double> MEASURED = new ConcurrentHashMap<>();

    private GemmSpeed() {}

    /**
     * The GFLOP/s of the backend's best call on one thread. The first request in a JVM takes some 20 ms, or up to a
     * second until a backend written in Java is compiled.
     */
    public static double gflops(Gemm gemm) {
        return MEASURED.computeIfAbsent(gemm.name(), name -> measure(gemm));
    }

    private static double measure(Gemm gemm) {
        float[] a = filled();
        float[] b = filled();
        float[] c = new float[SIZE * SIZE];
        double best = 0;
        long start = System.nanoTime();
        long improved = start;
        long now = start;
        while (now - start < LIMIT_NANOS
                && (best < INTERPRETED || now - improved < Math.max(PATIENCE_NANOS, (now - start) / 3))) {
            long before = System.nanoTime();
            gemm.multiply(SIZE, SIZE, SIZE, a, 0, b, 0, 0f, c, 0);
            now = System.nanoTime();
            double rate = 2.0 * SIZE * SIZE * SIZE / Math.max(1, now - before); // operations a nanosecond are GFLOP/s
            if (rate > best) {
                improved = rate > 1.05 * best ? now : improved;
                best = rate;
            }
        }
        return best;
    }

    /**
     * Numbers of the size that training has: products of subnormals would be slow, and products of zeros say nothing.
     */
    private static float[] filled() {
        float[] matrix = new float[SIZE * SIZE];
        for (int i = 0; i < matrix.length; i++) {
            matrix[i] = 1f / (1 + i % 97);
        }
        return matrix;
    }
}
