package dev.kindling.train;

import dev.kindling.checkpoint.TrainState;
import dev.kindling.engine.GradientSum;
import dev.kindling.engine.ShardRequest;
import dev.kindling.engine.ShardWork;
import dev.kindling.linalg.RandomKey;
import dev.kindling.linalg.SplitMix64;
import dev.kindling.nn.Block;
import dev.kindling.optim.Horizon;
import dev.kindling.optim.UpdateRule;
import java.util.List;

/** Adds noise to the parameters, and keeps it if the batch's loss, penalty included, becomes lower. */
final class RandomSearchStrategy implements StepStrategy {
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
    public Taken step(TrainState state, int steps) {
        ShardRequest request = new ShardRequest.Loss(state.epoch, state.taken, steps);
        GradientSum here = work.sum(request, state.parameters);
        double rate = rule.rate(state.step, horizon) * state.plateau.factor;
        DivergenceException.requireFinite(here.loss, state, rate);
        float[] moved = perturbed(state.parameters, rate, state.step);
        GradientSum there = work.sum(request, moved);
        boolean better = here.weight > 0 && objective(there, moved) < objective(here, state.parameters);
        if (better) {
            System.arraycopy(moved, 0, state.parameters, 0, moved.length);
        }
        return new Taken(better ? there : here, rate, Double.NaN, 1);
    }

    /** The loss at the parameters, and the loss at the moved ones. */
    @Override
    public int sumsPerStep() {
        return 2;
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
