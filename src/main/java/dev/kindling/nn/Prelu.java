package dev.kindling.nn;

import dev.kindling.linalg.Kernels;
import dev.kindling.linalg.Require;
import dev.kindling.linalg.SplitMix64;
import java.util.Arrays;
import java.util.List;

/**
 * {@code f(x) = x} for x &gt; 0, else {@code a·x}, with a learned slope {@code a}. He et al.,
 * <a href="https://arxiv.org/abs/1502.01852">Delving deep into rectifiers</a>, ICCV 2015, equation 1. Slopes have the
 * role GAIN, so no penalty acts on them.
 *
 * @param slope the initial value of every slope, in [0, 1]
 * @param shared whether all units share one slope (PyTorch's default) or have one each (Keras' default, and the default
 *     here)
 */
public record Prelu(double slope, boolean shared) implements Nonlinearity {

    public Prelu {
        Require.inRange(slope, 0, 1, "the slope of prelu");
    }

    public Prelu() {
        this(0.25, false);
    }

    @Override
    public double gain() {
        return Math.sqrt(2 / (1 + slope * slope));
    }

    @Override
    public List<Block> blocks(int inputs) {
        return List.of(new Block("slope", Block.Role.GAIN, 0, 1, slopes(inputs)));
    }

    private int slopes(int inputs) {
        return shared ? 1 : inputs;
    }

    @Override
    public void initialize(int inputs, Nonlinearity following, SplitMix64 random, float[] parameters, int offset) {
        Kernels.fill(slopes(inputs), (float) slope, parameters, offset);
    }

    @Override
    public int scratch(int inputs, int capacity) {
        return slopes(inputs); // the slopes' gradient: a shared slope sums too many terms for a float
    }

    @Override
    public void forward(Frame frame) {
        int n = frame.inputs;
        int stride = shared ? 0 : 1;
        float[] in = frame.in.values();
        for (int row = 0; row < frame.rows(); row++) {
            for (int j = 0; j < n; j++) {
                float x = in[row * n + j];
                // max and min do not branch, and keep a NaN
                frame.out[row * n + j] =
                        Math.max(x, 0f) + frame.parameters[frame.offset + stride * j] * Math.min(x, 0f);
            }
        }
    }

    @Override
    public float[] backward(Frame frame, float[] delta, float[] spare, float[] gradient) {
        int n = frame.inputs;
        int stride = shared ? 0 : 1;
        float[] in = frame.in.values();
        double[] sums = frame.scratch;
        Arrays.fill(sums, 0);
        for (int row = 0; row < frame.rows(); row++) {
            for (int j = 0; j < n; j++) {
                float x = in[row * n + j];
                float d = delta[row * n + j];
                sums[stride * j] += (double) d * Math.min(x, 0f);
                delta[row * n + j] = x > 0f ? d : d * frame.parameters[frame.offset + stride * j];
            }
        }
        for (int i = 0; i < sums.length; i++) {
            gradient[frame.offset + i] += (float) sums[i];
        }
        return delta;
    }
}
