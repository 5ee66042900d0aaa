package dev.kindling.linalg;

import java.util.Objects;

/**
 * The exponential and its kin in float32, with the same bits on every JVM and CPU: only IEEE additions, multiplications
 * and divisions in {@code double}, rounded once to {@code float} at the end. {@link Math#exp} and {@code Math.fma} are
 * not used.
 *
 * <p>The error is at most 0.505 ulp, of which the last rounding is one half: the result is the float nearest to the
 * true value, or at a near-tie its neighbour. Results that are subnormal are rounded like all others, none is flushed
 * to zero; overflow gives infinity, NaN gives NaN. Each function is monotone.
 *
 * <p>Method: x = (k + j/32) ln 2 + r with |r| ≤ ln 2 / 64, so e^x = 2^k 2^(j/32) e^r: exponent bits, a table and the
 * Taylor series (Tang, "Table-Driven Implementation of the Exponential Function in IEEE Floating-Point Arithmetic",
 * ACM TOMS 1989). In {@code double}, ln 2 needs no splitting. The table serves speed: short sums leave the processor
 * more elements to work on at once.
 */
public final class Exponential {
    /** The bound on every function's error, in units in the last place of the float result. */
    static final double MAX_ULP = 0.505;

    private static final double LOG2_E = 1.4426950408889634;
    private static final double LN_2 = 0.6931471805599453;

    /** 1.5 · 2^52: adding it rounds a double to an integer, which is then found in the sum's lowest bits. */
    private static final double ROUNDER = 0x1.8p52;

    private static final int TABLE_BITS = 5;
    private static final int TABLE_SIZE = 1 << TABLE_BITS;
    private static final int EXPONENT_SHIFT = 52;

    /** The bits of 2^(j/32) less those of j shifted to the exponent, so that adding shifted 32 k + j leaves k there. */
    private static final long[] TABLE = table();

    private static final int SIGN_BIT = 0x8000_0000;

    /** Beyond this, e^x and e^-x are 0 or infinite in float; the powers of two in double are still far from that. */
    private static final float RANGE = 105;

    private Exponential() {}

    private static long[] table() {
        long[] table = new long[TABLE_SIZE];
        for (int j = 0; j < TABLE_SIZE; j++) {
            long bits = Double.doubleToRawLongBits(StrictMath.pow(2, (double) j / TABLE_SIZE));
            table[j] = bits - ((long) j << (EXPONENT_SHIFT - TABLE_BITS));
        }
        return table;
    }

    /** e^x: 0 at -∞, ∞ above 88.7228. */
    public static float exp(float x) {
        return (float) wide(clamp(x));
    }

    /** The logistic function 1 / (1 + e^-x), as accurate far below 0; sigmoid(-x) is 1 - sigmoid(x), rounded. */
    public static float sigmoid(float x) {
        return (float) (1 / (1 + wide(-clamp(x))));
    }

    /** The hyperbolic tangent, as (e^2|x| - 1) / (e^2|x| + 1) with the sign of x: exactly odd, and -0 at -0. */
    public static float tanh(float x) {
        double grown = wideMinusOne(2 * Math.abs(clamp(x)));
        int magnitude = Float.floatToRawIntBits((float) (grown / (grown + 2)));
        return Float.intBitsToFloat(magnitude | (Float.floatToRawIntBits(x) & SIGN_BIT));
    }

    /** Softplus, ln(1 + e^x), as max(x, 0) + ln(1 + e^-|x|): x itself where x is large, e^x where it is far below 0. */
    public static float log1pExp(float x) {
        double larger = Math.max(x, 0);
        // ln(1 + t) = 2 artanh(s) with s = t / (2 + t) ≤ 1/3: its Taylor series, grouped so that less waits for less.
        double t = wide(-Math.abs(clamp(x)));
        double s = t / (2 + t);
        double z = s * s;
        double zz = z * z;
        double low = (1 + z * (1.0 / 3)) + zz * (1.0 / 5 + z * (1.0 / 7));
        double high = (1.0 / 9 + z * (1.0 / 11)) + zz * ((1.0 / 13 + z * (1.0 / 15)) + zz * (1.0 / 17));
        double series = low + zz * zz * high;
        return (float) (larger + 2 * s * series);
    }

    /** {@code out[i] = exp(in[i])}; {@code out} may be {@code in} at the same offset. */
    public static void exp(int n, float[] in, int inOffset, float[] out, int outOffset) {
        check(n, in, inOffset, out, outOffset);
        for (int i = 0; i < n; i++) {
            out[outOffset + i] = exp(in[inOffset + i]);
        }
    }

    /** {@code out[i] = sigmoid(in[i])}; {@code out} may be {@code in} at the same offset. */
    public static void sigmoid(int n, float[] in, int inOffset, float[] out, int outOffset) {
        check(n, in, inOffset, out, outOffset);
        for (int i = 0; i < n; i++) {
            out[outOffset + i] = sigmoid(in[inOffset + i]);
        }
    }

    /** {@code out[i] = tanh(in[i])}; {@code out} may be {@code in} at the same offset. */
    public static void tanh(int n, float[] in, int inOffset, float[] out, int outOffset) {
        check(n, in, inOffset, out, outOffset);
        for (int i = 0; i < n; i++) {
            out[outOffset + i] = tanh(in[inOffset + i]);
        }
    }

    private static void check(int n, float[] in, int inOffset, float[] out, int outOffset) {
        Objects.checkFromIndexSize(inOffset, n, in.length);
        Objects.checkFromIndexSize(outOffset, n, out.length);
    }

    /** The nearest number in [-RANGE, RANGE]; NaN stays. Compares instead of Math.min, which is slower here. */
    private static double clamp(float x) {
        if (x > RANGE) {
            return RANGE;
        }
        return x < -RANGE ? -RANGE : x;
    }

    /** e^x for |x| ≤ 2 RANGE or NaN; the relative error is below 2e-12. */
    private static double wide(double x) {
        double shifted = x * (TABLE_SIZE * LOG2_E) + ROUNDER;
        double power = power(shifted);
        return power + power * grow(x - (shifted - ROUNDER) * (LN_2 / TABLE_SIZE));
    }

    /** e^x - 1 for 0 ≤ x ≤ 2 RANGE or NaN; the relative error is below 3e-10, also near 0. */
    private static double wideMinusOne(double x) {
        double shifted = x * (TABLE_SIZE * LOG2_E) + ROUNDER;
        double power = power(shifted);
        return (power - 1) + power * grow(x - (shifted - ROUNDER) * (LN_2 / TABLE_SIZE));
    }

    /** 2^(k + j/32), where {@code shifted} is ROUNDER + 32 k + j. */
    private static double power(double shifted) {
        long bits = Double.doubleToRawLongBits(shifted);
        return Double.longBitsToDouble(TABLE[(int) bits & (TABLE_SIZE - 1)] + (bits << (EXPONENT_SHIFT - TABLE_BITS)));
    }

    /** e^r - 1 for |r| ≤ ln 2 / 64: the Taylor series to r^4, whose next term is 1.2e-10 r at most. */
    private static double grow(double r) {
        double rr = r * r;
        return r + rr * ((1.0 / 2 + r * (1.0 / 6)) + rr * (1.0 / 24));
    }
}
