package dev.kindling.linalg;

/**
 * A small, fast generator with the same bits everywhere. Steele, Lea and Flood, <a
 * href="https://doi.org/10.1145/2660193.2660195">Fast splittable pseudorandom number generators</a>, OOPSLA 2014.
 */
public final class SplitMix64 {
    static final long GAMMA = 0x9E3779B97F4A7C15L; // 2^64 / golden ratio, odd

    private long state;

    public SplitMix64(long seed) {
        this.state = seed;
    }

    /** The paper's finaliser (Stafford's variant 13), a bijection. */
    static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    public long nextLong() {
        state += GAMMA;
        return mix(state);
    }

    /** Uniform in [0, bound), without bias. Lemire, <a href="https://arxiv.org/abs/1805.10941">arXiv 1805.10941</a>. */
    public int nextInt(int bound) {
        if (bound <= 0) {
            throw new IllegalArgumentException("the bound must be positive, but is " + bound);
        }
        long product = (nextLong() >>> 32) * bound;
        long low = product & 0xFFFFFFFFL;
        if (low < bound) {
            long threshold = (1L << 32) % bound;
            while (low < threshold) {
                product = (nextLong() >>> 32) * bound;
                low = product & 0xFFFFFFFFL;
            }
        }
        return (int) (product >>> 32);
    }

    /** Uniform in [0, 1), 53 bits. */
    public double nextDouble() {
        return (nextLong() >>> 11) * 0x1p-53;
    }

    /** Uniform in [0, 1), 24 bits. */
    public float nextFloat() {
        return (nextLong() >>> 40) * 0x1p-24f;
    }

    /** Standard normal, by Box and Muller's cosine, from two draws. {@link StrictMath} keeps the bits everywhere. */
    public double nextGaussian() {
        double radius = Math.sqrt(-2 * StrictMath.log(1 - nextDouble()));
        return radius * StrictMath.cos(2 * Math.PI * nextDouble());
    }
}
