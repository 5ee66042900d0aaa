package dev.kindling.optim;

import dev.kindling.linalg.Require;
import java.io.Serializable;

/**
 * What lowers the learning rate once the monitored loss stays where it is: the one part of its course that depends on
 * losses, and so on state.
 */
public sealed interface Plateau extends Serializable {

    /** What it remembers between epochs. */
    final class State {
        /** Of the learning rate. */
        public double factor = 1;

        /** The least loss so far. */
        public double best = Double.POSITIVE_INFINITY;

        /** Epochs since then. */
        public int epochs;

        /** Epochs that are left in which no more counts. */
        public int cooldown;
    }

    /**
     * Takes in an epoch's loss.
     *
     * @param state modified
     */
    void observe(double loss, State state);

    /** Leaves the rate to the schedule. */
    record None() implements Plateau {
        @Override
        public void observe(double loss, State state) {}
    }

    /**
     * Multiplies the rate by {@code factor} once the loss was not below {@code best·(1 - threshold)} for more than {@code
     * patience} epochs; then waits {@code cooldown} epochs before it counts again. PyTorch's ReduceLROnPlateau, whose
     * defaults these are, in its relative mode and without its eps: a factor is lowered however little that changes it.
     *
     * @param floor below which the factor of the learning rate does not go
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
        public void observe(double loss, State state) {
            // infinity times a threshold's 0 would be NaN, and so would a NaN taken for the best be, for good
            double below = state.best == Double.POSITIVE_INFINITY ? state.best : state.best * (1 - threshold);
            if (loss < below) {
                state.best = loss;
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
