package dev.kindling.nn;

import dev.kindling.linalg.RandomKey;
import dev.kindling.linalg.Require;
import dev.kindling.linalg.SplitMix64;

/**
 * Inverted dropout: in training, each value is set to zero with probability {@code rate}, and the others are divided by
 * {@code 1 - rate}; at inference, values pass unchanged. The mask is drawn from the pass's key, so the backward pass and
 * a repeated task draw the same mask. Srivastava et al., <a
 * href="https://jmlr.org/papers/v15/srivastava14a.html">Dropout</a>, JMLR 2014 (there the scaling is at inference).
 */
public record Dropout(double rate) implements Layer {

    public Dropout {
        Require.fraction((float) rate, "the dropout rate");
    }

    @Override
    public void forward(Frame frame) {
        int n = frame.in.rows() * frame.inputs;
        System.arraycopy(frame.in.values(), 0, frame.out, 0, n);
        if (frame.key != null) {
            mask(frame.key, rate * frame.dropout, n, frame.out);
        }
    }

    @Override
    public float[] backward(Frame frame, float[] delta, float[] spare, float[] gradient) {
        if (frame.key != null) {
            mask(frame.key, rate * frame.dropout, frame.in.rows() * frame.inputs, delta);
        }
        return delta;
    }

    private static void mask(RandomKey key, double rate, int n, float[] values) {
        SplitMix64 random = key.generator();
        float kept = (float) (1 / (1 - rate));
        float threshold = (float) rate;
        for (int i = 0; i < n; i++) {
            values[i] = random.nextFloat() < threshold ? 0f : values[i] * kept;
        }
    }
}
