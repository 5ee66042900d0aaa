package dev.kindling.train;

import dev.kindling.checkpoint.TrainState;
import dev.kindling.engine.GradientSum;

/** How one step, or one round of local steps, moves the parameters. */
interface StepStrategy {

    /**
     * Moves the parameters and the optimizer's state. {@link SteppedEpoch} does the counting.
     *
     * @param steps in the epoch
     */
    Taken step(TrainState state, int steps);

    /** How many sums over the shards one step takes, each of which an epoch reports as a step of its own. */
    default int sumsPerStep() {
        return 1;
    }

    /**
     * What was taken.
     *
     * @param sum over the rows of the steps
     * @param rate the last step's learning rate
     * @param norm of the last step's gradient, before clipping; NaN where there is no gradient
     * @param steps how many
     */
    record Taken(GradientSum sum, double rate, double norm, int steps) {}
}
