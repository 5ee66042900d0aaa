package dev.kindling.linalg;

/**
 * A sequence of random numbers: SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators",
 * OOPSLA 2014; constants as in Vigna's public-domain {@code splitmix64.c}). Its state is one {@code long}. The same
 * seed gives the same bits on every JVM and CPU. Not thread-safe, and not for cryptography. It is scratch: created from
 * a {@link RandomKey} where it is used, and never stored.
 */
public final class SplitMix64 {
    /** The odd number nearest to 2^64 divided by the golden ratio: the state's stride. */
    static final long GAMMA = 0x9E3779B97F4A7C15L;

    private static final double DOUBLE_UNIT = 0x1p-53;
    private static final float FLOAT_UNIT = 0x1p-24f;

    private long state;
    private double spareGaussian = Double.NaN; // the unused half of the last pair, or NaN

    /** A generator whose first output is the finaliser of {@code seed + GAMMA}, as in the reference code. */
    public SplitMix64(long seed) {
        this.state = seed;
    }

    /** The finaliser: a bijection of 64 bits in which each input bit flips each output bit about half the time. */
    public static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** All 64 bits, each value equally likely. */
    public long nextLong() {
        state += GAMMA;
        return mix(state);
    }

    /**
     * A number in [0, bound), each exactly equally likely (Lemire, "Fast Random Integer Generation in an Interval", ACM
     * TOMACS 2019: multiply, and draw again in the rare case that would be biased).
     *
     * @throws InvalidInput if the bound is not positive
     */
    public int nextInt(int bound) {
        Require.positive(bound, "bound");
        long product = (nextLong() >>> 32) * bound;
        if (lowWord(product) < bound) {
            long surplus = (1L << 32) % bound;
            while (lowWord(product) < surplus) {
                product = (nextLong() >>> 32) * bound;
            }
        }
        return (int) (product >>> 32);
    }

    private static long lowWord(long product) {
        return product & 0xFFFFFFFFL;
    }

    /** A multiple of 2^-53 in [0, 1), each equally likely. */
    public double nextDouble() {
        return (nextLong() >>> 11) * DOUBLE_UNIT;
    }

    /** A multiple of 2^-24 in [0, 1), each equally likely. */
    public float nextFloat() {
        return (nextLong() >>> 40) * FLOAT_UNIT;
    }

    /**
     * A standard normal number, by the polar method (Marsaglia and Bray, SIAM Review 1964): a point is drawn in the
     * unit disc and its two coordinates become two independent normals; the second is kept for the next call. The
     * logarithm is {@link StrictMath}'s and the square root is exactly rounded, so the bits are the same everywhere.
     */
    public double nextGaussian() {
        if (!Double.isNaN(spareGaussian)) {
            double spare = spareGaussian;
            spareGaussian = Double.NaN;
            return spare;
        }
        while (true) {
            double u = 2 * nextDouble() - 1;
            double v = 2 * nextDouble() - 1;
            double square = u * u + v * v;
            if (square < 1 && square > 0) {
                double stretch = Math.sqrt(-2 * StrictMath.log(square) / square);
                spareGaussian = v * stretch;
                return u * stretch;
            }
        }
    }
}
