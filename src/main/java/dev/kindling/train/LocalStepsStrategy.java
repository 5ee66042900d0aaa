package dev.kindling.train;

import dev.kindling.checkpoint.TrainState;
import dev.kindling.engine.GradientSum;
import dev.kindling.engine.LocalSteps;
import dev.kindling.engine.ShardWork;
import dev.kindling.engine.TouchedPart;
import dev.kindling.linalg.Kernels;
import dev.kindling.nn.Block;
import dev.kindling.optim.Horizon;
import dev.kindling.optim.OuterOptimizer;
import dev.kindling.optim.Slots;
import dev.kindling.optim.UpdateRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
    private final @Nullable TouchedSteps touched; // null: rounds take the whole network

    LocalStepsStrategy(
            ShardWork work,
            UpdateRule rule,
            List<Block> layout,
            Horizon horizon,
            TrainOptions options,
            @Nullable TouchedSteps touched) {
        this.work = work;
        this.rule = rule;
        this.layout = layout;
        this.horizon = horizon;
        this.options = options;
        this.outer = options.outerOptimizer();
        this.touched = touched;
    }

    @Override
    public Taken step(TrainState state, int steps) {
        int from = state.taken;
        int to = (int) Math.min(steps, (long) from + options.localSteps());
        double factor = state.plateau.factor;
        LocalSteps request = new LocalSteps(rule, horizon, factor, state.step, state.epoch, from, to, steps);
        TouchedPart part = touched == null ? null : touched.begin(state, steps);
        float[] together = touched == null
                ? together(state.parameters, state.slots)
                : together(touched.parameters(), touched.slots());
        GradientSum round = work.sum(request, part, together);
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
    private static float[] together(float[] parameters, Slots slots) {
        int length = parameters.length;
        float[] together =
                new float[Math.multiplyExact(length, 1 + slots.names().size())];
        System.arraycopy(parameters, 0, together, 0, length);
        for (int slot = 0; slot < slots.names().size(); slot++) {
            System.arraycopy(slots.vector(slot), 0, together, (1 + slot) * length, length);
        }
        return together;
    }

    private void end(GradientSum round, TrainState state) {
        float[] means = round.gradient;
        Slots slots = touched == null ? state.slots : touched.slots();
        int length = means.length / (1 + slots.names().size());
        Kernels.scale(means.length, (float) (1 / round.weight), means, 0);
        for (int slot = 0; slot < slots.names().size(); slot++) {
            System.arraycopy(means, (1 + slot) * length, slots.vector(slot), 0, length);
        }
        if (touched == null) {
            outer.apply(layout, state.parameters, means, state.velocity);
        } else if (outer.hasVelocity()) { // and moves what the round does not touch
            touched.end(state);
            outer.apply(layout, state.parameters, touched.whole(means), state.velocity);
        } else {
            outer.apply(touched.layout(), touched.parameters(), means, state.velocity);
            touched.end(state);
        }
    }
}
