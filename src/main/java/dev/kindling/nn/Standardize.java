package dev.kindling.nn;

import dev.kindling.linalg.Kernels;
import dev.kindling.linalg.SplitMix64;
import java.util.List;

/**
 * {@code out = (in - mean)/deviation} for each column, as a network's first layer or behind {@link Embed}, so that the model
 * takes raw features. Means and standard deviations are measured over the training rows before the first step and are not
 * trained. They equal those of scikit-learn's {@code StandardScaler} (population deviation; a constant column is only
 * centred), but a column whose values are all 0 or 1, such as a category's, stays as it is: mean 0, deviation 1. The output
 * is dense even for sparse rows.
 */
public record Standardize() implements Layer {

    @Override
    public List<Block> blocks(int inputs) {
        return List.of(
                new Block("mean", Block.Role.STATISTIC, 0, 1, inputs),
                new Block("deviation", Block.Role.STATISTIC, inputs, 1, inputs));
    }

    @Override
    public void initialize(int inputs, Nonlinearity following, SplitMix64 random, float[] parameters, int offset) {
        Kernels.fill(inputs, 1f, parameters, offset + inputs);
    }

    @Override
    public void forward(Frame frame) {
        int n = frame.inputs;
        float[] in = frame.in.values();
        int mean = frame.offset;
        int deviation = frame.offset + n;
        for (int row = 0; row < frame.rows(); row++) {
            for (int j = 0; j < n; j++) {
                frame.out[row * n + j] =
                        (in[row * n + j] - frame.parameters[mean + j]) / frame.parameters[deviation + j];
            }
        }
    }

    @Override
    public float[] backward(Frame frame, float[] delta, float[] spare, float[] gradient) {
        if (!frame.first) { // embed is below
            int n = frame.inputs;
            for (int i = 0; i < frame.rows() * n; i++) {
                delta[i] /= frame.parameters[frame.offset + n + i % n];
            }
        }
        return delta;
    }
}
