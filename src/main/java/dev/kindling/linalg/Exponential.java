package dev.kindling.linalg;

import java.util.Objects;

/**
 * The exponential and related functions in float32, with the same bits on every JVM and CPU. They use only IEEE
 * additions, multiplications and divisions in {@code double}, and round once to {@code float} at the end.
 * {@link Math#exp} and {@code Math.fma} are not used.
 *
 * <p>The error is at most 0.505 ulp, one half of which is the final rounding: the result is the float nearest to the
 * true value or, at a near-tie, its neighbour. Subnormal results are rounded like all others and never flushed to zero;
 * overflow gives infinity, NaN gives NaN. {@code exp}, {@code expm1}, {@code sigmoid}, {@code tanh} and
 * {@code log1pExp} are monotone.
 *
 * <p>The derivatives of {@code silu}, {@code gelu}, {@code geluTanh} and {@code mish} have an absolute error of at most
 * 6e-8 (their values lie between -0.14 and 1.14, where half an ulp is that much). Each has a zero, near which the error
 * in ulps is not bounded.
 *
 * <p>Method: x = (k + j/32) ln 2 + r with |r| ≤ ln 2 / 64, so e^x = 2^k 2^(j/32) e^r: exponent bits, a table and the
 * Taylor series (Tang, "Table-Driven Implementation of the Exponential Function in IEEE Floating-Point Arithmetic", ACM
 * TOMS 1989). In {@code double}, ln 2 needs no splitting. The table is there for speed: a shorter series lets the
 * processor work on more elements at once.
 */
public final class Exponential {
    /** The bound on every function's error, in units in the last place of the float result. */
    static final double MAX_ULP = 0.505;

    /** The bound on the absolute error of the derivatives. */
    static final double MAX_DERIVATIVE_ERROR = 6e-8;

    private static final double LOG2_E = 1.4426950408889634;
    private static final double LN_2 = 0.6931471805599453;

    /** 1.5 · 2^52: adding it rounds a double to an integer, which then stands in the lowest bits of the sum. */
    private static final double ROUNDER = 0x1.8p52;

    private static final int TABLE_BITS = 5;
    private static final int TABLE_SIZE = 1 << TABLE_BITS;
    private static final int EXPONENT_SHIFT = 52;

    /**
     * The bits of 2^(j/32) minus those of j shifted to the exponent, so that adding shifted 32 k + j leaves k there.
     */
    private static final long[] TABLE = table();

    private static final int SIGN_BIT = 0x8000_0000;

    /**
     * Beyond this, e^x and e^-x are 0 or infinite in float, and x e^x is 0 for negative x. In double, the powers of two
     * are still far from overflow.
     */
    private static final float RANGE = 128;

    /** Beyond this, gelu(x) is the same float as x or 0. The range for the tanh form is {@link #GELU_TANH_RANGE}. */
    private static final double GELU_RANGE = 15;

    private static final double GELU_TANH_RANGE = 12;

    /** 1 / √(2π) */
    private static final double NORMAL_DENSITY_AT_0 = 0.3989422804014327;

    /** 2 √(2/π), because tanh(u) is 2 sigmoid(2u) - 1. */
    private static final double GELU_TANH_SCALE = 1.5957691216057308;

    private static final double GELU_TANH_CUBIC = 0.044715;

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

    /** e^x - 1, as accurate near 0 as elsewhere: -1 at -∞, ∞ above 88.7228. */
    public static float expm1(float x) {
        return (float) wideMinusOne(clamp(x));
    }

    /** The logistic function 1 / (1 + e^-x), accurate far below 0 too; sigmoid(-x) is 1 - sigmoid(x), rounded. */
    public static float sigmoid(float x) {
        return (float) (1 / (1 + wide(-clamp(x))));
    }

    /** The hyperbolic tangent, as (e^2|x| - 1) / (e^2|x| + 1) with the sign of x: exactly odd, and -0 at -0. */
    public static float tanh(float x) {
        double grown = wideMinusOne(2 * Math.abs(clamp(x)));
        int magnitude = Float.floatToRawIntBits((float) (grown / (grown + 2)));
        return Float.intBitsToFloat(magnitude | (Float.floatToRawIntBits(x) & SIGN_BIT));
    }

    /** Softplus, ln(1 + e^x), as max(x, 0) + ln(1 + e^-|x|): x itself for large x, e^x far below 0. */
    public static float log1pExp(float x) {
        double larger = Math.max(x, 0);
        // ln(1 + t) = 2 artanh(s) with s = t / (2 + t) ≤ 1/3: its Taylor series, grouped so that fewer terms wait for
        // each other.
        double t = wide(-Math.abs(clamp(x)));
        double s = t / (2 + t);
        double z = s * s;
        double zz = z * z;
        double low = (1 + z * (1.0 / 3)) + zz * (1.0 / 5 + z * (1.0 / 7));
        double high = (1.0 / 9 + z * (1.0 / 11)) + zz * ((1.0 / 13 + z * (1.0 / 15)) + zz * (1.0 / 17));
        double series = low + zz * zz * high;
        return (float) (larger + 2 * s * series);
    }

    /** {@code x · sigmoid(x)}: -0 at -∞. */
    public static float silu(float x) {
        return (float) (atLeastRange(x) / (1 + wide(-clamp(x))));
    }

    /** {@code s (1 + x (1 - s))} with s = sigmoid(x). */
    public static float siluDerivative(float x) {
        double c = clamp(x);
        double power = wide(-c);
        double s = 1 / (1 + power);
        return (float) (s + c * s * (power * s));
    }

