package dev.kindling.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.Numeric;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Each kernel against the same sum in double, with room left and right that must stay as it was. */
@Numeric
final class KernelsTest {
    @Property(tries = 200)
    void vectorsMatchDoubleArithmetic(
            @ForAll @IntRange(max = 100) int n,
            @ForAll @IntRange(max = 9) int xOffset,
            @ForAll @IntRange(max = 9) int yOffset,
            @ForAll long seed) {
        float[] x = random(n + 20, seed);
        float[] y = random(n + 20, seed + 1);
        float alpha = random(1, seed + 2)[0];

        float[] filled = y.clone();
        Kernels.fill(n, alpha, filled, yOffset);
        float[] scaled = y.clone();
        Kernels.scale(n, alpha, scaled, yOffset);
        float[] moved = y.clone();
        Kernels.axpy(n, alpha, x, xOffset, moved, yOffset);
        float[] added = y.clone();
        Kernels.add(n, x, xOffset, added, yOffset);

        double squares = 0;
        double absolutes = 0;
        for (int i = 0; i < y.length; i++) {
            boolean inside = i >= yOffset && i < yOffset + n;
            double xi = inside ? x[xOffset + i - yOffset] : 0;
            assertThat(filled[i]).isEqualTo(inside ? alpha : y[i]);
            assertThat(scaled[i]).isEqualTo(inside ? (float) ((double) alpha * y[i]) : y[i]);
            assertThat((double) moved[i]).isCloseTo(inside ? y[i] + alpha * xi : y[i], within(1e-6));
            assertThat(added[i]).isEqualTo((float) (y[i] + xi));
            squares += inside ? (double) y[i] * y[i] : 0;
            absolutes += inside ? Math.abs((double) y[i]) : 0;
        }
        assertThat(Kernels.sumOfSquares(n, y, yOffset)).isCloseTo(squares, within(1e-12 * n));
        assertThat(Kernels.sumOfAbs(n, y, yOffset)).isCloseTo(absolutes, within(1e-12 * n));
    }

    @Property(tries = 200)
    void matricesMatchDoubleArithmetic(
            @ForAll @IntRange(max = 20) int rows,
            @ForAll @IntRange(max = 20) int columns,
            @ForAll @IntRange(max = 9) int offset,
            @ForAll long seed) {
        float[] vector = random(columns + 20, seed);
        float[] matrix = random(rows * columns + 20, seed + 1);
        float[] filled = matrix.clone();
        Kernels.fillRows(rows, columns, vector, offset, filled, 5);
        float[] sums = vector.clone();
        Kernels.addRowSums(rows, columns, matrix, 5, sums, offset);

        for (int at = 0; at < matrix.length; at++) {
            boolean inside = at >= 5 && at < 5 + rows * columns;
            assertThat(filled[at]).isEqualTo(inside ? vector[offset + (at - 5) % columns] : matrix[at]);
        }
        for (int at = 0; at < vector.length; at++) {
            double sum = vector[at];
            for (int i = 0; i < rows && at >= offset && at < offset + columns; i++) {
                sum += matrix[5 + i * columns + at - offset];
            }
            assertThat((double) sums[at]).isCloseTo(sum, within(1e-5));
        }
    }

    @Test
    void oneBadElementAnywhereIsFound() {
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            for (int at = 0; at < 40; at++) {
                float[] x = new float[40];
                x[0] = Float.MAX_VALUE;
                x[39] = -Float.MAX_VALUE;
                assertThat(Kernels.allFinite(40, x, 0)).isTrue();
                x[at] = bad;
                assertThat(Kernels.allFinite(40, x, 0)).isFalse();
                assertThat(Kernels.allFinite(38, x, 1)).isEqualTo(at == 0 || at == 39);
            }
        }
    }

    @Test
    void sumsOfLargeFloatsDoNotOverflow() {
        float[] x = {Float.MAX_VALUE, Float.MAX_VALUE, -Float.MAX_VALUE, Float.MAX_VALUE, Float.MAX_VALUE};
        double largest = Float.MAX_VALUE;
        assertThat(Kernels.sumOfAbs(5, x, 0)).isEqualTo(5 * largest);
        assertThat(Kernels.sumOfSquares(5, x, 0)).isEqualTo(5 * (largest * largest), within(1e62));
    }

    @Test
    void rangesOutsideTheArrayAreRefusedBeforeAnythingIsWritten() {
        float[] x = new float[10];
        float[] y = new float[5];
        refused(() -> Kernels.fill(5, 1, x, 6));
        refused(() -> Kernels.fill(-1, 1, x, 0));
        refused(() -> Kernels.scale(11, 1, x, 0));
        refused(() -> Kernels.axpy(6, 1, x, 0, y, 0));
        refused(() -> Kernels.add(6, x, 0, y, 0));
        refused(() -> Kernels.add(5, x, 6, y, 0));
        refused(() -> Kernels.sumOfSquares(1, x, -1));
        refused(() -> Kernels.sumOfAbs(1, x, 10));
        refused(() -> Kernels.allFinite(11, x, 0));
        refused(() -> Kernels.fillRows(3, 5, y, 0, x, 0));
        refused(() -> Kernels.addRowSums(2, 5, x, 1, y, 0));
        refused(() -> Kernels.addRowSums(-2, -2, x, 0, y, 0));
        refused(() -> Kernels.fillRows(1 << 16, 1 << 16, new float[1 << 16], 0, x, 0)); // 2^32 wraps to 0 in an int
        assertThat(x).containsOnly(0);
    }

    private static void refused(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(IndexOutOfBoundsException.class);
    }

    private static float[] random(int n, long seed) {
        SplitMix64 generator = new SplitMix64(seed);
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = 2 * generator.nextFloat() - 1;
        }
        return x;
    }
}
