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

    private Waves() {}

    /**
     * {@code cosines[i] = cos(2π · frequency · x[i] + phase)}, and {@code sines[i]} its sine. Angles of
     * any size keep their digits. NaN and infinite x give NaN.
     *
     * @param cosines (n) from its offset; overwritten; may be the array of {@code x} or {@code sines} in another place
     * @param sines (n) from its offset; overwritten
     */
    public static void sample(
            int n,
            float frequency,
            float phase,
            float[] x,
            int xOffset,
            float[] cosines,
            int cosinesOffset,
            float[] sines,
            int sinesOffset) {
        Objects.checkFromIndexSize(xOffset, n, x.length);
        Objects.checkFromIndexSize(cosinesOffset, n, cosines.length);
        Objects.checkFromIndexSize(sinesOffset, n, sines.length);
        double start = phase / TURN;
        for (int i = 0; i < n; i++) {
            double product = (double) frequency * x[xOffset + i]; // exact
            double turns = product - Math.rint(product) + start;
            double quarter = (turns - Math.rint(turns)) * (TURN / 4);
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
