package dev.kindling.train;

import dev.kindling.checkpoint.TrainState;
import dev.kindling.engine.ShardWork;

/** An epoch of steps over batches. It may begin in the middle, where a run was resumed. */
final class SteppedEpoch implements EpochStrategy {
    private final ShardWork work;
    private final StepStrategy strategy;
    private final int steps;

    /** @param steps in a whole epoch */
    SteppedEpoch(ShardWork work, StepStrategy strategy, int steps) {
        this.work = work;
        this.strategy = strategy;
        this.steps = steps;
    }

    @Override
    public Progress epoch(TrainState state, Runnable pause) {
        int before = state.taken;
        while (state.taken < steps) {
            StepStrategy.Taken taken = strategy.step(state, steps);
            state.step(taken.sum(), taken.rate(), taken.norm());
            state.step += taken.steps();
            state.taken += taken.steps();
            work.free(taken.sum());
            work.meter().updated();
            pause.run();
        }
        long sums = strategy.sumsPerStep();
        return new Progress(sums * steps, sums * (steps - before), false);
    }
}
