package dev.kindling.nn.embedding;

import java.util.Arrays;

/**
 * The piecewise-linear encoding of numbers. Each number has bins, and each bin an output: 0 for a number below it, 1 above
 * it, and the share of the bin within it. The first bin has no lower end and the last no upper one. A bin of width 0 is a
 * step. The edges are parameters (numbers, bins + 1).
 */
public record PiecewiseLinear(int numbers, int bins) {

    /** Edges that suit numbers of mean 0 and deviation 1, until those of rows are known. */
    public void initialize(float[] parameters, int offset) {
        for (int i = 0; i < numbers * (bins + 1); i++) {
            parameters[offset + i] = 4f * (i % (bins + 1)) / bins - 2;
        }
    }

    /**
     * Makes the edges the quantiles of some rows, with linear interpolation as NumPy's.
     *
     * @param places of the inputs, from {@link Runs#places}
     * @param in (rows, inputs), of at least one row
     * @param edges from {@code offset}; overwritten
     */
    public void measure(int[] places, int rows, float[] in, float[] edges, int offset) {
        int inputs = places.length / 2;
        float[] values = new float[rows];
        for (int i = 0; i < inputs; i++) {
            for (int row = 0; row < rows; row++) {
                values[row] = in[row * inputs + i];
            }
            if (places[2 * i + 1] >= 0) {
                measure(values, edges, offset + places[2 * i + 1] * (bins + 1));
            }
        }
    }

    private void measure(float[] values, float[] edges, int from) {
        Arrays.sort(values);
        for (int t = 0; t <= bins; t++) {
            double place = (double) (values.length - 1) * t / bins;
            int below = (int) place;
            int above = Math.min(below + 1, values.length - 1);
            edges[from + t] = (float) (values[below] + (place - below) * ((double) values[above] - values[below]));
        }
    }

    /**
     * Encodes rows.
     *
     * @param places of the inputs, from {@link Runs#places}
     * @param edges from {@code offset}
     * @param in (rows, inputs)
     * @param out (rows, outputs)
     */
    public void forward(int[] places, int rows, float[] edges, int offset, float[] in, float[] out) {
        int inputs = places.length / 2;
        int outputs = inputs + numbers * (bins - 1);
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < inputs; i++) {
                float x = in[row * inputs + i];
                int to = row * outputs + places[2 * i];
                int number = places[2 * i + 1];
                if (number < 0) {
                    out[to] = x;
                } else {
                    encode(x, edges, offset + number * (bins + 1), out, to);
                }
            }
        }
    }

    private void encode(float x, float[] edges, int from, float[] out, int to) {
        for (int t = 0; t < bins; t++) {
            float low = edges[from + t];
            float width = edges[from + t + 1] - low;
            float share = width > 0 ? (x - low) / width : x >= low ? 1 : 0;
            share = t > 0 ? Math.max(share, 0) : share;
            out[to + t] = t < bins - 1 ? Math.min(share, 1) : share;
        }
    }

    /** The gradient with respect to the inputs, as {@link #forward} is called. */
    public void backward(int[] places, int rows, float[] edges, int offset, float[] in, float[] delta, float[] below) {
        int inputs = places.length / 2;
        int outputs = inputs + numbers * (bins - 1);
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < inputs; i++) {
                int at = row * outputs + places[2 * i];
                int number = places[2 * i + 1];
                below[row * inputs + i] = number < 0
                        ? delta[at]
                        : slope(in[row * inputs + i], edges, offset + number * (bins + 1), delta, at);
            }
        }
    }

    private float slope(float x, float[] edges, int from, float[] delta, int at) {
        float sum = 0;
        for (int t = 0; t < bins; t++) {
            float low = edges[from + t];
            float high = edges[from + t + 1];
            boolean within = (t == 0 || x > low) && (t == bins - 1 || x < high);
            sum += within && high > low ? delta[at + t] / (high - low) : 0;
        }
        return sum;
    }
}
