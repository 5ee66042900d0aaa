package dev.kindling.train;

import dev.kindling.checkpoint.TrainState;

/** Training diverged: the loss or the gradient became infinite or NaN. */
public final class DivergenceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DivergenceException(String message) {
        super(message);
    }

    static void requireFinite(double loss, TrainState state, double rate) {
        requireFinite("loss", loss, state, rate);
    }

    static void requireFinite(String what, double value, TrainState state, double rate) {
        if (!Double.isFinite(value)) {
            throw new DivergenceException("training diverged: the " + what + " is " + value + " at step "
                    + (state.step + 1)
                    + " (epoch " + (state.epoch + 1) + ", learning rate " + rate
                    + (state.largestNorm > 0 ? ", largest gradient norm before " + (float) state.largestNorm : "")
                    + "); use a lower learning rate, standardized features or gradient clipping");
        }
    }

    /** The same exception, with the checkpoint that holds the last good weights. */
    DivergenceException keptIn(String checkpoint) {
        return checkpoint.isEmpty()
                ? this
                : new DivergenceException(getMessage() + "; the last good weights are in " + checkpoint);
    }
}
