package dev.kindling.nn;

import dev.kindling.linalg.Kernels;
import dev.kindling.linalg.SplitMix64;
import java.util.Arrays;
import java.util.List;

/**
 * {@code out = in · s} with a trained factor s for each input, 1 at first: a soft selection of features. Holzmüller, Grinsztajn,
 * Steinwart, <a href="https://arxiv.org/abs/2407.04491">Better by default</a>, NeurIPS 2024, section 4. Factors have the role
 * GAIN, so no penalty acts on them.
 */
public record Scale() implements Layer {

    @Override
    public List<Block> blocks(int inputs) {
        return List.of(new Block("factor", Block.Role.GAIN, 0, 1, inputs));
    }

    @Override
    public void initialize(int inputs, Nonlinearity following, SplitMix64 random, float[] parameters, int offset) {
        Kernels.fill(inputs, 1f, parameters, offset);
    }

    @Override
    public int scratch(int inputs, int capacity) {
        return inputs; // the factors' gradient: many terms in a sum
    }

    @Override
    public void forward(Frame frame) {
        int n = frame.inputs;
        float[] in = frame.in.values();
        for (int row = 0; row < frame.rows(); row++) {
            for (int j = 0; j < n; j++) {
                frame.out[row * n + j] = in[row * n + j] * frame.parameters[frame.offset + j];
            }
        }
    }

    @Override
    public float[] backward(Frame frame, float[] delta, float[] spare, float[] gradient) {
        int n = frame.inputs;
        float[] in = frame.in.values();
        double[] sums = frame.scratch;
        Arrays.fill(sums, 0);
        for (int row = 0; row < frame.rows(); row++) {
            for (int j = 0; j < n; j++) {
                int i = row * n + j;
                sums[j] += (double) delta[i] * in[i];
                delta[i] *= frame.parameters[frame.offset + j];
            }
        }
        for (int j = 0; j < n; j++) {
            gradient[frame.offset + j] += (float) sums[j];
        }
        return delta;
    }
}
