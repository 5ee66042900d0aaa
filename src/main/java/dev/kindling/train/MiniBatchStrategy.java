package dev.kindling.train;

import dev.kindling.checkpoint.TrainState;
import dev.kindling.engine.GradientSum;
import dev.kindling.engine.ShardRequest;
import dev.kindling.engine.ShardWork;
import dev.kindling.nn.Block;
import dev.kindling.optim.Horizon;
import dev.kindling.optim.UpdateRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One step of the update rule for each batch. */
final class MiniBatchStrategy implements StepStrategy {
    private final ShardWork work;
    private final UpdateRule rule;
    private final List<Block> layout;
    private final Horizon horizon;
    private final double emaDecay;
    private final @Nullable TouchedSteps touched; // null: steps take the whole network

    MiniBatchStrategy(
            ShardWork work,
            UpdateRule rule,
            List<Block> layout,
            Horizon horizon,
            double emaDecay,
            @Nullable TouchedSteps touched) {
        this.work = work;
        this.rule = rule;
        this.layout = layout;
        this.horizon = horizon;
        this.emaDecay = emaDecay;
        this.touched = touched;
    }

    @Override
    public Taken step(TrainState state, int steps) {
        ShardRequest request = new ShardRequest.Gradient(state.epoch, state.taken, steps);
        GradientSum batch = touched == null
                ? work.sum(request, state.parameters)
                : work.sum(request, touched.begin(state, steps), touched.parameters());
        double rate = rule.rate(state.step, horizon) * state.plateau.factor;
        double norm = state.gradientNorm;
        DivergenceException.requireFinite(batch.loss, state, rate);
        if (batch.weight > 0) {
            norm = touched == null
                    ? rule.apply(
                            layout,
                            batch.weight,
                            rate,
                            state.step,
                            horizon,
                            state.parameters,
                            batch.gradient,
                            state.slots)
                    : touched.apply(state, batch, rate, horizon);
            DivergenceException.requireFinite("gradient's norm", norm, state, rate);
            state.average(emaDecay);
        }
        return new Taken(batch, rate, norm, 1);
    }
}
