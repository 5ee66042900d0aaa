package dev.kindling.linalg;

import java.util.Arrays;
import java.util.Objects;

/**
 * Loops over {@code float[]}, each over {@code n} elements from an offset. The JIT compiler vectorises loops without a
 * sum; JDK 17 vectorises loops over two arrays only if both offsets are the same, so that case has a loop of its own.
 * Sums are taken in {@code double} and in a fixed order, so the bits are the same on every machine.
 * <p>Ranges are checked at the entry ({@link IndexOutOfBoundsException}). Matrices are row-major without gaps. An
 * output must not overlap an input unless its method says so.
 */
public final class Kernels {
    private Kernels() {}

    /** {@code x[i] = value}. */
    public static void fill(int n, float value, float[] x, int xOffset) {
        check(n, x, xOffset);
        Arrays.fill(x, xOffset, xOffset + n, value);
    }

    /** {@code x[i] *= alpha}. */
    public static void scale(int n, float alpha, float[] x, int xOffset) {
        check(n, x, xOffset);
        for (int i = 0; i < n; i++) {
            x[xOffset + i] *= alpha;
        }
    }

    /** {@code y[i] += alpha · x[i]}; two roundings, no fused multiply-add. */
    public static void axpy(int n, float alpha, float[] x, int xOffset, float[] y, int yOffset) {
        check(n, x, xOffset);
        check(n, y, yOffset);
        if (xOffset == yOffset) {
            for (int i = 0; i < n; i++) {
                y[yOffset + i] += alpha * x[yOffset + i];
            }
        } else {
            for (int i = 0; i < n; i++) {
                y[yOffset + i] += alpha * x[xOffset + i];
            }
        }
    }

    /** {@code y[i] += x[i]}. */
    public static void add(int n, float[] x, int xOffset, float[] y, int yOffset) {
        check(n, x, xOffset);
        check(n, y, yOffset);
        if (xOffset == yOffset) {
            for (int i = 0; i < n; i++) {
                y[yOffset + i] += x[yOffset + i];
            }
        } else {
            for (int i = 0; i < n; i++) {
                y[yOffset + i] += x[xOffset + i];
            }
        }
    }

    /**
     * {@code out[i] = in[i]} for {@code n} elements {@code inStride} and {@code outStride} apart: a column of a matrix, if the
     * stride is its width.
     */
    public static void copyColumn(
            int n, float[] in, int inOffset, int inStride, float[] out, int outOffset, int outStride) {
        for (int i = 0; i < n; i++) {
            out[outOffset + i * outStride] = in[inOffset + i * inStride];
        }
    }

    /**
     * {@code out[i, j] = vector[j]}: writes the bias into every row before a product is accumulated on it.
     *
     * @param vector (columns)
     * @param out (rows, columns); overwritten
     */
    public static void fillRows(int rows, int columns, float[] vector, int vectorOffset, float[] out, int outOffset) {
        check(columns, vector, vectorOffset);
        check(rows, columns, out, outOffset);
        for (int i = 0; i < rows; i++) {
            System.arraycopy(vector, vectorOffset, out, outOffset + i * columns, columns);
        }
    }

    /**
     * {@code out[j] += Σ_i matrix[i, j]}: the gradient of a bias. Adds four rows at a time, in float32. JDK 17 does not
     * vectorise a loop whose arrays start at different offsets, so time is saved by fewer passes over {@code out}.
     *
     * @param matrix (rows, columns)
     * @param out (columns); added to
     */
    public static void addRowSums(int rows, int columns, float[] matrix, int matrixOffset, float[] out, int outOffset) {
        check(rows, columns, matrix, matrixOffset);
        check(columns, out, outOffset);
        int i = 0;
        for (; i <= rows - 4; i += 4) {
            int first = matrixOffset + i * columns;
            int second = first + columns;
            int third = second + columns;
            int fourth = third + columns;
            for (int j = 0; j < columns; j++) {
                out[outOffset + j] +=
                        (matrix[first + j] + matrix[second + j]) + (matrix[third + j] + matrix[fourth + j]);
            }
        }
        for (; i < rows; i++) {
            int row = matrixOffset + i * columns;
            for (int j = 0; j < columns; j++) {
                out[outOffset + j] += matrix[row + j];
            }
        }
    }

    /** {@code Σ x[i]²}: exact squares, summed in double. */
    public static double sumOfSquares(int n, float[] x, int xOffset) {
        check(n, x, xOffset);
        // Eight sums, because each addition to a single sum would wait for the one before.
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        double e = 0;
        double f = 0;
        double g = 0;
        double h = 0;
        int end = xOffset + n;
        int i = xOffset;
        for (; i <= end - 8; i += 8) {
            a += (double) x[i] * x[i];
            b += (double) x[i + 1] * x[i + 1];
            c += (double) x[i + 2] * x[i + 2];
            d += (double) x[i + 3] * x[i + 3];
            e += (double) x[i + 4] * x[i + 4];
            f += (double) x[i + 5] * x[i + 5];
            g += (double) x[i + 6] * x[i + 6];
            h += (double) x[i + 7] * x[i + 7];
        }
        for (; i < end; i++) {
            a += (double) x[i] * x[i];
        }
        return ((a + b) + (c + d)) + ((e + f) + (g + h));
    }

    /** {@code Σ |x[i]|}, summed in double. */
    public static double sumOfAbs(int n, float[] x, int xOffset) {
        check(n, x, xOffset);
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int end = xOffset + n;
        int i = xOffset;
        for (; i <= end - 4; i += 4) {
            a += Math.abs(x[i]);
            b += Math.abs(x[i + 1]);
            c += Math.abs(x[i + 2]);
            d += Math.abs(x[i + 3]);
        }
        for (; i < end; i++) {
            a += Math.abs(x[i]);
        }
        return (a + b) + (c + d);
    }

    /** Whether no element is infinite or NaN. */
    public static boolean allFinite(int n, float[] x, int xOffset) {
        check(n, x, xOffset);
        for (int i = xOffset; i < xOffset + n; i++) {
            if (!(Math.abs(x[i]) <= Float.MAX_VALUE)) { // negated, so that NaN is caught
                return false;
            }
        }
        return true;
    }

    private static void check(int n, float[] array, int offset) {
        Objects.checkFromIndexSize(offset, n, array.length);
    }

    /** After this, {@code offset + rows * columns} fits an int. */
    private static void check(int rows, int columns, float[] matrix, int offset) {
        if (rows < 0 || columns < 0) { // two negative sizes have a positive product
            throw new IndexOutOfBoundsException("a matrix of " + rows + " rows and " + columns + " columns");
        }
        Objects.checkFromIndexSize((long) offset, (long) rows * columns, (long) matrix.length);
    }
}
