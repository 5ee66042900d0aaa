package dev.kindling.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/** Counts of values in bins of equal width, from the least value to the largest. */
public final class Histogram {
    private static final int MOST_BINS = 48;

    private final double least;
    private final double width;
    private final int[] counts;

    private Histogram(IntToDoubleFunction values, int from, int to) {
        double smallest = Double.POSITIVE_INFINITY;
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = from; i < to; i++) {
            smallest = Math.min(smallest, values.applyAsDouble(i));
            largest = Math.max(largest, values.applyAsDouble(i));
        }
        // Rice's rule: with few values, more bins would show noise
        int bins = (int) Math.max(8, Math.min(MOST_BINS, 2 * Math.cbrt(to - from)));
        counts = new int[bins];
        boolean spread = largest > smallest;
        // equal values are placed in the middle of the range
        double room = spread ? largest - smallest : Math.max(1e-6, Math.abs(smallest) * 1e-3);
        least = spread ? smallest : smallest - room / 2;
        width = room / bins;
        for (int i = from; i < to; i++) {
            counts[(int) Math.max(0, Math.min(bins - 1, (values.applyAsDouble(i) - least) / width))]++;
        }
    }

    public static Histogram of(double[] values, int from, int to) {
        return new Histogram(i -> values[i], from, to);
    }

    public static Histogram of(float[] values, int from, int to) {
        return new Histogram(i -> values[i], from, to);
    }

    public double least() {
        return least;
    }

    /** The right edge of each bin. */
    public double[] limits() {
        double[] limits = new double[counts.length];
        Arrays.setAll(limits, i -> least + (i + 1) * width);
        return limits;
    }

    /** How many values lie in each bin. */
    public double[] counts() {
        return Arrays.stream(counts).asDoubleStream().toArray();
    }

    void describe(ObjectNode json) {
        ReportJson.put(json, "least", least);
        ReportJson.put(json, "width", width);
        for (int count : counts) {
            json.withArray("counts").add(count);
        }
    }
}
