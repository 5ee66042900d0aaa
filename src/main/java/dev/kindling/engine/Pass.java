package dev.kindling.engine;

import dev.kindling.data.Shard;
import java.io.Serializable;

/** What is asked of every shard alike. It travels in closures. */
public sealed interface Pass extends Serializable permits Pass.Gradient, Pass.Loss, Pass.Validation, LocalSteps {

    /** The length of what a shard answers with, beside the sums. */
    int length(int parameters);

    /**
     * Adds one shard's part.
     *
     * @param sum zero so far
     */
    void add(Plan plan, Shard shard, float[] parameters, Scratch scratch, GradientSum sum);

    /** The gradient, loss and metric of the rows of one step, as they are while training. */
    record Gradient(int epoch, int step, int steps) implements Pass {
        @Override
        public int length(int parameters) {
            return parameters;
        }

        @Override
        public void add(Plan plan, Shard shard, float[] parameters, Scratch scratch, GradientSum sum) {
            plan.step(shard, parameters, epoch, step, steps, true, scratch, sum);
        }
    }

    /** The same without the gradient. */
    record Loss(int epoch, int step, int steps) implements Pass {
        @Override
        public int length(int parameters) {
            return 0;
        }

        @Override
        public void add(Plan plan, Shard shard, float[] parameters, Scratch scratch, GradientSum sum) {
            plan.step(shard, parameters, epoch, step, steps, false, scratch, sum);
        }
    }

    /** The loss and metric of the validation rows. */
    record Validation() implements Pass {
        @Override
        public int length(int parameters) {
            return 0;
        }

        @Override
        public void add(Plan plan, Shard shard, float[] parameters, Scratch scratch, GradientSum sum) {
            plan.validation(shard, parameters, scratch, sum);
        }
    }
}
