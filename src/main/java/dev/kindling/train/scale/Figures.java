package dev.kindling.train.scale;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What repeated measurements found. */
final class Figures {
    private final List<Double> all = new ArrayList<>();

    void add(double figure) {
        all.add(figure);
    }

    void forget() {
        all.clear();
    }

    double least() {
        return all.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    }

    double median() {
        double[] sorted = all.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
