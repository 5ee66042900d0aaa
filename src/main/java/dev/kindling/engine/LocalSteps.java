package dev.kindling.engine;

import dev.kindling.data.Shard;
import dev.kindling.optim.Horizon;
import dev.kindling.optim.UpdateRule;

/**
 * Some steps that each shard takes by itself, over its own rows of those steps. All shards start from the same
 * parameters and slots. The answer is how far the shard's parameters moved, and its slots, both times the weight of its
 * rows.
 *
 * @param factor of the learning rate
 * @param step the first step's number in the run
 * @param from the first step's number in the epoch
 * @param to the number in the epoch after the last step
 * @param steps in the epoch
 */
public record LocalSteps(
        UpdateRule rule, Horizon horizon, double factor, long step, int epoch, int from, int to, int steps)
        implements ShardRequest {

    @Override
    public int length(int parameters) {
        return Math.multiplyExact(parameters, 1 + rule.optimizer().vectors());
    }

    @Override
    public void add(ShardComputation computation, Shard shard, float[] start, GradientSum sum) {
        LocalState state = computation.localState(rule.optimizer());
        state.begin(start);
        double norm = 0;
        for (int at = from; at < to; at++) {
            GradientSum batch = state.gradient.cleared();
            computation.step(shard, state.parameters, epoch, at, steps, true, batch);
            sum.addLoss(batch);
            if (batch.weight > 0) {
                long now = step + at - from;
                norm = rule.apply(
                        computation.setup.network.layout(),
                        batch.weight,
                        rule.rate(now, horizon) * factor,
                        now,
                        state.parameters,
                        batch.gradient,
                        state.slots);
            }
        }
        sum.norm = sum.weight * norm;
        state.end(start, (float) sum.weight, sum.gradient);
    }
}
