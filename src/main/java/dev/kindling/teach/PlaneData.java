package dev.kindling.teach;

import dev.kindling.linalg.RandomKey;
import dev.kindling.linalg.Rows;
import dev.kindling.linalg.SplitMix64;
import dev.kindling.loss.Batch;

/**
 * Points in a plane, in classes that no straight line separates. In the formulas, s runs in even steps along each
 * class's curve; then normal noise is added to both coordinates. Moons and circles without noise equal scikit-learn's
 * <a
 * href="https://scikit-learn.org/stable/modules/generated/sklearn.datasets.make_moons.html">make_moons</a> and <a
 * href="https://scikit-learn.org/stable/modules/generated/sklearn.datasets.make_circles.html">make_circles</a>, unshuffled.
 */
final class PlaneData {
    private final int classes;
    private final float[] points; // (rows, 2)
    private final float[] labels; // (rows)

    private PlaneData(int classes, int rows) {
        this.classes = classes;
        this.points = new float[2 * rows];
        this.labels = new float[rows];
    }

    /** The curve on which the points of a class lie. */
    private interface Curve {
        /** @param i index among the n points of the class */
        double[] at(int label, int i, int n);
    }

    private static PlaneData of(int classes, int rows, double noise, RandomKey key, Curve curve) {
        PlaneData data = new PlaneData(classes, rows);
        SplitMix64 random = key.generator();
        for (int label = 0, row = 0; label < classes; label++) {
            int n = (rows + label) / classes; // as even as possible; the last classes get the remainder
            for (int i = 0; i < n; i++, row++) {
                double[] at = curve.at(label, i, n);
                data.points[2 * row] = (float) (at[0] + noise * random.nextGaussian());
                data.points[2 * row + 1] = (float) (at[1] + noise * random.nextGaussian());
                data.labels[row] = label;
            }
        }
        return data;
    }

    /** Two interleaved half circles: {@code (cos πs, sin πs)} and {@code (1 - cos πs, ½ - sin πs)}, s in [0, 1]. */
    static PlaneData moons(int rows, double noise, RandomKey key) {
        return of(2, rows, noise, key, (label, i, n) -> {
            double angle = Math.PI * i / (n - 1);
            double x = StrictMath.cos(angle);
            double y = StrictMath.sin(angle);
            return label == 0 ? new double[] {x, y} : new double[] {1 - x, 0.5 - y};
        });
    }

    /**
     * One circle inside another: {@code r·(cos 2πs, sin 2πs)} with s in [0, 1), and r 1 for class 0, {@code inner} for
     * class 1.
     */
    static PlaneData circles(int rows, double inner, double noise, RandomKey key) {
        return of(2, rows, noise, key, (label, i, n) -> {
            double angle = 2 * Math.PI * i / n;
            double radius = label == 0 ? 1 : inner;
            return new double[] {radius * StrictMath.cos(angle), radius * StrictMath.sin(angle)};
        });
    }

    /**
     * Spiral arms from a common centre: {@code s·(cos φ, sin φ)} with {@code φ = 2π·(turns·s + c/arms)} for class c, s
     * in (0, 1]. After the two spirals of Lang and Witbrock, Learning to tell two spirals apart, 1988.
     */
    static PlaneData spirals(int arms, int rows, double turns, double noise, RandomKey key) {
        return of(arms, rows, noise, key, (label, i, n) -> {
            double s = (i + 1.0) / n;
            double angle = 2 * Math.PI * (turns * s + (double) label / arms);
            return new double[] {s * StrictMath.cos(angle), s * StrictMath.sin(angle)};
        });
    }

    int classes() {
        return classes;
    }

    int rows() {
        return labels.length;
    }

    /** (rows, 2); borrowed. */
    float[] points() {
        return points;
    }

    /** (rows): class indices; borrowed. */
    float[] labels() {
        return labels;
    }

    /** All points as one batch. */
    Batch batch() {
        return new Batch(Rows.dense(rows(), 2, points, 0), labels, 0, null, 0);
    }
}
