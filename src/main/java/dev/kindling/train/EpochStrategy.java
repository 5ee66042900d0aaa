package dev.kindling.train;

import dev.kindling.checkpoint.TrainState;

/** How an epoch moves the parameters. */
interface EpochStrategy {

    /**
     * Moves {@code state} through an epoch, or through the rest of it.
     *
     * @param pause called after each step that leaves the state whole
     */
    Progress epoch(TrainState state, Runnable pause);

    /**
     * What an epoch came to, apart from what the state holds.
     *
     * @param steps sums over the shards that computed a gradient or a loss to move by, in the whole epoch
     * @param timed those of them that this call took: fewer, where the run was resumed in the middle of the epoch
     * @param converged whether there is nothing left to do
     */
    record Progress(long steps, long timed, boolean converged) {}
}
