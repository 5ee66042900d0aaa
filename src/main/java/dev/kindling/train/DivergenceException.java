package dev.kindling.train;

/** Training left the numbers behind: the loss became infinite or NaN. */
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
                    + "); use a lower learning rate, standardized features or gradient clipping");
        }
    }
}
