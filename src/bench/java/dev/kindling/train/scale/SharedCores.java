package dev.kindling.train.scale;

/**
 * Predictions for executors that share the cores of one machine, as those of a benchmark do, where the planner takes each to
 * have cores of its own: computing takes as many times longer as there are executors for a core.
 */
public final class SharedCores {
    private SharedCores() {}

    /** @param cores of the machine */
    public static double secondsPerEpoch(ScalePlan plan, int executors, int localSteps, int cores) {
        ScaleModel model = plan.model();
        double slower = Math.max(1, (double) executors * model.cores() / cores);
        Compute own = model.compute();
        Compute shared = new Compute(
                own.step() * slower, own.row() * slower, own.warm(), own.local() * slower, own.update(), own.pass());
        return new ScaleModel(model.wire(), shared, model.run(), model.cores())
                .of(executors, localSteps)
                .epoch();
    }
}
