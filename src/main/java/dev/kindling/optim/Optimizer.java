package dev.kindling.optim;

import dev.kindling.linalg.Require;
import java.io.Serializable;

/** How parameters are moved: by steps along gradients, or by evaluating the loss elsewhere. */
public sealed interface Optimizer extends Serializable permits FirstOrder, Optimizer.Lbfgs, Optimizer.RandomSearch {

    /**
     * Limited-memory BFGS over all rows at once, with a line search for each step's length: batch size, learning rate and
     * schedule have no part in it, and an epoch is one iteration. Liu and Nocedal, <a
     * href="https://doi.org/10.1007/BF01589116">On the limited memory BFGS method for large scale optimization</a>, 1989.
     *
     * @param memory how many steps the curvature is estimated from
     * @param tolerance of the objective's relative improvement and of the gradient, at which it has converged
     */
    record Lbfgs(int memory, double tolerance) implements Optimizer {
        public Lbfgs {
            Require.positive(memory, "the memory of lbfgs");
            Require.nonNegative(tolerance, "the tolerance of lbfgs");
        }

        public Lbfgs() {
            this(10, 1e-7);
        }
    }

    /**
     * For each batch: adds normal noise, of the learning rate's deviation, to all parameters, and keeps them if the
     * batch's loss is lower. Two passes a step and no gradient: a yardstick, and for teaching. Rastrigin, "The
     * convergence of the random search method in the extremal control of a many-parameter system", 1963.
     */
    record RandomSearch() implements Optimizer {}
}
