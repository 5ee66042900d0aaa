package dev.kindling.table.profile;

import dev.kindling.linalg.SplitMix64;
import java.io.Serializable;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;

/**
 * How often each value of a column occurs. Of a column with more different values than it keeps, it keeps those with the
 * smallest hashes, with exact counts: neither the order of rows nor their partitions matter. Those also tell about how many
 * there are (Bar-Yossef et al., "Counting distinct elements in a data stream", 2002).
 *
 * @param <T> the values: numbers or texts
 */
public final class ValueCounts<T extends Comparable<T> & Serializable> implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Counts of one value. */
    public record Count<T>(T value, long rows) {}

    private final int kept;
    private HashMap<T, long[]> counts = new HashMap<>();
    private long bound = Long.MAX_VALUE; // hashes above it are not kept

    ValueCounts(int kept) {
        this.kept = kept;
    }

    void add(T value) {
        add(value, 1);
    }

    private void add(T value, long rows) {
        if (leavesOut(value.hashCode())) {
            return;
        }
        long[] known = counts.get(value);
        if (known != null) {
            known[0] += rows;
        } else {
            counts.put(value, new long[] {rows});
            if (counts.size() > 2 * kept) {
                cut();
            }
        }
    }

    void add(ValueCounts<T> other) {
        if (other.bound < bound) {
            bound = other.bound;
            counts.keySet().removeIf(value -> hash(value) > bound);
        }
        other.counts.forEach((value, rows) -> add(value, rows[0]));
    }

    private void cut() {
        long[] hashes =
                counts.keySet().stream().mapToLong(ValueCounts::hash).sorted().toArray();
        bound = hashes[kept - 1];
        counts.keySet().removeIf(value -> hash(value) > bound);
    }

    /** Whether a value with this hash code is surely not kept. */
    boolean leavesOut(int hashCode) {
        return bound < Long.MAX_VALUE && hash(hashCode) > bound;
    }

    private static long hash(Object value) {
        return hash(value.hashCode());
    }

    private static long hash(int hashCode) {
        return SplitMix64.mix(hashCode) >>> 1;
    }

    /** How many different values are kept by now. */
    int size() {
        return counts.size();
    }

    /** Ends the counting: fewer values are kept than while it went on. */
    private void settle() {
        if (counts.size() > kept) {
            cut();
        }
    }

    /** Whether all values are kept. */
    public boolean isComplete() {
        settle();
        return bound == Long.MAX_VALUE;
    }

    /** The number of different values; an estimate, to some 2 %, if they are not all kept. */
    public long distinct() {
        settle();
        return bound == Long.MAX_VALUE ? counts.size() : Math.round((counts.size() - 1) / (bound * 0x1p-63));
    }

    /** The values that are kept, in their order. */
    public List<Count<T>> sorted() {
        settle();
        return counts.entrySet().stream()
                .map(entry -> new Count<>(entry.getKey(), entry.getValue()[0]))
                .sorted(Comparator.comparing(Count::value))
                .toList();
    }

    /** The number of rows whose value is kept. */
    long rows() {
        settle();
        return counts.values().stream().mapToLong(rows -> rows[0]).sum();
    }

    /** The values that are kept, in no order. */
    public Iterable<T> values() {
        settle();
        return counts.keySet();
    }
}
