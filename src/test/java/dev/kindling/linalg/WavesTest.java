package dev.kindling.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.Numeric;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import org.junit.jupiter.api.Test;

@Numeric
class WavesTest {
    private static final int N = 4096;
    private static final BigDecimal PI = new BigDecimal("3.14159265358979323846264338327950288419716939937510582097");

    @Test
    void sineAndCosineAreWithinTheStatedErrorOfStrictMath() {
        SplitMix64 random = RandomKey.of(5).generator();
        double worst = 0;
        for (int round = 0; round < 400; round++) {
            float frequency = (float) (StrictMath.pow(10, random.nextInt(12) - 6) * random.nextGaussian());
            float phase = (float) (Math.PI * (2 * random.nextDouble() - 1)) * random.nextInt(2);
            double[] x = new double[N];
            for (int i = 0; i < N; i++) {
                x[i] = i % 7 == 0 ? i / 8.0 : (float) (3 * random.nextGaussian());
            }
            float[] cosines = new float[N];
            float[] sines = new float[N];
            Waves.sample(N, frequency, phase, x, cosines, 0, sines, 0);
            for (int i = 0; i < N; i++) {
                double angle = 2 * Math.PI * ((frequency * x[i]) % 1) + phase; // % is exact
                worst = Math.max(worst, Math.abs(cosines[i] - StrictMath.cos(angle)));
                worst = Math.max(worst, Math.abs(sines[i] - StrictMath.sin(angle)));
                assertThat(Math.max(Math.abs(cosines[i]), Math.abs(sines[i]))).isLessThanOrEqualTo(1f);
            }
        }
        assertThat(worst).isBetween(2.9e-8, Waves.MAX_ERROR);
    }

    @Test
    void quarterTurnsAndHugeAnglesAreExact() {
        assertSample(1f, 0f, 0.25f, 0, 1);
        assertSample(1f, 0f, -0.5f, -1, 0);
        assertSample(3f, 0f, 1 << 20, 1, 0);
        assertSample(0f, 0f, 5f, 1, 0);
        float phase = (float) (Math.PI / 2);
        assertSample(0f, phase, 5f, StrictMath.cos(phase), 1);
        assertSample(1e30f, 0f, 1e30f, 1, 0); // a whole number of turns, as any double of this size
        BigDecimal turns = new BigDecimal(123.456f).multiply(new BigDecimal(98765.43f));
        double rest = turns.subtract(turns.setScale(0, RoundingMode.HALF_EVEN)).doubleValue();
        double angle = new BigDecimal(rest)
                .multiply(PI.add(PI), MathContext.DECIMAL128)
                .doubleValue();
        assertSample(123.456f, 0f, 98765.43f, StrictMath.cos(angle), StrictMath.sin(angle));
    }

    private static void assertSample(float frequency, float phase, float x, double cosine, double sine) {
        float[] out = {9, 9, 9, 9};
        Waves.sample(1, frequency, phase, new double[] {x}, out, 1, out, 3);
        assertThat(Math.abs(out[1] - cosine)).isLessThan(Waves.MAX_ERROR);
        assertThat(out[2]).isEqualTo(9);
        assertThat(Math.abs(out[3] - sine)).isLessThan(Waves.MAX_ERROR);
    }

    /** The interpreter, both compilers and other machines must give these bits: there are no intrinsics to differ. */
    @Test
    void theBitsAreThoseThatWereSeenFirst() {
        SplitMix64 random = RandomKey.of(1).generator();
        double[] x = new double[N];
        for (int i = 0; i < N; i++) {
            x[i] = (float) (10 * random.nextGaussian());
        }
        float[] out = new float[2 * N];
        long hash = 0;
        for (int round = 0; round < 200; round++) { // the first in the interpreter, the last compiled
            Waves.sample(N, 0.37f, 1.1f, x, out, 0, out, N);
            long now = 0;
            for (float value : out) {
                now = SplitMix64.mix(now + Float.floatToRawIntBits(value));
            }
            assertThat(round == 0 ? now : hash).isEqualTo(now);
            hash = now;
        }
        assertThat(hash).isEqualTo(2155149881977491370L);
    }

    @Test
    void whatIsNotFiniteGivesNaN() {
        float[] out = new float[4];
        Waves.sample(2, 0.5f, 0f, new double[] {Float.NaN, Float.POSITIVE_INFINITY}, out, 0, out, 2);
        assertThat(out).containsOnly(Float.NaN);
    }

    @Test
    void rangesBeyondAnArrayAreRefused() {
        float[] out = new float[9];
        assertThatThrownBy(() -> Waves.sample(3, 1f, 0f, new double[2], out, 0, out, 4))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> Waves.sample(3, 1f, 0f, new double[3], out, 7, out, 0))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> Waves.sample(3, 1f, 0f, new double[3], out, 0, out, -1))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }
}
