package dev.kindling.linalg;

import java.util.Objects;

/** Loops over float32 arrays with offsets, plain enough for the JIT to vectorise. Matrices are row-major. */
public final class Kernels {
    private Kernels() {}

    /** {@code x := value}. */
    public static void fill(int n, float value, float[] x, int xOffset) {
        Objects.checkFromIndexSize(xOffset, n, x.length);
        for (int i = xOffset; i < xOffset + n; i++) {
            x[i] = value;
        }
    }

    /** {@code x := alpha · x}. */
    public static void scale(int n, float alpha, float[] x, int xOffset) {
        Objects.checkFromIndexSize(xOffset, n, x.length);
        for (int i = xOffset; i < xOffset + n; i++) {
            x[i] *= alpha;
        }
    }

    /** {@code y += x}. */
    public static void add(int n, float[] x, int xOffset, float[] y, int yOffset) {
        Objects.checkFromIndexSize(xOffset, n, x.length);
        Objects.checkFromIndexSize(yOffset, n, y.length);
        for (int i = 0; i < n; i++) {
            y[yOffset + i] += x[xOffset + i];
        }
    }

    /** {@code y += alpha · x}. */
    public static void axpy(int n, float alpha, float[] x, int xOffset, float[] y, int yOffset) {
        Objects.checkFromIndexSize(xOffset, n, x.length);
        Objects.checkFromIndexSize(yOffset, n, y.length);
        for (int i = 0; i < n; i++) {
            y[yOffset + i] += alpha * x[xOffset + i];
        }
    }

    /** Each row of {@code out(rows, columns)} := {@code vector(columns)}. */
    public static void fillRows(int rows, int columns, float[] vector, int vectorOffset, float[] out, int outOffset) {
        Objects.checkFromIndexSize(vectorOffset, columns, vector.length);
        Objects.checkFromIndexSize(outOffset, Math.toIntExact((long) rows * columns), out.length);
        for (int row = 0; row < rows; row++) {
            System.arraycopy(vector, vectorOffset, out, outOffset + row * columns, columns);
        }
    }

    /** {@code out(columns) += } the sum of the rows of {@code matrix(rows, columns)}. */
    public static void addRowSums(int rows, int columns, float[] matrix, int matrixOffset, float[] out, int outOffset) {
        Objects.checkFromIndexSize(matrixOffset, Math.toIntExact((long) rows * columns), matrix.length);
        for (int row = 0; row < rows; row++) {
            add(columns, matrix, matrixOffset + row * columns, out, outOffset);
        }
    }

    /** {@code Σ x²}, added up in double. */
    public static double sumOfSquares(int n, float[] x, int xOffset) {
        Objects.checkFromIndexSize(xOffset, n, x.length);
        double sum = 0;
        for (int i = xOffset; i < xOffset + n; i++) {
            sum += (double) x[i] * x[i];
        }
        return sum;
    }
}
