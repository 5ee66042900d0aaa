package dev.kindling.table.profile;

import dev.kindling.linalg.SplitMix64;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
    private transient long @Nullable [] hashes = new long[16]; // null where values lie without gaps, as they are sent
    private int size;

    ValueCounts(int kept) {
        this.kept = kept;
    }

    void add(T value) {
        add(value, 1);
    }

    private void add(Object value, long rows) {
        long hash = hash(value.hashCode());
        if (hash > bound) {
            return;
        }
        long[] known = hashes == null ? rebuild(size) : hashes;
        int place = place(known, value, hash);
        counts[place] += rows;
        if (table[place] == null) {
            table[place] = value;
            known[place] = hash;
            size++;
            if (size > 2 * kept) {
                cut(known);
            } else if (2 * size > table.length) {
                rebuild(size);
            }
        }
    }

    /** Where the value is, or would be. */
    private int place(long[] known, Object value, long hash) {
        int last = known.length - 1;
        int place = (int) hash & last;
        while (table[place] != null && !(known[place] == hash && table[place].equals(value))) {
            place = (place + 1) & last;
        }
        return place;
    }

    /** Enters the values whose hashes are not above the bound in a new table with room for so many. Returns its hashes. */
    private long[] rebuild(int room) {
        int length = Integer.highestOneBit(4 * Math.max(4, room));
        Object[] values = table;
        long[] rows = counts;
        long[] theirs = hashes;
        long[] known = new long[length];
        table = new Object[length];
        counts = new long[length];
        hashes = known;
        size = 0;
        for (int i = 0; i < values.length; i++) {
            if (values[i] == null) {
                continue;
            }
            long hash = theirs == null ? hash(values[i].hashCode()) : theirs[i];
            if (hash <= bound) {
                int place = place(known, values[i], hash);
                table[place] = values[i];
                known[place] = hash;
                counts[place] = rows[i];
                size++;
            }
        }
        return known;
    }

    /** Ends the counting and leaves no gaps, so that little is sent. */
    void pack() {
        settle();
        int packed = 0;
        for (int i = 0; i < table.length; i++) {
            if (table[i] != null) {
                table[packed] = table[i];
                counts[packed++] = counts[i];
            }
        }
        table = Arrays.copyOf(table, packed);
        counts = Arrays.copyOf(counts, packed);
        hashes = null;
    }

    void add(ValueCounts<T> other) {
        if (other.bound < bound) {
            bound = other.bound;
            rebuild(size);
        }
        for (int i = 0; i < other.table.length; i++) {
            if (other.table[i] != null) {
                add(other.table[i], other.counts[i]);
            }
        }
    }

    /** Drops almost half: by a guess, since hashes are spread evenly, or, should that leave too few, all but those that are kept. */
    private void cut(long[] known) {
        long guess = bound / 16 * 9;
        int left = 0;
        for (int i = 0; i < table.length; i++) {
            left += table[i] != null && known[i] <= guess ? 1 : 0;
        }
        bound = left >= kept ? guess : lastKept();
        rebuild(Math.max(left, kept));
    }

    /** The hash of the last value that is kept. */
    private long lastKept() {
        long[] sorted = new long[size];
        int next = 0;
        for (Object value : table) {
            if (value != null) {
                sorted[next++] = hash(value.hashCode());
            }
        }
        Arrays.sort(sorted);
        return sorted[kept - 1];
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
        if (size > kept || (size == kept && bound < Long.MAX_VALUE)) {
            bound = lastKept();
            rebuild(kept);
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
