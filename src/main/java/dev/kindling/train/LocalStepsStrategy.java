package dev.kindling.train;

import dev.kindling.checkpoint.TrainState;
import dev.kindling.engine.GradientSum;
import dev.kindling.engine.LocalSteps;
import dev.kindling.engine.ShardWork;
import dev.kindling.linalg.Kernels;
import dev.kindling.nn.Block;
import dev.kindling.optim.Horizon;
import dev.kindling.optim.OuterOptimizer;
import dev.kindling.optim.UpdateRule;
import java.util.List;

/**
 * Rounds of local steps. Each shard takes some steps by itself; then parameters and slots become the means over the
 * shards, weighted by their rows. A round never crosses the end of an epoch. Lin et al., <a
 * href="https://arxiv.org/abs/1808.07217">Don't use large mini-batches, use local SGD</a>, 2020.
 */
final class LocalStepsStrategy implements StepStrategy {
    private final ShardWork work;
    private final UpdateRule rule;
    private final List<Block> layout;
    private final Horizon horizon;
    private final TrainOptions options;
    private final OuterOptimizer outer;

    LocalStepsStrategy(ShardWork work, UpdateRule rule, List<Block> layout, Horizon horizon, TrainOptions options) {
        this.work = work;
        this.rule = rule;
        this.layout = layout;
        this.horizon = horizon;
        this.options = options;
        this.outer = options.outerOptimizer();
    }

    @Override
    public Taken step(TrainState state, int steps) {
        int from = state.taken;
        int to = (int) Math.min(steps, (long) from + options.localSteps());
        double factor = state.plateau.factor;
        LocalSteps request = new LocalSteps(rule, horizon, factor, state.step, state.epoch, from, to, steps);
        GradientSum round = work.sum(request, together(state));
        double rate = rule.rate(state.step + to - from - 1, horizon) * factor;
        double norm = state.gradientNorm;
        DivergenceException.requireFinite(round.loss, state, rate);
        if (round.weight > 0) {
            norm = round.norm / round.weight;
            DivergenceException.requireFinite("gradient's norm", norm, state, rate);
            end(round, state);
            state.average(Math.pow(options.emaDecay(), to - from));
        }
        return new Taken(round, rate, norm, to - from);
    }

    /** The parameters, then the slots. */
    private static float[] together(TrainState state) {
        int length = state.parameters.length;
        int slots = state.slots.names().size();
        float[] together = new float[Math.multiplyExact(length, 1 + slots)];
        System.arraycopy(state.parameters, 0, together, 0, length);
        for (int slot = 0; slot < slots; slot++) {
            System.arraycopy(state.slots.vector(slot), 0, together, (1 + slot) * length, length);
        }
        return together;
    }

    private void end(GradientSum round, TrainState state) {
        float[] means = round.gradient;
        int length = state.parameters.length;
        Kernels.scale(means.length, (float) (1 / round.weight), means, 0);
        for (int slot = 0; slot < state.slots.names().size(); slot++) {
            System.arraycopy(means, (1 + slot) * length, state.slots.vector(slot), 0, length);
        }
        outer.apply(layout, state.parameters, means, state.velocity);
    }
}
