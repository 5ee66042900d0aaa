package dev.kindling.linalg;

import java.util.Objects;

/**
 * Sine and cosine in float32, with the same bits on every JVM and CPU, as {@link Exponential} has them: {@link Math#sin} may
 * differ. The absolute error is at most {@value #MAX_ERROR}, nearly all of it the final rounding.
 *
 * <p>Method: an angle is counted in turns, in {@code double}. Whole turns are taken off exactly, Taylor series give sine and
 * cosine of a quarter of the rest, which is at most π/4, and {@code sin 2a = 2 sin a cos a}, {@code cos 2a = 1 - 2 sin² a}
 * twice those of the whole. There is no branch, so the processor works on several elements at once.
 */
public final class Waves {
    static final double MAX_ERROR = 3.1e-8;

    private static final double TURN = 2 * Math.PI;

    /**
     * 1.5 · 2^52: adding and subtracting it rounds a double to an integer. Beyond 2^51 a whole number of turns may be left, which
     * the second time takes off.
     */
    private static final double ROUNDER = 0x1.8p52;

    private Waves() {}

    /**
     * {@code cosines[i] = cos(2π · frequency · x[i] + phase)}, and {@code sines[i]} its sine. Angles of any size keep their digits.
     * NaN and infinite x give NaN.
     *
     * @param x (n) floats, widened, so that a product is exact; a conversion within the loop would make each element wait for
     *     the one before, as it leaves a part of its register as it was, and take three times as long
     * @param cosines (n) from its offset; overwritten; may be the array of {@code sines} in another place
     * @param sines (n) from its offset; overwritten
     */
    public static void sample(
            int n,
            float frequency,
            float phase,
            double[] x,
            float[] cosines,
            int cosinesOffset,
            float[] sines,
            int sinesOffset) {
        Objects.checkFromIndexSize(0, n, x.length);
        Objects.checkFromIndexSize(cosinesOffset, n, cosines.length);
        Objects.checkFromIndexSize(sinesOffset, n, sines.length);
        double factor = frequency;
        double start = phase / TURN;
        for (int i = 0; i < n; i++) {
            double product = factor * x[i];
            double turns = product - ((product + ROUNDER) - ROUNDER) + start;
            double quarter = (turns - ((turns + ROUNDER) - ROUNDER)) * (TURN / 4);
            double z = quarter * quarter;
            double zz = z * z;
            double sine = quarter
                    * ((1 - z * (1.0 / 6))
                            + zz * (1.0 / 120 - z * (1.0 / 5040) + zz * (1.0 / 362880 - z * (1.0 / 39916800))));
            double cosine =
                    (1 - z * (1.0 / 2)) + zz * (1.0 / 24 - z * (1.0 / 720) + zz * (1.0 / 40320 - z * (1.0 / 3628800)));
            double half = 2 * sine * cosine; // the sine of half the angle
            sines[sinesOffset + i] = (float) (2 * half * (1 - 2 * sine * sine));
            cosines[cosinesOffset + i] = (float) (1 - 2 * half * half);
        }
    }
}
