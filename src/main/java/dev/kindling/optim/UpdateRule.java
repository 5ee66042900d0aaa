package dev.kindling.optim;

import dev.kindling.linalg.Kernels;
import dev.kindling.linalg.Require;
import dev.kindling.nn.Block;
import dev.kindling.spec.Spec;
import java.io.Serializable;
import java.util.List;

/**
 * One update of the parameters, in this order:
 *
 * <ol>
 *   <li>the mean gradient: the sum over the batch's rows divided by their total weight
 *   <li>statistics: the old value minus the mean gradient; from here on, the gradient of statistics is 0
 *   <li>penalty: its gradient is added, on weights only
 *   <li>gradient clipping
 *   <li>the optimizer's decoupled weight decay
 *   <li>the optimizer's step at learning rate × schedule
 *   <li>max-norm: a bound on the norm of the weights into each unit
 * </ol>
 *
 * The penalty is part of the gradient that is clipped and, for Adam, rescaled, as in PyTorch's {@code weight_decay}; it
 * is not decoupled.
 *
 * @param maxNorm the largest Euclidean norm of the weights into a unit, which are a column of a weight block; 0 means
 *     no bound. Srivastava et al., <a href="https://jmlr.org/papers/v15/srivastava14a.html">Dropout</a>, 2014, section 5.1
 * @param rateFactors of the learning rate, by kind of parameter
 * @param decaySchedule of the optimizer's decoupled weight decay, beside the learning rate's own
 */
