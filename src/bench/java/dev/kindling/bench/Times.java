package dev.kindling.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.kindling.train.scale.Sample;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;

/** Seconds of repeated measurements. */
final class Times {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private Times() {}

    /** What is measured; it may throw, which ends the benchmark. */
    interface Work {
        void run() throws Exception;
    }

    static double seconds(Work work) throws Exception {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e9;
    }

    /** What all threads of this JVM have used, its compilers and garbage collectors included. */
    static double processorSeconds() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime() / 1e9;
    }

    /** Runs a second by this thread's own CPU time, so that what else the machine does counts little. */
    static double rate(double seconds, Work work) throws Exception {
        long start = THREADS.getCurrentThreadCpuTime();
        long runs = 0;
        double passed;
        do {
            work.run();
            runs++;
            passed = (THREADS.getCurrentThreadCpuTime() - start) / 1e9;
        } while (passed < seconds);
        return runs / passed;
    }

    static double median(List<Double> values) {
        return median(values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    static double median(double... values) {
        return Sample.median(values);
    }
}
