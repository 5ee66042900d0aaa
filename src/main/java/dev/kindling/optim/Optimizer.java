package dev.kindling.optim;

import dev.kindling.linalg.Require;
import java.io.Serializable;

/** How parameters are updated: by steps along gradients, or by evaluating the loss elsewhere. */
public sealed interface Optimizer extends Serializable permits FirstOrder, Optimizer.Lbfgs, Optimizer.RandomSearch {

    /** The vectors that it keeps from step to step, each as long as the parameters, in float32. */
    int vectors();

    /**
     * Limited-memory BFGS over all rows at once. A line search finds the length of each step, so batch size, learning
     * rate and schedule are not used; an epoch is one iteration. Liu and Nocedal,
     * <a href="https://doi.org/10.1007/BF01589116">On the limited memory BFGS method for large scale optimization</a>,
     * 1989.
     *
     * @param memory the number of past steps from which the curvature is estimated
     * @param tolerance converged once the objective's relative improvement or the gradient is at most this
     */
    record Lbfgs(int memory, double tolerance) implements Optimizer {
        public Lbfgs {
            Require.positive(memory, "the memory of lbfgs");
            Require.nonNegative(tolerance, "the tolerance of lbfgs");
        }

        public Lbfgs() {
            this(10, 1e-7);
        }

        /** {@inheritDoc} Of each past step, two of doubles. */
        @Override
        public int vectors() {
            return 4 * memory;
        }
    }

    /**
     * For each batch, adds normal noise to all parameters, with the learning rate as standard deviation, and keeps the
     * change if the batch's loss is lower. It takes two passes per step and no gradient: a baseline, and for teaching.
     * Rastrigin, "The convergence of the random search method in the extremal control of a many-parameter system",
     * 1963.
     */
    record RandomSearch() implements Optimizer {
        @Override
        public int vectors() {
            return 0;
        }
    }
}
