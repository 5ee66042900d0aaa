package dev.kindling.train;

import dev.kindling.nn.Block;
import dev.kindling.optim.Horizon;
import dev.kindling.optim.UpdateRule;
import java.util.List;

/** A step of the update rule for each batch. */
final class MiniBatchDescent implements Descent {
    private final ShardWork work;
    private final UpdateRule rule;
    private final List<Block> layout;
    private final Horizon horizon;
    private final double emaDecay;

    MiniBatchDescent(ShardWork work, UpdateRule rule, List<Block> layout, Horizon horizon, double emaDecay) {
        this.work = work;
        this.rule = rule;
        this.layout = layout;
        this.horizon = horizon;
        this.emaDecay = emaDecay;
    }

    @Override
    public Progress epoch(TrainState state) {
        GradientSum total = new GradientSum(0);
        int steps = Math.toIntExact(horizon.stepsPerEpoch());
        double norm = 0;
        double rate = 0;
        for (int step = 0; step < steps; step++) {
            GradientSum batch = work.sum(new Pass.Gradient(state.epoch, step, steps), state.parameters);
            long summed = System.nanoTime();
            rate = rule.rate(state.step, horizon) * state.plateau.factor;
            DivergenceException.requireFinite(batch.loss, state, rate);
            total.addLoss(batch);
            if (batch.weight > 0) {
                norm = rule.apply(
                        layout, batch.weight, rate, state.step, state.parameters, batch.gradient, state.slots);
                DivergenceException.requireFinite("gradient's norm", norm, state, rate);
                state.average(emaDecay);
            }
            state.step++;
            work.meter().updateSince(summed);
        }
        return new Progress(total, rate, norm, steps, false);
    }
}
