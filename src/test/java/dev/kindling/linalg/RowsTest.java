package dev.kindling.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.Numeric;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Numeric
class RowsTest {
    private static final Gemm GEMM = Gemm.named("java");

    /** Three rows of four columns, the second empty, as each kind of view into the middle of its arrays. */
    static Stream<Rows> views() {
        float[] dense = {9, 9, 1, 0, 2, 0, 0, 0, 0, 0, 0, -3, 0, 4, 9};
        int[] starts = {7, 1, 3, 3, 5, 7};
        int[] indices = {-1, 0, 2, 1, 3, -1};
        float[] values = {Float.NaN, 1, 2, -3, 4, Float.NaN};
        return Stream.of(Rows.dense(3, 4, dense, 2), Rows.sparse(3, 4, starts, 1, indices, values));
    }

    @ParameterizedTest
    @MethodSource("views")
    void multipliesByWeightsFromTheirOffset(Rows rows) {
        float[] weights = {9, 1, 2, 3, 4, 5, 6, 7, 8}; // (4, 2) from 1
        float[] out = {Float.NaN, Float.NaN, Float.NaN, Float.NaN, Float.NaN, Float.NaN, 5};
        rows.multiply(GEMM, 2, weights, 1, 0f, out);
        assertThat(out).containsExactly(11, 14, 0, 0, 19, 20, 5);
        rows.multiply(GEMM, 2, weights, 1, 1f, out);
        assertThat(out).containsExactly(22, 28, 0, 0, 38, 40, 5);
    }

    @ParameterizedTest
    @MethodSource("views")
    void addsTheTransposedProduct(Rows rows) {
        float[] delta = {1, 2, 100, 200, 3, 4}; // (3, 2)
        float[] out = new float[10];
        Arrays.fill(out, 1f);
        rows.accumulateTransposed(GEMM, 2, delta, out, 1);
        assertThat(out).containsExactly(1, 2, 3, -8, -11, 3, 5, 13, 17, 1);
    }

    @ParameterizedTest
    @MethodSource("views")
    void copiesItsZerosToo(Rows rows) {
        float[] out = new float[13];
        Arrays.fill(out, 7f);
        rows.copyTo(out);
        assertThat(out).containsExactly(1, 0, 2, 0, 0, 0, 0, 0, 0, -3, 0, 4, 7);
    }

    @ParameterizedTest
    @MethodSource("views")
    void eachStoredValueHasItsColumn(Rows rows) {
        float[] out = new float[12];
        for (int row = 0; row < 3; row++) {
            for (int p = rows.begin(row); p < rows.end(row); p++) {
                out[row * 4 + rows.column(row, p)] += rows.values()[p];
            }
        }
        assertThat(out).containsExactly(1, 0, 2, 0, 0, 0, 0, 0, 0, -3, 0, 4);
    }

    @Test
    void sparseAndDenseAgreeOnRandomRows() {
        int rows = 17;
        int columns = 13;
        int n = 5;
        SplitMix64 random = RandomKey.of(4).generator();
        float[] dense = new float[rows * columns];
        int[] starts = new int[rows + 1];
        int[] indices = new int[dense.length];
        float[] values = new float[dense.length];
        int stored = 0;
        for (int i = 0; i < dense.length; i++) {
            if (random.nextInt(4) == 0) {
                dense[i] = (float) random.nextGaussian();
                indices[stored] = i % columns;
                values[stored++] = dense[i];
            }
            starts[i / columns + 1] = stored;
        }
        float[] weights = gaussians(columns * n, random);
        float[] delta = gaussians(rows * n, random);
        List<Rows> both =
                List.of(Rows.dense(rows, columns, dense, 0), Rows.sparse(rows, columns, starts, 0, indices, values));
        float[][] products = new float[2][rows * n];
        float[][] gradients = new float[2][columns * n];
        for (int i = 0; i < 2; i++) {
            both.get(i).multiply(GEMM, n, weights, 0, 0f, products[i]);
            both.get(i).accumulateTransposed(GEMM, n, delta, gradients[i], 0);
        }
        assertThat(both.get(1).isSparse()).isTrue();
        assertThat(products[1]).containsExactly(products[0], within(1e-5f));
        assertThat(gradients[1]).containsExactly(gradients[0], within(1e-5f));
    }

    private static float[] gaussians(int n, SplitMix64 random) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    @Test
    void viewsBeyondTheirArraysAreRefused() {
        assertThatThrownBy(() -> Rows.dense(2, 3, new float[6], 1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> Rows.dense(65_536, 65_536, new float[6], 0)).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> Rows.sparse(2, 3, new int[] {0, 1}, 0, new int[1], new float[1]))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> Rows.sparse(1, 3, new int[] {0, 2}, 0, new int[1], new float[1]))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void noRowsAreNoWork() {
        float[] out = {5f};
        Rows.dense(0, 4, new float[0], 0).multiply(GEMM, 1, new float[4], 0, 0f, out);
        Rows.sparse(0, 4, new int[] {0}, 0, new int[0], new float[0]).multiply(GEMM, 1, new float[4], 0, 0f, out);
        assertThat(out).containsExactly(5f);
    }
}
