package dev.kindling.teach;

import java.util.List;
import java.util.function.DoubleBinaryOperator;

/**
 * A height over the plane, which optimizers minimise as they minimise a loss.
 *
 * @param formula of the height
 * @param start the first point: x and y
 * @param steps the number of steps that each optimizer takes
 * @param left edge of the part that is shown
 * @param bottom edge of the part that is shown
 * @param side its width; its height is three quarters of that
 * @param slopeX the derivative of the height by x
 * @param slopeY the derivative of the height by y
 */
record Surface(
        String name,
        String formula,
        List<Float> start,
        int steps,
        double left,
        double bottom,
        double side,
        DoubleBinaryOperator height,
        DoubleBinaryOperator slopeX,
        DoubleBinaryOperator slopeY) {

    private static final int COLUMNS = 128;
    private static final int LINES = COLUMNS * 3 / 4;

    /** Flat in the middle, where y leads down to either of two minima, (0, ±1), of height -¼. */
    private static final Surface SADDLE = new Surface(
            "saddle",
            "2x² − ½y² + ¼y⁴",
            List.of(-1.2f, 1e-3f),
            80,
            -2,
            -1.5,
            4,
            (x, y) -> 2 * x * x - y * y / 2 + y * y * y * y / 4,
            (x, y) -> 4 * x,
            (x, y) -> y * y * y - y);

    /** 36 times as curved across as along. */
    private static final Surface RAVINE = new Surface(
            "ravine",
            "½x² + 18y²",
            List.of(-2f, 0.8f),
            80,
            -2.4,
            -1.8,
            4.8,
            (x, y) -> x * x / 2 + 18 * y * y,
            (x, y) -> x,
            (x, y) -> 36 * y);

    /**
     * A ravine with a bend, with its minimum at (1, 1). Rosenbrock, <a href="https://doi.org/10.1093/comjnl/3.3.175">An
     * automatic method for finding the greatest or least value of a function</a>, 1960, with his starting point.
     */
    private static final Surface VALLEY = new Surface(
            "bent valley",
            "(1 − x)² + 100(y − x²)²",
            List.of(-1.2f, 1f),
            300,
            -2,
            -1,
            4,
            (x, y) -> (1 - x) * (1 - x) + 100 * (y - x * x) * (y - x * x),
            (x, y) -> 2 * (x - 1) - 400 * x * (y - x * x),
            (x, y) -> 200 * (y - x * x));

    static final List<Surface> ALL = List.of(SADDLE, RAVINE, VALLEY);

    double height(float[] at) {
        return height.applyAsDouble(at[0], at[1]);
    }

    /** @param gradient overwritten */
    void slope(float[] at, float[] gradient) {
        gradient[0] = (float) slopeX.applyAsDouble(at[0], at[1]);
        gradient[1] = (float) slopeY.applyAsDouble(at[0], at[1]);
    }

    int columns() {
        return COLUMNS;
    }

    int lines() {
        return LINES;
    }

    /**
     * The relief of the part that is shown: (lines, columns), the highest line first. A value is the cube root of the
     * height above the lowest point shown, scaled so that the highest is 255. Contours evenly spaced in it are dense at
     * the bottom, where paths end.
     */
    byte[] relief() {
        double[] heights = new double[LINES * COLUMNS];
        double least = Double.POSITIVE_INFINITY;
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < heights.length; i++) {
            double x = left + side * (i % COLUMNS + 0.5) / COLUMNS;
            double y = bottom + side * (LINES - i / COLUMNS - 0.5) / COLUMNS;
            heights[i] = height.applyAsDouble(x, y);
            least = Math.min(least, heights[i]);
            largest = Math.max(largest, heights[i]);
        }
        byte[] relief = new byte[heights.length];
        for (int i = 0; i < heights.length; i++) {
            relief[i] = (byte) Math.round(255 * StrictMath.cbrt((heights[i] - least) / (largest - least)));
        }
        return relief;
    }
}
