package dev.kindling.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Values recorded after epochs. A long run keeps only the first, the last, and some at equal distances in between.
 */
final class EpochSamples<T> {
    /** How many are kept at most; when there are more, every other one is dropped. */
    private static final int MOST_KEPT = 64;

    /** How many are shown: the first, the last, and some in between. */
    private static final int SHOWN = 5;

    private final List<Sample<T>> kept = new ArrayList<>();
    private int stride = 1;

    /** A value recorded after an epoch; epoch 0 means before the first. */
    record Sample<T>(int epoch, T value) {}

    /** Whether the value of this epoch is kept when later ones follow. */
    boolean keeps(int epoch) {
        return kept.isEmpty() || (epoch - kept.get(0).epoch) % stride == 0;
    }

    /** @param epoch larger than all earlier ones */
    void add(int epoch, T value) {
        // any epoch may turn out to be the last, so the newest is always kept, and dropped later if it is off the
        // stride
        int size = kept.size();
        if (size > 1 && !keeps(kept.get(size - 1).epoch)) {
            kept.remove(size - 1);
        }
        kept.add(new Sample<>(epoch, value));
        if (kept.size() > MOST_KEPT) {
            stride *= 2;
            kept.removeIf(sample -> sample.epoch != epoch && !keeps(sample.epoch));
        }
    }

    List<Sample<T>> all() {
        return List.copyOf(kept);
    }

    /** A few of them, including the first and the last. */
    List<Sample<T>> shown() {
        return spread(kept, SHOWN);
    }

    /** At most {@code most} elements of a list, at equal distances from the first to the last. */
    static <E> List<E> spread(List<E> all, int most) {
        Set<Integer> places = new TreeSet<>();
        for (int i = 0; i < most && !all.isEmpty(); i++) {
            places.add((int) Math.round(i * (all.size() - 1.0) / (most - 1)));
        }
        return places.stream().map(all::get).toList();
    }
}
