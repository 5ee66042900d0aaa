package dev.kindling.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What was seen after each epoch, or only after some, thinned as the run grows long: the first and the last stay, and of the
 * rest those at equal distances.
 */
final class Thinned<T> {
    /** As many are kept at most; above, every other goes. */
    private static final int MOST_KEPT = 64;

    /** As many are shown: the first, the last, and some between. */
    private static final int SHOWN = 5;

    private final List<Seen<T>> kept = new ArrayList<>();
    private int stride = 1;

    /** What was seen after an epoch; after 0, before the first. */
    record Seen<T>(int epoch, T value) {}

    /** Whether what is seen after this epoch stays when others follow. */
    boolean stays(int epoch) {
        return kept.isEmpty() || (epoch - kept.get(0).epoch) % stride == 0;
    }

    /** @param epoch larger than all before */
    void add(int epoch, T value) {
        // the last epoch is not known until it has come: it always stands last, and goes when the next is no stride on
        int size = kept.size();
        if (size > 1 && !stays(kept.get(size - 1).epoch)) {
            kept.remove(size - 1);
        }
        kept.add(new Seen<>(epoch, value));
        if (kept.size() > MOST_KEPT) {
            stride *= 2;
            kept.removeIf(seen -> seen.epoch != epoch && !stays(seen.epoch));
        }
    }

    List<Seen<T>> all() {
        return List.copyOf(kept);
    }

    /** A few of them, the first and the last included. */
    List<Seen<T>> shown() {
        return spread(kept, SHOWN);
    }

    /** As many as {@code most} of a list, at equal distances from its first to its last. */
    static <E> List<E> spread(List<E> all, int most) {
        Set<Integer> places = new TreeSet<>();
        for (int i = 0; i < most && !all.isEmpty(); i++) {
            places.add((int) Math.round(i * (all.size() - 1.0) / (most - 1)));
        }
        return places.stream().map(all::get).toList();
    }
}
