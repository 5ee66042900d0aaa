package dev.kindling.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What this core's fused multiply-add reaches at most, measured by a loop that does nothing else. */
final class Peak {
    private static final int MACHINE = Runtime.getRuntime().availableProcessors();
    private static final double SECONDS = 1;
    private static final int TURNS = 3;
    private static final int CHAIN = 8;

    /** In the first-level cache, and many times what is in flight at once. */
    private final float[] values = new float[4096];

    double gflops(double seconds) throws Exception {
        double operations = 2.0 * CHAIN * values.length * 100;
        return operations * Times.rate(seconds, this::repeat) / 1e9;
    }

    /** What all cores reach at once, in GFLOP/s: less than one by itself times their number, where two of them are one core's threads. */
    static double ofMachine() throws Exception {
        return together(MACHINE);
    }

    /** As many times one core's peak. */
    static double cores() throws Exception {
        double[] one = new double[TURNS];
        double[] all = new double[TURNS];
        for (int turn = 0; turn < TURNS; turn++) {
            one[turn] = together(1);
            all[turn] = together(MACHINE);
        }
        return Times.median(all) / Times.median(one);
    }

    private static double together(int threads) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Double>> rates = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                rates.add(pool.submit(() -> {
                    Peak peak = new Peak();
                    peak.gflops(SECONDS / 4); // compiles
                    return peak.gflops(SECONDS);
                }));
            }
            double sum = 0;
            for (Future<Double> rate : rates) {
                sum += rate.get();
            }
            return sum;
        } finally {
            pool.shutdown();
        }
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
