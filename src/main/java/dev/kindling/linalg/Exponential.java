package dev.kindling.linalg;

/**
 * float32 functions built on the exponential, with the same bits on every JVM and CPU: {@link Math}'s are the JVM's
 * choice, {@link StrictMath}'s slow. The work is done in double: {@code exp(x) = 2ⁿ·exp(r)} with {@code |r| ≤ ln2/2} and
 * a Taylor polynomial whose remainder is below 2e-10, so that the result is within 0.51 ulp of the true value, or 1 ulp
 * where it is subnormal.
 */
public final class Exponential {
    private static final double LOG2_E = 1.4426950408889634;
    private static final double LN_2 = 0.6931471805599453;
    private static final double ROUND = 0x1.8p52; // adding and subtracting it rounds to a whole number
    private static final float OVERFLOWS = 88.8f; // ln of float32's largest is 88.72
    private static final float VANISHES = -104f; // ln of half float32's smallest is -103.97
    private static final double TANH_SERIES = 0.1; // below, 1 - exp(-2x) would lose digits

    private Exponential() {}

    /** {@code eˣ}: 0 at -∞, ∞ beyond 88.73, subnormal results included. */
    public static float exp(float x) {
        if (x > OVERFLOWS) {
            return Float.POSITIVE_INFINITY;
        }
        return x < VANISHES ? 0f : (float) wide(x);
    }

    /** {@code eˣ} for x between -700 and 700, or NaN. */
    private static double wide(double x) {
        double n = (x * LOG2_E + ROUND) - ROUND;
        double r = x - n * LN_2;
        double p = 1.0 / 40320;
        p = p * r + 1.0 / 5040;
        p = p * r + 1.0 / 720;
        p = p * r + 1.0 / 120;
        p = p * r + 1.0 / 24;
        p = p * r + 1.0 / 6;
        p = p * r + 0.5;
        p = p * r + 1;
        p = p * r + 1;
        return p * Double.longBitsToDouble((long) (n + 1023) << 52);
    }

    /** {@code 1 / (1 + e⁻ˣ)}. */
    public static float sigmoid(float x) {
        double e = wide(Math.max(-Math.abs(x), VANISHES));
        double s = 1 / (1 + e);
        return (float) (x < 0 ? e * s : s);
    }

    /** {@code tanh(x)}. */
    public static float tanh(float x) {
        double a = Math.abs(x);
        if (a < TANH_SERIES) {
            double s = (double) x * x;
            return (float) (x * (1 + s * (-1.0 / 3 + s * (2.0 / 15 + s * (-17.0 / 315 + s * (62.0 / 2835))))));
        }
        double e = wide(Math.max(-2 * a, VANISHES));
        double t = (1 - e) / (1 + e);
        return (float) (x < 0 ? -t : t);
    }

    /** {@code log(1 + eˣ)}, also known as softplus. */
    public static float log1pExp(float x) {
        return (float) (Math.max(x, 0) + StrictMath.log1p(wide(Math.max(-Math.abs(x), VANISHES))));
    }

    /** {@code out := sigmoid(in)} for the first n values; the two may be one array. */
    public static void sigmoid(int n, float[] in, float[] out) {
        for (int i = 0; i < n; i++) {
            out[i] = sigmoid(in[i]);
        }
    }

    /** {@code out := tanh(in)} for the first n values; the two may be one array. */
    public static void tanh(int n, float[] in, float[] out) {
        for (int i = 0; i < n; i++) {
            out[i] = tanh(in[i]);
        }
    }
}
