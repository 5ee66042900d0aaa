package dev.kindling.linalg;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How fast a provider multiplies in this JVM, for people to read. It must never decide anything: the bits of a result
 * depend on the provider, and a timing on whatever else the machine does.
 */
public final class GemmSpeed {
    /** The product's three sizes: a first layer's products are larger, a last one's smaller. */
    private static final int SIZE = 128;

    /** The measurement ends when no call was faster than all before it for so long, and for a third of all the time. */
    private static final long PATIENCE_NANOS = 15_000_000;

    /** Slower than this, a provider written in Java is not compiled yet; the Vector API takes some 0.3 s until then. */
    private static final double INTERPRETED = 4;

    /** The measurement ends after so long whatever it saw. */
    private static final long LIMIT_NANOS = 1_000_000_000;

    private static final Map<String, Double> MEASURED = new ConcurrentHashMap<>();

    private GemmSpeed() {}

    /**
     * The GFLOP/s of the provider's best call on one thread. The first request in a JVM takes some 20 ms, or up to a
     * second until a provider written in Java is compiled.
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

    /** Numbers as training has them: products of subnormals would be slow, and those of zeros tell nothing. */
    private static float[] filled() {
        float[] matrix = new float[SIZE * SIZE];
        for (int i = 0; i < matrix.length; i++) {
            matrix[i] = 1f / (1 + i % 97);
        }
        return matrix;
    }
}
