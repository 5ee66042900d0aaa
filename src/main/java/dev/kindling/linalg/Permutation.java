package dev.kindling.linalg;

import java.util.Objects;

/**
 * A pseudo-random order of the numbers [0, n) that stores nothing: each place is computed when it is asked for, in some
 * 60 nanoseconds and without allocation. It serves to take mini-batches without replacement: rows
 * {@code at(from) … at(to - 1)} of a shard are one batch, and an epoch meets each row once.
 *
 * <p>A number is split into a pair (left, right) in a grid of about sqrt(n) by sqrt(n), and rounds of an unbalanced
 * Feistel network each add to one half, modulo its size, a keyed hash of the other: a bijection of the grid. A result
 * in the few cells past n goes through again until it falls inside ("cycle walking"), which keeps it a bijection of
 * [0, n). Both steps are Black and Rogaway, "Ciphers with Arbitrary Finite Domains", CT-RSA 2002; the hash is
 * SplitMix64's finaliser instead of a cipher, so this is statistics, not cryptography. The grid has fewer than sqrt(n)
 * + 1 cells to spare, so a second pass is rare for all but tiny n.
 *
 * <p>A small grid has few hashes to draw and needs more rounds to forget its order: 5 numbers show it after 16 rounds
 * (over 400,000 keys), and not after 20; 64 after 8 and not after 10; 128 and 256 after 6 and not after 8. Hence 24
 * rounds, and some 150 nanoseconds, below 128, and 10 rounds from there.
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
     * The order of [0, n) that belongs to a key.
     *
     * @param n how many; 0 is allowed, and has no place to ask for
     * @throws InvalidInput if n is negative
     */
    public static Permutation of(RandomKey key, int n) {
        return new Permutation(key.bits(), Require.nonNegative(n, "the size of a permutation"));
    }

    /**
     * The number at a place.
     *
     * @param index the place, in [0, n)
     * @return a number in [0, n), different for each place
     * @throws IndexOutOfBoundsException if the place is not in [0, n)
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
            place = (long) left * rightSize + right; // the grid may exceed an int where n nearly does
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
