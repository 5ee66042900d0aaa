package dev.kindling.train;

import dev.kindling.checkpoint.TrainState;
import dev.kindling.engine.GradientSum;
import dev.kindling.engine.Pass;
import dev.kindling.engine.ShardWork;
import dev.kindling.linalg.RandomKey;
import dev.kindling.linalg.SplitMix64;
import dev.kindling.nn.Block;
import dev.kindling.optim.Horizon;
import dev.kindling.optim.UpdateRule;
import java.util.List;

/** For each batch: parameters with noise added, kept if the batch's loss, penalty included, is lower with them. */
final class RandomSearchStrategy implements EpochStrategy {
    private final ShardWork work;
    private final UpdateRule rule;
    private final List<Block> layout;
    private final Horizon horizon;
    private final RandomKey key;

    RandomSearchStrategy(ShardWork work, UpdateRule rule, List<Block> layout, Horizon horizon, RandomKey key) {
        this.work = work;
        this.rule = rule;
        this.layout = layout;
        this.horizon = horizon;
        this.key = key;
    }

    @Override
    public Progress epoch(TrainState state, Runnable pause) {
        int steps = Math.toIntExact(horizon.stepsPerEpoch());
        while (state.taken < steps) {
            Pass pass = new Pass.Loss(state.epoch, state.taken, steps);
            GradientSum here = work.sum(pass, state.parameters);
            double rate = rule.rate(state.step, horizon) * state.plateau.factor;
            DivergenceException.requireFinite(here.loss, state, rate);
            float[] moved = perturbed(state.parameters, rate, state.step);
            GradientSum there = work.sum(pass, moved);
            boolean better = here.weight > 0 && objective(there, moved) < objective(here, state.parameters);
            if (better) {
                System.arraycopy(moved, 0, state.parameters, 0, moved.length);
            }
            state.step(better ? there : here, rate, Double.NaN);
            state.step++;
            state.taken++;
            pause.run();
        }
        return new Progress(2L * steps, false);
    }

    private double objective(GradientSum sums, float[] parameters) {
        return sums.loss / sums.weight + rule.penalty().of(layout, parameters);
    }

    private float[] perturbed(float[] parameters, double deviation, long step) {
        float[] moved = parameters.clone();
        SplitMix64 random = key.fold(step).generator();
        for (Block block : layout) {
            if (block.role() == Block.Role.STATISTIC) {
                continue;
            }
            for (int i = block.offset(); i < block.offset() + block.size(); i++) {
                moved[i] += (float) (deviation * random.nextGaussian());
            }
        }
        return moved;
    }
}