    /**
     * {@code x · Φ(x)}, where Φ is the normal distribution function {@code (1 + erf(x / √2)) / 2}: computed as {@code
     * max(x, 0) - |x| Φ(-|x|)}, so that the left tail keeps its digits; -0 at -∞.
     */
    public static float gelu(float x) {
        double a = Math.abs(clamp(x, GELU_RANGE));
        // max of doubles: max of floats takes twice the time here
        return (float) (Math.max((double) x, 0) - a * (wide(-0.5 * (a * a)) * mills(a)));
    }

    /** {@code Φ(x) + x φ(x)}, where φ is the normal density. */
    public static float geluDerivative(float x) {
        double a = Math.abs(clamp(x, GELU_RANGE));
        double left = wide(-0.5 * (a * a)) * (mills(a) - NORMAL_DENSITY_AT_0 * a); // at -a; at a, 1 minus this
        double sign = sign(x);
        return (float) ((0.5 + 0.5 * sign) - sign * left);
    }

    /** {@code x/2 (1 + tanh(√(2/π) (x + 0.044715 x³)))}, computed as {@code x · sigmoid(2u)}; -0 at -∞. */
    public static float geluTanh(float x) {
        double c = clamp(x, GELU_TANH_RANGE);
        double larger = x < -GELU_TANH_RANGE ? c : x;
        return (float) (larger / (1 + wide(-GELU_TANH_SCALE * (c + GELU_TANH_CUBIC * c * (c * c)))));
    }

    /** {@code s + x s (1 - s) 2u'} with s = sigmoid(2u), where {@code 2u' = 2√(2/π) (1 + 3 · 0.044715 x²)}. */
    public static float geluTanhDerivative(float x) {
        double c = clamp(x, GELU_TANH_RANGE);
        double cc = c * c;
        double power = wide(-GELU_TANH_SCALE * (c + GELU_TANH_CUBIC * c * cc));
        double s = 1 / (1 + power);
        return (float) (s + c * s * (power * s) * (GELU_TANH_SCALE * (1 + 3 * GELU_TANH_CUBIC * cc)));
    }

    /** {@code x · tanh(ln(1 + e^x))}, which is {@code x n / (n + 2)} with {@code n = e^x (e^x + 2)}; -0 at -∞. */
    public static float mish(float x) {
        double power = wide(clamp(x));
        double n = power * (power + 2);
        return (float) (atLeastRange(x) * (n / (n + 2)));
    }

    /** {@code (n (n + 2) + 4 x e^x (1 + e^x)) / (n + 2)²} with n as in {@link #mish}. */
    public static float mishDerivative(float x) {
        double c = clamp(x);
        double power = wide(c);
        double n = power * (power + 2);
        double m = n + 2;
        return (float) ((n * m + 4 * c * power * (1 + power)) / (m * m));
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

    /** The nearest number in [-RANGE, RANGE]; NaN stays NaN. Uses comparisons because Math.min is slower here. */
    private static double clamp(float x) {
        if (x > RANGE) {
            return RANGE;
        }
        return x < -RANGE ? -RANGE : x;
    }

    private static double clamp(double x, double range) {
        if (x > range) {
            return range;
        }
        return x < -range ? -range : x;
    }

    /** The larger of x and -RANGE; NaN stays NaN. */
    private static double atLeastRange(double x) {
        return x < -RANGE ? -RANGE : x;
    }

    /** 1 or -1, with the sign of x. Works on the bits, because a branch would be mispredicted half of the time. */
    private static double sign(float x) {
        return Float.intBitsToFloat((Float.floatToRawIntBits(x) & SIGN_BIT) | Float.floatToRawIntBits(1f));
    }

    /**
     * Φ(-a) e^(a²/2) for 0 ≤ a ≤ GELU_RANGE: Mills' ratio times φ(0). Without its steep factor it is so smooth that a
     * quotient of polynomials of degrees 5 and 6 gives it with a relative error of 1e-10. The coefficients were fitted
     * by weighted least squares in 40 digits; the weights were adjusted until the error peaks were alike (Lawson). All
     * coefficients are positive, so nothing cancels.
     */
    private static double mills(double a) {
        double aa = a * a;
        double aaaa = aa * aa;
        double above = (0.49999999995650407 + 0.5083764592291172 * a)
                + aa * (0.2513202726085946 + 0.07162614060586034 * a)
                + aaaa * (0.011714995216524842 + 0.0008970225174667679 * a);
        double below = (1 + 1.8146374708509194 * a)
                + aa * (1.4505118964149375 + 0.6592353335114031 * a)
                + aaaa * ((0.181793966588059 + 0.02936496152269993 * a) + aa * 0.002248504596855001);
        return above / below;
    }

    /** e^x for |x| ≤ 2 RANGE or NaN; the relative error is below 2e-12. */
    private static double wide(double x) {
        double shifted = x * (TABLE_SIZE * LOG2_E) + ROUNDER;
        double power = power(shifted);
        return power + power * grow(x - (shifted - ROUNDER) * (LN_2 / TABLE_SIZE));
    }

    /** e^x - 1 for |x| ≤ 2 RANGE or NaN; the relative error is below 3e-10, also near 0. */
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

    /** e^r - 1 for |r| ≤ ln 2 / 64: the Taylor series to r^4. The next term is at most 1.2e-10 r. */
    private static double grow(double r) {
        double rr = r * r;
        return r + rr * ((1.0 / 2 + r * (1.0 / 6)) + rr * (1.0 / 24));
    }
}
