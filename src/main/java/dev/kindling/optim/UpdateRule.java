package dev.kindling.optim;

import dev.kindling.linalg.Kernels;
import dev.kindling.linalg.Require;
import dev.kindling.nn.Block;
import dev.kindling.nn.Spec;
import java.io.Serializable;
import java.util.List;

/**
 * One update of the parameters, in this order:
 *
 * <ol>
 *   <li>the mean gradient: the sum over the batch's rows divided by their total weight
 *   <li>plus the gradient of the penalty, on weights only
 *   <li>clipped
 *   <li>the optimizer's step at learning rate × schedule
 * </ol>
 *
 * The penalty is thus part of the gradient that is clipped and, for Adam, rescaled, as in PyTorch's {@code weight_decay};
 * it is not decoupled.
 */
public record UpdateRule(Optimizer optimizer, double learningRate, Schedule schedule, Penalty penalty, Clip clip)
        implements Serializable {

    public UpdateRule {
        Require.positive(learningRate, "the learning rate");
    }

    /** The optimizer alone, at a constant rate. */
    public UpdateRule(Optimizer optimizer, double learningRate) {
        this(optimizer, learningRate, new Schedule.Constant(), Penalty.NONE, new Clip.None());
    }

    /** The learning rate of a step, the schedule applied. */
    public double rate(long step, long last) {
        return learningRate * schedule.at(step, last);
    }

    /**
     * Takes one step.
     *
     * @param weight the total weight of the rows in the gradient's sum; positive
     * @param step counted from 0
     * @param last the number of steps of the whole run
     * @param parameters modified
     * @param gradient the sum over the rows; overwritten
     * @param slots modified
     * @return the Euclidean norm of the gradient before it was clipped
     */
    public double apply(
            List<Block> layout,
            double weight,
            long step,
            long last,
            float[] parameters,
            float[] gradient,
            Slots slots) {
        Kernels.scale(gradient.length, (float) (1 / weight), gradient, 0);
        penalty.accumulate(layout, parameters, gradient);
        double norm = Math.sqrt(Kernels.sumOfSquares(gradient.length, gradient, 0));
        clip.apply(norm, gradient);
        optimizer.step(rate(step, last), step, parameters, gradient, slots);
        return norm;
    }

    @Override
    public String toString() {
        return Spec.print(optimizer) + " at " + Spec.print(learningRate) + " × " + Spec.print(schedule);
    }
}
