package dev.kindling.engine;

import dev.kindling.data.Shard;
import dev.kindling.nn.embedding.TouchedRows;
import dev.kindling.optim.Horizon;
import dev.kindling.optim.UpdateRule;

/**
 * Some steps that each shard takes by itself, over its own rows of those steps. All shards start from the same
 * parameters and slots. Of a part of the network, each step moves the rows that its own rows touch. The answer is how far the shard's parameters moved, and its slots, both times the weight of its
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
        TouchedPart part = computation.part();
        LocalState state = computation.localState(rule.optimizer());
        state.begin(start);
        double norm = 0;
        for (int at = from; at < to; at++) {
            if (part != null) {
                TouchedRows rows = computation.narrow(shard, epoch, at, steps).within(part.rows);
                LocalState own = computation.narrowState(rule.optimizer());
                own.gather(rows, state);
                norm = step(computation, shard, own, at, norm, sum);
                own.scatter(rows, state);
            } else {
                norm = step(computation, shard, state, at, norm, sum);
            }
        }
        sum.norm = sum.weight * norm;
        state.end(start, (float) sum.weight, sum.gradient);
    }

    /** Takes a step; returns the norm of its gradient, or {@code before} if the shard has no rows in it. */
    private double step(
            ShardComputation computation, Shard shard, LocalState state, int at, double before, GradientSum sum) {
        GradientSum batch = state.gradient.cleared();
        computation.step(shard, state.parameters, epoch, at, steps, true, batch);
        sum.addLoss(batch);
        if (batch.weight <= 0) {
            return before;
        }
        long now = step + at - from;
        return rule.apply(
                computation.network().layout(),
                batch.weight,
                rule.rate(now, horizon) * factor,
                now,
                horizon,
                state.parameters,
                batch.gradient,
                state.slots);
    }
}
