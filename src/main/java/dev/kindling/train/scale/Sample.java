package dev.kindling.train.scale;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/** What repeated measurements found. */
public final class Sample {
    private final List<Double> all = new ArrayList<>();

    void add(double figure) {
        all.add(figure);
    }

    void forget() {
        all.clear();
    }

    double least() {
        return values().min().orElseThrow();
    }

    double median() {
        return median(values().toArray());
    }

    private DoubleStream values() {
        return all.stream().mapToDouble(Double::doubleValue);
    }

    /** The value in the middle, or the mean of the two there; the values stay as they are. */
    public static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
