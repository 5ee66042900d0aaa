package dev.kindling.table.profile;

import dev.kindling.linalg.SplitMix64;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
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
    private long bound = Long.MAX_VALUE; // hashes above it are not kept

    // a hash table with open addressing: a pass over a column of numbers enters some ten thousand values
    private Object[] table = new Object[16]; // null where there is none
    private long[] counts = new long[16]; // rows
    private int size;

    ValueCounts(int kept) {
        this.kept = kept;
    }

    void add(T value) {
        add(value, 1);
    }

    private void add(Object value, long rows) {
        if (leavesOut(value.hashCode())) {
            return;
        }
        int place = place(value);
        counts[place] += rows;
        if (table[place] == null) {
            table[place] = value;
            size++;
            if (size > 2 * kept) {
                cut();
            } else if (2 * size > table.length) {
                rebuild(2 * table.length);
            }
        }
    }

    /** Where the value is, or would be. */
    private int place(Object value) {
        int last = table.length - 1;
        int place = (int) hash(value.hashCode()) & last;
        while (table[place] != null && !table[place].equals(value)) {
            place = (place + 1) & last;
        }
        return place;
    }

    /** Enters the values whose hashes are not above the bound in a new table. */
    private void rebuild(int length) {
        Object[] before = table;
        long[] rows = counts;
        table = new Object[length];
        counts = new long[length];
        size = 0;
        for (int i = 0; i < before.length; i++) {
            if (before[i] != null && hash(before[i].hashCode()) <= bound) {
                int place = place(before[i]);
                table[place] = before[i];
                counts[place] = rows[i];
                size++;
            }
        }
    }

    void add(ValueCounts<T> other) {
        if (other.bound < bound) {
            bound = other.bound;
            rebuild(table.length);
        }
        for (int i = 0; i < other.table.length; i++) {
            if (other.table[i] != null) {
                add(other.table[i], other.counts[i]);
            }
        }
    }

    private void cut() {
        long[] hashes = new long[size];
        int next = 0;
        for (Object value : table) {
            if (value != null) {
                hashes[next++] = hash(value.hashCode());
            }
        }
        Arrays.sort(hashes);
        bound = hashes[kept - 1];
        rebuild(table.length);
    }

    /** Whether a value with this hash code is surely not kept. */
    boolean leavesOut(int hashCode) {
        return bound < Long.MAX_VALUE && hash(hashCode) > bound;
    }

    private static long hash(int hashCode) {
        return SplitMix64.mix(hashCode) >>> 1;
    }

    /** How many different values are kept by now. */
    int size() {
        return size;
    }

    /** Ends the counting: fewer values are kept than while it went on. */
    private void settle() {
        if (size > kept) {
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
        return bound == Long.MAX_VALUE ? size : Math.round((size - 1) / (bound * 0x1p-63));
    }

    /** The values that are kept, in their order. */
    @SuppressWarnings("unchecked") // only values of this type are entered
    public List<Count<T>> sorted() {
        settle();
        List<Count<T>> sorted = new ArrayList<>();
        for (int i = 0; i < table.length; i++) {
            if (table[i] != null) {
                sorted.add(new Count<>((T) table[i], counts[i]));
            }
        }
        sorted.sort(Comparator.comparing(Count::value));
        return sorted;
    }

    /** The number of rows whose value is kept. */
    long rows() {
        settle();
        return Arrays.stream(counts).sum();
    }

    /** The values that are kept, in their order. */
    public Iterable<T> values() {
        return sorted().stream().map(Count::value).toList();
    }
}