public record UpdateRule(
        Optimizer optimizer,
        double learningRate,
        Schedule schedule,
        Penalty penalty,
        Clip clip,
        double maxNorm,
        RateFactors rateFactors,
        Schedule decaySchedule)
        implements Serializable {

    public UpdateRule {
        Require.positive(learningRate, "the learning rate");
        Require.nonNegative(maxNorm, "the max-norm");
    }

    /** The optimizer alone, at a constant learning rate. */
    public UpdateRule(Optimizer optimizer, double learningRate) {
        this(optimizer, learningRate, new Schedule.Constant(), Penalty.NONE, new Clip.None(), 0);
    }

    /** The same rate for all parameters, and a constant weight decay. */
    public UpdateRule(
            Optimizer optimizer, double learningRate, Schedule schedule, Penalty penalty, Clip clip, double maxNorm) {
        this(
                optimizer,
                learningRate,
                schedule,
                penalty,
                clip,
                maxNorm,
                new RateFactors.None(),
                new Schedule.Constant());
    }

    public UpdateRule withLearningRate(double value) {
        return new UpdateRule(optimizer, value, schedule, penalty, clip, maxNorm, rateFactors, decaySchedule);
    }

    public UpdateRule withSchedule(Schedule value) {
        return new UpdateRule(optimizer, learningRate, value, penalty, clip, maxNorm, rateFactors, decaySchedule);
    }

    public UpdateRule withPenalty(Penalty value) {
        return new UpdateRule(optimizer, learningRate, schedule, value, clip, maxNorm, rateFactors, decaySchedule);
    }

    public UpdateRule withClip(Clip value) {
        return new UpdateRule(optimizer, learningRate, schedule, penalty, value, maxNorm, rateFactors, decaySchedule);
    }

    public UpdateRule withMaxNorm(double value) {
        return new UpdateRule(optimizer, learningRate, schedule, penalty, clip, value, rateFactors, decaySchedule);
    }

    public UpdateRule withRateFactors(RateFactors value) {
        return new UpdateRule(optimizer, learningRate, schedule, penalty, clip, maxNorm, value, decaySchedule);
    }

    public UpdateRule withDecaySchedule(Schedule value) {
        return new UpdateRule(optimizer, learningRate, schedule, penalty, clip, maxNorm, rateFactors, value);
    }

    /**
     * The linear scaling rule: the rate for batches of {@code batchSize} rows that corresponds to {@code rate} for
     * {@code referenceBatchSize}.
     * Goyal et al., <a href="https://arxiv.org/abs/1706.02677">Accurate, large minibatch SGD</a>, 2017, section 2.1.
     */
    public static double scaledRate(double rate, int batchSize, int referenceBatchSize) {
        Require.positive(batchSize, "the batch size");
        Require.positive(referenceBatchSize, "the reference batch size");
        return rate * batchSize / referenceBatchSize;
    }

    /**
     * Whether {@link #apply} may be given the part of all vectors that the batch touches: the rest would stay as it is. A
     * penalty, decay or max-norm moves all weights.
     */
    public boolean skipsUntouched() {
        return optimizer instanceof FirstOrder stepping
                && (stepping.isLazy() || stepping.leavesUntouched())
                && stepping.decoupledDecay() == 0
                && penalty.equals(Penalty.NONE)
                && maxNorm == 0;
    }

    /** Whether {@link #apply} must be given that part. */
    public boolean isLazy() {
        return optimizer instanceof FirstOrder stepping && stepping.isLazy();
    }

    /** The learning rate at a step, with the schedule applied. */
    public double rate(long step, Horizon horizon) {
        return learningRate * schedule.at((double) step, horizon);
    }

    /**
     * Takes one step.
     *
     * @param weight the total weight of the rows in the gradient's sum; positive
     * @param rate the learning rate of this step
     * @param step counted from 0
     * @param horizon of the run
     * @param parameters modified
     * @param gradient the sum over the rows; overwritten
     * @param slots modified
     * @return the Euclidean norm of the gradient before clipping
     */
    public double apply(
            List<Block> layout,
            double weight,
            double rate,
            long step,
            Horizon horizon,
            float[] parameters,
            float[] gradient,
            Slots slots) {
        if (!(optimizer instanceof FirstOrder stepping)) {
            throw new IllegalStateException(Spec.print(optimizer) + " does not step along gradients");
        }
        Kernels.scale(gradient.length, (float) (1 / weight), gradient, 0);
        for (Block block : layout) {
            if (block.role() == Block.Role.STATISTIC) {
                Kernels.axpy(block.size(), -1f, gradient, block.offset(), parameters, block.offset());
                Kernels.fill(block.size(), 0f, gradient, block.offset());
            }
        }
        penalty.accumulate(layout, parameters, gradient);
        double norm = Math.sqrt(Kernels.sumOfSquares(gradient.length, gradient, 0));
        clip.apply(norm, gradient);
        if (stepping.decoupledDecay() > 0) {
            double decay = stepping.decoupledDecay() * decaySchedule.at((double) step, horizon);
            for (Block block : layout) {
                if (block.role() == Block.Role.WEIGHT) {
                    float kept = (float) (1 - rate * rateFactors.of(block) * decay);
                    Kernels.scale(block.size(), kept, parameters, block.offset());
                }
            }
        }
        float[] before = rateFactors instanceof RateFactors.None ? null : parameters.clone();
        stepping.step(rate, step, layout, parameters, gradient, slots);
        if (before != null) {
            for (Block block : layout) {
                rescale(block, before, (float) rateFactors.of(block), parameters);
            }
        }
        if (maxNorm > 0) {
            for (Block block : layout) {
                if (block.role() == Block.Role.WEIGHT) {
                    bound(block, parameters);
                }
            }
        }
        return norm;
    }

    /** Multiplies a block's step by a factor: every optimizer's step is proportional to the rate. */
    private static void rescale(Block block, float[] before, float factor, float[] parameters) {
        if (factor != 1f) {
            for (int i = block.offset(); i < block.offset() + block.size(); i++) {
                parameters[i] = before[i] + factor * (parameters[i] - before[i]);
            }
        }
    }

    /** Computes the norms of all units in one pass over the rows, in memory order, and scales them in a second pass. */
    private void bound(Block block, float[] parameters) {
        int units = block.columns();
        double[] squares = new double[units];
        for (int row = 0; row < block.rows(); row++) {
            int from = block.offset() + row * units;
            for (int j = 0; j < units; j++) {
                double w = parameters[from + j];
                squares[j] += w * w;
            }
        }
        float[] factors = new float[units];
        for (int j = 0; j < units; j++) {
            double norm = Math.sqrt(squares[j]);
            factors[j] = norm > maxNorm ? (float) (maxNorm / norm) : 1f;
        }
        for (int row = 0; row < block.rows(); row++) {
            int from = block.offset() + row * units;
            for (int j = 0; j < units; j++) {
                parameters[from + j] *= factors[j];
            }
        }
    }

    @Override
    public String toString() {
        if (optimizer instanceof Optimizer.Lbfgs) {
            return Spec.brief(optimizer);
        }
        return Spec.brief(optimizer) + " at " + Spec.print(learningRate) + " × " + Spec.brief(schedule);
    }
}
