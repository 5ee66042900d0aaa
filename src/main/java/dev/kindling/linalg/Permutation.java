package dev.kindling.linalg;

import java.util.Objects;

/**
 * A pseudo-random permutation of [0, n) that needs no storage: it computes each element on request, in some 60
 * nanoseconds and without allocation. It samples mini-batches without replacement: rows {@code at(from) … at(to - 1)}
 * of a shard are one batch, and an epoch visits each row once.
 *
 * <p>A number is split into a pair (left, right) in a grid of about sqrt(n) by sqrt(n). Each round of an unbalanced
 * Feistel network adds a keyed hash of one half to the other half, modulo its size; this is a bijection of the grid. A
 * result in the few cells past n goes through the rounds again until it is below n ("cycle walking"), so the whole is a
 * bijection of [0, n). Both steps are from Black and Rogaway, "Ciphers with Arbitrary Finite Domains", CT-RSA 2002. The
 * hash is SplitMix64's finaliser instead of a cipher, so this is statistics, not cryptography. The grid has fewer than
 * sqrt(n) + 1 spare cells, so a second pass is rare unless n is tiny.
 *
 * <p>A small grid has few different hashes and needs more rounds to lose its order. For 5 numbers the order still shows
 * after 16 rounds (over 400,000 keys) but not after 20; for 64 after 8 but not after 10; for 128 and 256 after 6 but
 * not after 8. So n below 128 takes 24 rounds, some 150 nanoseconds, and larger n takes 10 rounds.
 */
public final class Permutation {
    // Both even, because left and right take turns.
    private static final int ROUNDS = 10;
    private static final int ROUNDS_IF_SMALL = 24;
    private static final int SMALL = 128;

    private final long key;
    private final int n;
    private final int leftSize;
    private final int rightSize;
    private final int rounds;

    private Permutation(long key, int n) {
        this.key = key;
        this.n = n;
        this.leftSize = (int) Math.ceil(Math.sqrt(n));
        this.rightSize = n == 0 ? 0 : (int) Math.ceil((double) n / leftSize);
        this.rounds = n < SMALL ? ROUNDS_IF_SMALL : ROUNDS;
    }

    /**
     * The permutation of [0, n) for a key.
     *
     * @param n the number of elements; may be 0, and then no index is valid
     * @throws InvalidInput if n is negative
     */
    public static Permutation of(RandomKey key, int n) {
        return new Permutation(key.bits(), Require.nonNegative(n, "the size of a permutation"));
    }

    /**
     * The element at an index.
     *
     * @param index in [0, n)
     * @return a number in [0, n), different for each index
     * @throws IndexOutOfBoundsException if the index is not in [0, n)
     */
    public int at(int index) {
        Objects.checkIndex(index, n);
        int left = index / rightSize;
        int right = index - left * rightSize;
        long place;
        do {
            long roundKey = key;
            for (int round = 0; round < rounds; round += 2) {
                left = turn(left, hash(roundKey + right, leftSize), leftSize);
                roundKey += SplitMix64.GAMMA;
                right = turn(right, hash(roundKey + left, rightSize), rightSize);
                roundKey += SplitMix64.GAMMA;
            }
            place = (long) left * rightSize + right; // the grid may exceed an int if n is near the largest int
        } while (place >= n);
        return (int) place;
    }

    /** (position + by) mod size, for both in [0, size). */
    private static int turn(int position, int by, int size) {
        int sum = position + by;
        return sum >= size ? sum - size : sum;
    }

    /** A number in [0, size): the top 32 bits of the mixed input, scaled. */
    private static int hash(long input, int size) {
        return (int) (((SplitMix64.mix(input) >>> 32) * size) >>> 32);
    }
}
