package dev.kindling.linalg;

import java.io.Serializable;

/**
 * A point in a tree of random streams: derived from a seed by folding in what the stream is for (epoch, step, shard …),
 * never advanced, so that the draws of a task do not depend on what ran before it, where, or how often.
 */
public final class RandomKey implements Serializable {
    private static final long serialVersionUID = 1L;

    /** What a stream is for: the first number folded into a run's seed. */
    public static final long INITIALIZE = 1;

    public static final long SPREAD = 2;
    public static final long SHUFFLE = 3;
    public static final long DROPOUT = 4;
    public static final long SPLIT = 5;

    private final long bits;

    private RandomKey(long bits) {
        this.bits = bits;
    }

    public static RandomKey of(long seed) {
        return new RandomKey(SplitMix64.mix(seed + SplitMix64.GAMMA));
    }

    /** A key for a part of what this key is for. For one key, different data give different keys. */
    public RandomKey fold(long data) {
        return new RandomKey(SplitMix64.mix(bits + SplitMix64.mix(data + SplitMix64.GAMMA)));
    }

    /** 64 random bits. */
    public long bits() {
        return bits;
    }

    /** A generator that begins here. */
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
        return "RandomKey(" + Long.toHexString(bits) + ")";
    }
}
