package dev.kindling.train;

/** How an epoch moves the parameters. */
interface Descent {

    /**
     * Moves {@code state} through an epoch, or what is left of it.
     *
     * @param pause called after each step that leaves the state whole
     */
    Progress epoch(TrainState state, Runnable pause);

    /**
     * What an epoch came to.
     *
     * @param sums over the rows as they were trained on
     * @param learningRate of the last step
     * @param gradientNorm of the last step
     * @param steps Spark jobs that computed a gradient or a loss to move by
     * @param converged whether there is nothing left to do
     */
    record Progress(GradientSum sums, double learningRate, double gradientNorm, long steps, boolean converged) {}
}
