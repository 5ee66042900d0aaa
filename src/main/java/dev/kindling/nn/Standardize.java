package dev.kindling.nn;

import dev.kindling.linalg.Kernels;
import dev.kindling.linalg.SplitMix64;
import java.util.List;

/**
 * {@code out = (in - mean)/deviation}, column by column, as a network's first layer, so that the model takes raw
 * features. Means and standard deviations are those of the training rows, measured before the first step and not
 * trained; scikit-learn's {@code StandardScaler} has the same (population deviation; a constant column is only
 * centred). Sparse rows become dense behind it.
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
        return delta; // it stands first, so that nothing below needs a gradient
    }
}
