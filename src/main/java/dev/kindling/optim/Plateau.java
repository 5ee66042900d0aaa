package dev.kindling.optim;

import dev.kindling.linalg.Require;
import java.io.Serializable;

/**
 * Lowers the learning rate when the monitored figure stops improving. This is the one part of the learning rate that
 * depends on losses, and therefore on state. Smaller is better: of a metric for which larger is, it sees the negative.
 */
public sealed interface Plateau extends Serializable {

    /** The state between epochs. */
    final class State {
        /** The factor of the learning rate. */
        public double factor = 1;

        /** The lowest so far. */
        public double best = Double.POSITIVE_INFINITY;

        /** The number of epochs since the lowest. */
        public int epochs;

        /** The number of epochs left in the cooldown, during which epochs are not counted. */
        public int cooldown;
    }

    /**
     * Records an epoch.
     *
     * @param figure its loss, or another figure of which smaller is better
     * @param state modified
     */
    void observe(double figure, State state);

    /** Does not change the learning rate. */
    record None() implements Plateau {
        @Override
        public void observe(double figure, State state) {}
    }

    /**
     * Multiplies the rate by {@code factor} after more than {@code patience} epochs without a loss below
     * {@code best - threshold·|best|}; then waits {@code cooldown} epochs before it counts again. This is PyTorch's
     * ReduceLROnPlateau with its defaults, in relative mode and without its eps: a reduction is applied however small
     * it is. A metric's negative gives what its mode {@code max} gives for the metric; a loss below 0 must fall, where its
     * mode {@code min} takes one that rises a little for better.
     *
     * @param floor the smallest factor of the learning rate
     */
    record Reduce(double factor, int patience, double threshold, int cooldown, double floor) implements Plateau {
        public Reduce {
            Require.that(factor > 0 && factor < 1, "the factor of reduce must be between 0 and 1, but is " + factor);
            Require.nonNegative(patience, "the patience of reduce");
            Require.inRange(threshold, 0, 1, "the threshold of reduce");
            Require.nonNegative(cooldown, "the cooldown of reduce");
            Require.inRange(floor, 0, 1, "the floor of reduce, a factor of the learning rate,");
        }

        public Reduce() {
            this(0.1, 10, 1e-4, 0, 0);
        }

        @Override
        public void observe(double figure, State state) {
            // with a threshold of 1, infinity times 0 would be NaN, and no figure is below NaN
            double below = state.best == Double.POSITIVE_INFINITY
                    ? state.best
                    : state.best * (1 - Math.signum(state.best) * threshold);
            if (figure < below) {
                state.best = figure;
                state.epochs = 0;
            } else {
                state.epochs++;
            }
            if (state.cooldown > 0) {
                state.cooldown--;
                state.epochs = 0;
            }
            if (state.epochs > patience) {
                state.factor = Math.max(state.factor * factor, floor);
                state.cooldown = cooldown;
                state.epochs = 0;
            }
        }
    }
}
