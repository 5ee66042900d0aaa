package dev.kindling.train;

import dev.kindling.checkpoint.TrainState;

/** How an epoch moves the parameters. */
interface EpochStrategy {

    /**
     * Moves {@code state} through an epoch, or what is left of it.
     *
     * @param pause called after each step that leaves the state whole
     */
    Progress epoch(TrainState state, Runnable pause);

    /**
     * What an epoch came to, beside what the state holds: the sums over its rows as they were trained on, and the last step's
     * learning rate and gradient.
     *
     * @param steps Spark jobs that computed a gradient or a loss to move by
     * @param converged whether there is nothing left to do
     */
    record Progress(long steps, boolean converged) {}
}
