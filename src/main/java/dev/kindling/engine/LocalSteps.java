package dev.kindling.engine;

import dev.kindling.data.Shard;
import dev.kindling.optim.Horizon;
import dev.kindling.optim.Slots;
import dev.kindling.optim.UpdateRule;

/**
 * Some steps that each shard takes by itself, over its own rows of them, from parameters and slots that all begin with.
 * It answers with how far its parameters went, and with its slots, both times the weight of its rows.
 *
 * @param factor of the learning rate
 * @param step the run's number of the first one
 * @param from the epoch's number of the first one
 * @param to the epoch's number after the last one
 * @param steps in the epoch
 */
public record LocalSteps(
        UpdateRule rule, Horizon horizon, double factor, long step, int epoch, int from, int to, int steps)
        implements Pass {

    @Override
    public int length(int parameters) {
        return Math.multiplyExact(parameters, 1 + Slots.count(rule.optimizer()));
    }

    @Override
    public void add(Plan plan, Shard shard, float[] start, Scratch scratch, GradientSum sum) {
        int length = plan.network.parameterCount();
        Scratch.Own own = scratch.own(rule.optimizer(), length);
        own.begin(start);
        double norm = 0;
        for (int at = from; at < to; at++) {
            GradientSum batch = own.gradient.cleared();
            plan.step(shard, own.parameters, epoch, at, steps, true, scratch, batch);
            sum.addLoss(batch);
            if (batch.weight > 0) {
                long now = step + at - from;
                norm = rule.apply(
                        plan.network.layout(),
                        batch.weight,
                        rule.rate(now, horizon) * factor,
                        now,
                        own.parameters,
                        batch.gradient,
                        own.slots);
            }
        }
        sum.norm = sum.weight * norm;
        own.end(start, (float) sum.weight, sum.gradient);
    }
}
