package dev.kindling.bench;

/** What this core's fused multiply-add reaches at most, measured by a loop that does nothing else. */
final class Peak {
    private static final int CHAIN = 8;

    /** In the first-level cache, and many times what is in flight at once. */
    private final float[] values = new float[4096];

    double gflops(double seconds) throws Exception {
        double operations = 2.0 * CHAIN * values.length * 100;
        return operations * Times.rate(seconds, this::repeat) / 1e9;
    }

    private void repeat() {
        for (int i = 0; i < 100; i++) {
            chains(values, 0.999f, 0.001f);
        }
    }

    /** The JIT compiles the chains of neighbouring values to vectors; each waits for itself alone. */
    private static void chains(float[] x, float a, float b) {
        for (int i = 0; i < x.length; i++) {
            float v = x[i];
            v = Math.fma(v, a, b);
            v = Math.fma(v, a, b);
            v = Math.fma(v, a, b);
            v = Math.fma(v, a, b);
            v = Math.fma(v, a, b);
            v = Math.fma(v, a, b);
            v = Math.fma(v, a, b);
            v = Math.fma(v, a, b);
            x[i] = v;
        }
    }
}
