package dev.kindling.train.scale;

/**
 * Predictions for executors that share the cores of one machine, as those of a benchmark do, where the planner takes each to
 * have as much of a core as those that it measured: computing takes longer as there are more executors for a core.
 */
public final class SharedCores {
    private SharedCores() {}

    /**
     * What is predicted.
     *
     * @param epoch seconds
     * @param spark milliseconds a step, of launching tasks and moving bytes
     * @param compute of the executors, milliseconds a step
     * @param driver of its own work, milliseconds a step
     */
    public record Parts(double epoch, double spark, double compute, double driver) {}

    /**
     * A prediction.
     *
     * @param planned executors that were planned from
     * @param cores of the machine, as many as it computes like
     */
    public static Parts of(ScalePlan plan, int planned, int executors, int localSteps, double cores) {
        ScaleModel model = plan.model();
        double slower = Math.max(1, executors * model.cores() / cores) / Math.max(1, planned * model.cores() / cores);
        Compute own = model.compute();
        Compute shared = new Compute(
                own.step() * slower, own.row() * slower, own.warm(), own.local() * slower, own.update(), own.pass());
        Prediction round =
                new ScaleModel(model.wire(), shared, model.run(), model.cores()).of(executors, localSteps);
        double each = 1e3 / localSteps;
        return new Parts(
                round.epoch(),
                each * (round.schedule() + round.sent() + round.returned()),
                each * round.compute(),
                each * round.driver());
    }
}
