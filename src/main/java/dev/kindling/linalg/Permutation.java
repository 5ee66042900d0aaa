package dev.kindling.linalg;

/**
 * A pseudo-random permutation of 0..n-1 that is never written down: each place is computed when asked for. A Feistel
 * network permutes the next power of four; places beyond n are permuted again until they fall below it (cycle walking:
 * Black and Rogaway, <a href="https://doi.org/10.1007/3-540-45760-7_9">Ciphers with arbitrary finite domains</a>, 2002).
 */
public final class Permutation {
    private static final int ROUNDS = 6;

    private final int n;
    private final int half; // bits of each half
    private final int mask;
    private final long k0;
    private final long k1;

    private Permutation(RandomKey key, int n) {
        this.n = n;
        int bits = 32 - Integer.numberOfLeadingZeros(Math.max(1, n - 1));
        this.half = (bits + 1) / 2;
        this.mask = (1 << half) - 1;
        this.k0 = key.fold(0).bits();
        this.k1 = key.fold(1).bits() | 1;
    }

    /** The permutation of 0..n-1 that belongs to a key. */
    public static Permutation of(RandomKey key, int n) {
        if (n < 0) {
            throw new IllegalArgumentException("a permutation's size must not be negative, but is " + n);
        }
        return new Permutation(key, n);
    }

    /** Where the permutation sends {@code index}, in [0, n). */
    public int at(int index) {
        if (index < 0 || index >= n) {
            throw new IndexOutOfBoundsException("index " + index + " of a permutation of " + n);
        }
        long place = index;
        do {
            place = permute(place);
        } while (place >= n);
        return (int) place;
    }

    private long permute(long place) {
        long left = place >>> half;
        long right = place & mask;
        for (int round = 0; round < ROUNDS; round++) {
            long mixed = SplitMix64.mix(right * k1 + k0 + round * SplitMix64.GAMMA);
            long next = left ^ (mixed >>> 32 & mask);
            left = right;
            right = next;
        }
        return left << half | right;
    }
}
