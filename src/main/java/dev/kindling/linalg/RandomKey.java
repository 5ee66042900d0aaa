package dev.kindling.linalg;

import java.io.Serializable;

/**
 * The source of all randomness: a 64-bit key that is derived and never advanced. Each part of a computation derives its
 * key from what it computes, never from when or where it runs, so a repeated task draws the same numbers:
 *
 * <pre>{@code
 * RandomKey.of(seed).fold(RandomKey.DROPOUT).fold(step).fold(shard).generator()
 * }</pre>
 *
 * <p>Each fold passes through the finaliser of SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number
 * Generators", OOPSLA 2014, with the constants of Stafford's variant 13), which is a bijection: different data folded
 * into one key always give different keys. Not for cryptography.
 */
public final class RandomKey implements Serializable {
    private static final long serialVersionUID = 1L;

    // Each purpose folds its own constant first. The constants spell their names in ASCII, which no count of steps or
    // rows reaches.

    /** The stream that draws initial parameters. */
    public static final long INITIALIZE = 0x49_4E_49_54_49_41_4CL; // "INITIAL"

    /** The stream that spreads rows over shards. */
    public static final long SPREAD = 0x53_50_52_45_41_44L; // "SPREAD"

    /** The stream that orders the rows of a shard in an epoch. */
    public static final long SHUFFLE = 0x53_48_55_46_46_4C_45L; // "SHUFFLE"

    /** The stream that drops units. */
    public static final long DROPOUT = 0x44_52_4F_50_4F_55_54L; // "DROPOUT"

    /** The stream that holds rows out for validation or test. */
    public static final long SPLIT = 0x53_50_4C_49_54L; // "SPLIT"

    /** The stream of the noise that random search adds. */
    public static final long PERTURB = 0x50_45_52_54_55_52_42L; // "PERTURB"

    private final long bits;

    private RandomKey(long bits) {
        this.bits = bits;
    }

    /** The key for a user's seed. Different seeds give different keys, even if they are close together. */
    public static RandomKey of(long seed) {
        return new RandomKey(SplitMix64.mix(seed + SplitMix64.GAMMA));
    }

    /**
     * The key derived from this one by a number: a stream constant, a step, a shard, a row.
     *
     * <p>For one key this is a bijection of the data. The order of folds matters: {@code fold(1).fold(2)} and
     * {@code fold(2).fold(1)} are unrelated, because the key is mixed before the data enter and after.
     */
    public RandomKey fold(long data) {
        return new RandomKey(SplitMix64.mix(SplitMix64.mix(bits + SplitMix64.GAMMA) ^ data));
    }

    /** The 64 random-looking bits of the key, for a single draw or a hash. */
    public long bits() {
        return bits;
    }

    /** A new generator seeded with this key: every call returns one that draws the same sequence. */
    public SplitMix64 generator() {
        return new SplitMix64(bits);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RandomKey key && key.bits == bits;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(bits);
    }

    @Override
    public String toString() {
        return "RandomKey[" + Long.toHexString(bits) + "]";
    }
}
