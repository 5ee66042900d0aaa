package dev.kindling.nn;

import dev.kindling.linalg.Kernels;
import dev.kindling.linalg.Require;
import dev.kindling.linalg.SplitMix64;
import java.util.List;

/**
 * Layer normalisation: {@code out = γ·(in - mean)/√(variance + ε) + β}, with the mean and (biased) variance of each row
 * over its columns. Ba et al., <a href="https://arxiv.org/abs/1607.06450">Layer Normalization</a>, 2016, equation 4. A
 * row's output depends on that row only, both in training and at inference.
 *
 * @param epsilon ε, positive
 */
public record LayerNorm(double epsilon) implements Layer {

    public LayerNorm {
        Require.positive((float) epsilon, "the epsilon of layerNorm, as a float32,");
    }

    public LayerNorm() {
        this(1e-5);
    }

    @Override
    public List<Block> blocks(int inputs) {
        return List.of(
                new Block("gain", Block.Role.GAIN, 0, 1, inputs),
                new Block("bias", Block.Role.BIAS, inputs, 1, inputs));
    }

    @Override
    public void initialize(int inputs, Nonlinearity following, SplitMix64 random, float[] parameters, int offset) {
        Kernels.fill(inputs, 1f, parameters, offset);
    }

    @Override
    public int scratch(int inputs, int capacity) {
        return 2 * capacity; // each row's mean and 1/√(variance + ε)
    }

    @Override
    public void forward(Frame frame) {
        int n = frame.inputs;
        float[] in = frame.in.values();
        float[] out = frame.out;
        for (int row = 0; row < frame.rows(); row++) {
            int from = row * n;
            double sum = 0;
            for (int i = from; i < from + n; i++) {
                sum += in[i];
            }
            double mean = sum / n;
            double squares = 0;
            for (int i = from; i < from + n; i++) {
                squares += (in[i] - mean) * (in[i] - mean);
            }
            double scale = 1 / Math.sqrt(squares / n + epsilon);
            frame.scratch[2 * row] = mean;
            frame.scratch[2 * row + 1] = scale;
            for (int j = 0; j < n; j++) {
                float standard = (float) ((in[from + j] - mean) * scale);
                out[from + j] = frame.parameters[frame.offset + j] * standard + frame.parameters[frame.offset + n + j];
            }
        }
    }

    @Override
    public float[] backward(Frame frame, float[] delta, float[] spare, float[] gradient) {
        int n = frame.inputs;
        float[] in = frame.in.values();
        int gain = frame.offset;
        for (int row = 0; row < frame.rows(); row++) {
            int from = row * n;
            double mean = frame.scratch[2 * row];
            double scale = frame.scratch[2 * row + 1];
            double sum = 0;
            double product = 0;
            for (int j = 0; j < n; j++) {
                double standard = (in[from + j] - mean) * scale;
                float d = delta[from + j];
                gradient[gain + j] += (float) (d * standard);
                gradient[gain + n + j] += d;
                double scaled = (double) d * frame.parameters[gain + j];
                sum += scaled;
                product += scaled * standard;
            }
            if (frame.first) {
                continue;
            }
            for (int j = 0; j < n; j++) {
                double standard = (in[from + j] - mean) * scale;
                double scaled = (double) delta[from + j] * frame.parameters[gain + j];
                delta[from + j] = (float) (scale * (scaled - (sum + standard * product) / n));
            }
        }
        return delta;
    }
}
