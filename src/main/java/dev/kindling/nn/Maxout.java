package dev.kindling.nn;

import dev.kindling.linalg.Kernels;
import dev.kindling.linalg.Require;

/**
 * The maximum of each group of {@code pieces} neighbouring inputs: {@code dense(512) maxout(2)} has 256 units of two
 * linear pieces each. Goodfellow et al., <a href="https://arxiv.org/abs/1302.4389">Maxout Networks</a>, ICML 2013,
 * section 3. There the dense layer is part of maxout; here they are separate, so other layers may stand between. On a
 * tie the gradient goes to the first maximum.
 *
 * @param pieces at least 2; must divide the width of the input
 */
public record Maxout(int pieces) implements Nonlinearity {

    public Maxout {
        Require.that(pieces >= 2, "the pieces of maxout must be at least 2, but are " + pieces);
    }

    @Override
    public int outputs(int inputs) {
        Require.that(
                inputs % pieces == 0,
                "maxout(" + pieces + ") needs a multiple of " + pieces + " inputs, but has " + inputs);
        return inputs / pieces;
    }

    /**
     * {@code 1/√E[m²]}, where m is the maximum of {@code pieces} independent standard normal values: the gain that
     * keeps the second moment. It is 1 for two pieces.
     */
    @Override
    public double gain() {
        // E[m²] = ∫ x²·k·φ(x)·Φ(x)^(k-1) dx, by the trapezoid rule, with Φ summed alongside
        double step = 1.0 / 256;
        double below = 0;
        double previous = density(-9);
        double moment = 0;
        for (double x = -9 + step; x <= 9; x += step) {
            double here = density(x);
            below += step * (previous + here) / 2;
            moment += step * x * x * pieces * here * StrictMath.pow(below, pieces - 1);
            previous = here;
        }
        return 1 / Math.sqrt(moment);
    }

    private static double density(double x) {
        return StrictMath.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    }

    @Override
    public void forward(Frame frame) {
        float[] in = frame.in.values();
        for (int i = 0; i < frame.rows() * frame.outputs; i++) {
            float largest = in[i * pieces];
            for (int p = i * pieces + 1; p < (i + 1) * pieces; p++) {
                largest = Math.max(largest, in[p]); // unlike a comparison, max keeps a NaN and does not branch
            }
            frame.out[i] = largest;
        }
    }

    @Override
    public float[] backward(Frame frame, float[] delta, float[] spare, float[] gradient) {
        if (frame.first) {
            return delta;
        }
        float[] in = frame.in.values();
        Kernels.fill(frame.rows() * frame.inputs, 0f, spare, 0);
        for (int i = 0; i < frame.rows() * frame.outputs; i++) {
            spare[largest(in, i * pieces)] = delta[i];
        }
        return spare;
    }

    /** The index of the maximum of the group of values that starts at {@code from}. */
    private int largest(float[] values, int from) {
        int largest = from;
        for (int i = from + 1; i < from + pieces; i++) {
            if (values[i] > values[largest]) {
                largest = i;
            }
        }
        return largest;
    }
}
