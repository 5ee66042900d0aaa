package dev.kindling.nn;

import dev.kindling.linalg.Kernels;
import dev.kindling.linalg.Require;
import dev.kindling.linalg.SplitMix64;
import dev.kindling.loss.Batch;
import java.util.Arrays;
import java.util.List;

/**
 * Batch normalisation of each column: {@code out = γ·(in - mean)/√(variance + ε) + β}. Ioffe and Szegedy,
 * <a href="https://arxiv.org/abs/1502.03167">Batch Normalization</a>, ICML 2015, algorithm 1. In training, mean and
 * (biased) variance are those of one shard's rows in the step, as in PyTorch's data-parallel training. At inference
 * they are moving averages: {@code average ← (1 - momentum)·average + momentum·value}. The value is the mean over
 * shards, weighted by their rows' weight; for the variance it is the unbiased estimate, as in PyTorch (if their
 * total weight is at least 2).
 *
 * <p>This is the only layer for which the number of shards changes the mathematics, not just the rounding; use
 * {@link LayerNorm} where that matters. Rows count by their weight: a row of weight 2 counts as two rows, and a row of
 * weight 0 as none. PyTorch has no weights.
 *
 * @param momentum the weight of a new value in the moving average, in (0, 1]; Keras' momentum is 1 minus this
 * @param epsilon ε, positive
 */
public record BatchNorm(double momentum, double epsilon) implements Layer {

    public BatchNorm {
        Require.that(
                momentum > 0 && momentum <= 1,
                "the momentum of batchNorm must be above 0 and at most 1, but is " + momentum);
        Require.positive((float) epsilon, "the epsilon of batchNorm, as a float32,");
    }

    public BatchNorm() {
        this(0.1, 1e-5);
    }

    @Override
    public List<Block> blocks(int inputs) {
        return List.of(
                new Block("gain", Block.Role.GAIN, 0, 1, inputs),
                new Block("bias", Block.Role.BIAS, inputs, 1, inputs),
                new Block("mean", Block.Role.STATISTIC, 2 * inputs, 1, inputs),
                new Block("variance", Block.Role.STATISTIC, 3 * inputs, 1, inputs));
    }

    @Override
    public void initialize(int inputs, Nonlinearity following, SplitMix64 random, float[] parameters, int offset) {
        Kernels.fill(inputs, 1f, parameters, offset);
        Kernels.fill(inputs, 1f, parameters, offset + 3 * inputs);
    }

    @Override
    public int scratch(int inputs, int capacity) {
        return 4 * inputs; // mean, 1/√(variance + ε), and two sums
    }

    @Override
    public void forward(Frame frame) {
        int n = frame.inputs;
        float[] parameters = frame.parameters;
        double[] scratch = frame.scratch;
        if (frame.batch == null || !(frame.batch.weight() > 0)) {
            for (int j = 0; j < n; j++) {
                scratch[j] = parameters[frame.offset + 2 * n + j];
                // rounding of the moving average may leave a variance slightly below 0
                double variance = Math.max(parameters[frame.offset + 3 * n + j], 0f);
                scratch[n + j] = 1 / Math.sqrt(variance + epsilon);
            }
        } else {
            measure(frame, frame.batch);
        }
        float[] in = frame.in.values();
        float[] out = frame.out;
        for (int row = 0; row < frame.rows(); row++) {
            int from = row * n;
            for (int j = 0; j < n; j++) {
                float standard = (float) ((in[from + j] - scratch[j]) * scratch[n + j]);
                out[from + j] = parameters[frame.offset + j] * standard + parameters[frame.offset + n + j];
            }
        }
    }

    /** Writes the columns' means and 1/√(variance + ε) into the scratch, and the variances into its third part. */
    private void measure(Frame frame, Batch batch) {
        int n = frame.inputs;
        float[] in = frame.in.values();
        double[] scratch = frame.scratch;
        double total = batch.weight();
        Arrays.fill(scratch, 0);
        for (int row = 0; row < frame.rows(); row++) {
            double weight = batch.weight(row) / total;
            for (int j = 0; j < n; j++) {
                scratch[j] += weight * in[row * n + j];
            }
        }
        for (int row = 0; row < frame.rows(); row++) {
            double weight = batch.weight(row) / total;
            for (int j = 0; j < n; j++) {
                double distance = in[row * n + j] - scratch[j];
                scratch[2 * n + j] += weight * distance * distance;
            }
        }
        for (int j = 0; j < n; j++) {
            scratch[n + j] = 1 / Math.sqrt(scratch[2 * n + j] + epsilon);
        }
    }

    @Override
    public float[] backward(Frame frame, float[] delta, float[] spare, float[] gradient) {
        Batch batch = frame.batch;
        if (batch == null || !(batch.weight() > 0)) {
            return delta; // all rows have weight 0, so their gradient is 0
        }
        int n = frame.inputs;
        double total = batch.weight();
        addStatistics(frame, total, gradient);
        float[] in = frame.in.values();
        double[] scratch = frame.scratch;
        int sums = 2 * n; // Σ δ, then Σ δ·x̂
        Arrays.fill(scratch, sums, 4 * n, 0);
        for (int row = 0; row < frame.rows(); row++) {
            for (int j = 0; j < n; j++) {
                double d = delta[row * n + j];
                scratch[sums + j] += d;
                scratch[sums + n + j] += d * (in[row * n + j] - scratch[j]) * scratch[n + j];
            }
        }
        for (int j = 0; j < n; j++) {
            gradient[frame.offset + j] += (float) scratch[sums + n + j];
            gradient[frame.offset + n + j] += (float) scratch[sums + j];
        }
        if (frame.first) {
            return delta;
        }
        for (int row = 0; row < frame.rows(); row++) {
            double share = batch.weight(row) / total;
            for (int j = 0; j < n; j++) {
                double standard = (in[row * n + j] - scratch[j]) * scratch[n + j];
                double centred = delta[row * n + j] - share * (scratch[sums + j] + standard * scratch[sums + n + j]);
                delta[row * n + j] = (float) (frame.parameters[frame.offset + j] * scratch[n + j] * centred);
            }
        }
        return delta;
    }

    /** Adds the change of the moving averages, in the place of a gradient of {@link Block.Role#STATISTIC}. */
    private void addStatistics(Frame frame, double total, float[] gradient) {
        int n = frame.inputs;
        int mean = frame.offset + 2 * n;
        int variance = frame.offset + 3 * n;
        // with a weight below 2 there is no unbiased estimate: just above 1 the factor would be huge
        double unbiased = total >= 2 ? total / (total - 1) : 1;
        for (int j = 0; j < n; j++) {
            double newMean = frame.scratch[j];
            double newVariance = unbiased * frame.scratch[2 * n + j];
            gradient[mean + j] += (float) (total * momentum * (frame.parameters[mean + j] - newMean));
            gradient[variance + j] += (float) (total * momentum * (frame.parameters[variance + j] - newVariance));
        }
    }
}
