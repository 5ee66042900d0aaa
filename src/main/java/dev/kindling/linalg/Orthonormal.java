package dev.kindling.linalg;

/** Random orthonormal vectors. */
public final class Orthonormal {
    private Orthonormal() {}

    /** So many vectors of that length, drawn one after another; at most as many as they are long. */
    public static double[][] basis(int vectors, int length, SplitMix64 random) {
        double[][] basis = new double[vectors][length];
        for (int v = 0; v < vectors; v++) {
            for (int i = 0; i < length; i++) {
                basis[v][i] = random.nextGaussian();
            }
            orthonormalise(v, length, basis);
        }
        return basis;
    }

    /** Subtracts from vector v its components along the vectors before it, and scales it to length 1. */
    private static void orthonormalise(int v, int length, double[][] basis) {
        double[] vector = basis[v];
        // Twice is enough (Kahan; Parlett). The second time removes what rounding left of the other vectors in a
        // vector that lost most of its length.
        for (int round = 0; round < 2; round++) {
            for (int before = 0; before < v; before++) {
                add(length, -dot(length, vector, basis[before]), basis[before], vector);
            }
        }
        double scale = 1 / Math.sqrt(dot(length, vector, vector));
        for (int i = 0; i < length; i++) {
            vector[i] *= scale;
        }
    }

    private static double dot(int n, double[] x, double[] y) {
        // four sums, because each addition to a single sum would wait for the one before
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = 0;
        for (; i <= n - 4; i += 4) {
            a += x[i] * y[i];
            b += x[i + 1] * y[i + 1];
            c += x[i + 2] * y[i + 2];
            d += x[i + 3] * y[i + 3];
        }
        for (; i < n; i++) {
            a += x[i] * y[i];
        }
        return (a + b) + (c + d);
    }

    private static void add(int n, double factor, double[] x, double[] y) {
        for (int i = 0; i < n; i++) {
            y[i] += factor * x[i];
        }
    }
}
