package dev.kindling.engine;

import dev.kindling.data.Shard;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** What every shard is asked to compute from the run's parameters. It travels in closures. */
public sealed interface ShardRequest extends Serializable
        permits ShardRequest.Gradient, ShardRequest.Loss, ShardRequest.Validation, ShardRequest.Touched, LocalSteps {

    /** The length of a shard's answer, apart from its sums of loss, metric and weight. */
    int length(int parameters);

    /**
     * Adds one shard's part.
     *
     * @param sum zero so far
     */
    void add(ShardComputation computation, Shard shard, float[] parameters, GradientSum sum);

    /** The gradient, loss and metric of the rows of one step, as in training. */
    record Gradient(int epoch, int step, int steps) implements ShardRequest {
        @Override
        public int length(int parameters) {
            return parameters;
        }

        @Override
        public void add(ShardComputation computation, Shard shard, float[] parameters, GradientSum sum) {
            computation.step(shard, parameters, epoch, step, steps, true, sum);
        }
    }

    /** The same without the gradient. */
    record Loss(int epoch, int step, int steps) implements ShardRequest {
        @Override
        public int length(int parameters) {
            return 0;
        }

        @Override
        public void add(ShardComputation computation, Shard shard, float[] parameters, GradientSum sum) {
            computation.step(shard, parameters, epoch, step, steps, false, sum);
        }
    }

    /**
     * The inputs that are not 0 in some row: of steps [from, from + every) of an epoch, of the next {@code every} steps, and
     * so on, {@code count} times or up to the last step.
     */
    record Touched(int epoch, int from, int every, int count, int steps) implements ShardRequest {
        @Override
        public int length(int parameters) {
            return 0;
        }

        @Override
        public void add(ShardComputation computation, Shard shard, float[] parameters, GradientSum sum) {
            List<int[]> sets = new ArrayList<>();
            for (int at = from; at < steps && sets.size() < count; at += every) {
                sets.add(computation.touched(shard, epoch, at, Math.min(steps, at + every), steps));
            }
            sum.touched = sets.toArray(new int[0][]);
        }
    }

    /** The loss and metric of the validation rows. */
    record Validation() implements ShardRequest {
        @Override
        public int length(int parameters) {
            return 0;
        }

        @Override
        public void add(ShardComputation computation, Shard shard, float[] parameters, GradientSum sum) {
            computation.validation(shard, parameters, sum);
        }
    }
}
