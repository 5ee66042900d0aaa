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
 * <p>A hash table with open addressing, of which this class knows hashes and counts, and its subclasses the values: a pass over a
 * column of numbers enters some ten thousand.
 *
 * @param <T> the values: numbers or texts
 */
public abstract sealed class ValueCounts<T extends Comparable<T>> implements Serializable
        permits NumberCounts, TextCounts {
    private static final long serialVersionUID = 1L;

    static final int SMALLEST = 16; // places
    private static final long FREE = -1; // no hash

    /** Counts of one value. */
    public record Count<T>(T value, long rows) {}

    private final int kept;
    private long bound = Long.MAX_VALUE; // hashes above it are not kept
    private long[] counts = new long[SMALLEST]; // (places) rows; 0 where a place is free
    private transient long @Nullable [] hashes = free(SMALLEST); // (places); null once they were sent
    private int size;

    ValueCounts(int kept) {
        this.kept = kept;
    }

    /** Adds rows that have a value. */
    abstract void add(T value, long rows);

    final void add(T value) {
        add(value, 1);
    }

    /** Enters those that are not yet. */
    void enter() {}

    /** The value at a place. */
    abstract T value(int place);

    /**
     * Moves the values to a new table.
     *
     * @param places the new place of each value; negative for those that are dropped
     * @param length the number of places
     */
    abstract void move(int[] places, int length);

    /** The hash of a value whose hash code is given. */
    static long hash(int hashCode) {
        return SplitMix64.mix(hashCode) >>> 1;
    }

    /** Whether a value with this hash is not kept. */
    final boolean leavesOut(long hash) {
        return hash > bound;
    }

    /** The hash at each place, negative if it is free. A value's own place, or the first free one, is at its hash or after it. */
    final long[] hashes() {
        return hashes == null ? rebuild(size) : hashes;
    }

    /** Counts rows of a value that is at its place. */
    final void count(long[] known, int place, long hash, long rows) {
        counts[place] += rows;
        if (known[place] == FREE) {
            known[place] = hash;
            size++;
            if (size > 2 * kept) {
                cut(known);
            } else if (2 * size > known.length) {
                rebuild(size);
            }
        }
    }

    private static long[] free(int length) {
        long[] hashes = new long[length];
        Arrays.fill(hashes, FREE);
        return hashes;
    }

    /** Enters the values whose hashes are not above the bound in a new table with room for so many. Returns its hashes. */
    private long[] rebuild(int room) {
        int length = Integer.highestOneBit(4 * Math.max(4, room));
        long[] rows = counts;
        long[] theirs = hashes;
        long[] known = free(length);
        int[] places = new int[rows.length];
        counts = new long[length];
        hashes = known;
        size = 0;
        for (int i = 0; i < places.length; i++) {
            places[i] = -1;
            if (rows[i] == 0) {
                continue;
            }
            long hash = theirs == null ? hash(value(i).hashCode()) : theirs[i];
            if (hash > bound) {
                continue;
            }
            int place = (int) hash & length - 1;
            while (known[place] != FREE) {
                place = place + 1 & length - 1;
            }
            known[place] = hash;
            counts[place] = rows[i];
            places[i] = place;
            size++;
        }
        move(places, length);
        return known;
    }

    /** Ends the counting and leaves no gaps, so that little is sent. */
    final void pack() {
        settle();
        int[] places = new int[counts.length];
        int packed = 0;
        for (int i = 0; i < places.length; i++) {
            places[i] = isFree(i) ? -1 : packed;
            if (!isFree(i)) {
                counts[packed++] = counts[i];
            }
        }
        move(places, packed);
        counts = Arrays.copyOf(counts, packed);
        hashes = null;
    }

    private boolean isFree(int place) {
        return counts[place] == 0;
    }

    final void add(ValueCounts<T> other) {
        enter();
        other.enter();
        if (other.bound < bound) {
            bound = other.bound;
            rebuild(size);
        }
        for (int i = 0; i < other.counts.length; i++) {
            if (!other.isFree(i)) {
                add(other.value(i), other.counts[i]);
            }
        }
    }

    /** Drops almost half: by a guess, since hashes are spread evenly, or, should that leave too few, all but those that are kept. */
    private void cut(long[] known) {
        long guess = bound / 16 * 9;
        int left = 0;
        for (long hash : known) {
            left += hash != FREE && hash <= guess ? 1 : 0;
        }
        bound = left >= kept ? guess : lastKept(known);
        rebuild(Math.max(left, kept));
    }

    /** The hash of the last value that is kept. */
    private long lastKept(long[] known) {
        return Arrays.stream(known)
                .filter(hash -> hash != FREE)
                .sorted()
                .skip(kept - 1L)
                .findFirst()
                .orElseThrow();
    }

    /** How many different values are kept by now. */
    final int size() {
        return size;
    }

    /** Ends the counting: fewer values are kept than while it went on. */
    private void settle() {
        enter();
        if (size > kept || (size == kept && bound < Long.MAX_VALUE)) {
            bound = lastKept(hashes());
            rebuild(kept);
        }
    }

    /** Whether all values are kept. */
    public final boolean isComplete() {
        settle();
        return bound == Long.MAX_VALUE;
    }

    /** The number of different values; an estimate, to some 2 %, if they are not all kept. */
    public final long distinct() {
        settle();
        return bound == Long.MAX_VALUE ? size : Math.round((size - 1) / (bound * 0x1p-63));
    }

    /** The values that are kept, in their order. */
    public final List<Count<T>> sorted() {
        settle();
        List<Count<T>> sorted = new ArrayList<>();
        for (int i = 0; i < counts.length; i++) {
            if (!isFree(i)) {
                sorted.add(new Count<>(value(i), counts[i]));
            }
        }
        sorted.sort(Comparator.comparing(Count::value));
        return sorted;
    }

    /** The number of rows whose value is kept. */
    final long rows() {
        settle();
        return Arrays.stream(counts).sum();
    }

    /** The values that are kept, in their order. */
    public final Iterable<T> values() {
        return sorted().stream().map(Count::value).toList();
    }
}
