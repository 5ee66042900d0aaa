package dev.kindling.optim;

import dev.kindling.linalg.Kernels;
import dev.kindling.linalg.Require;
import dev.kindling.nn.Block;
import java.io.Serializable;
import java.util.List;

/**
 * An elastic-net penalty on the weights, not the biases: {@code l1·‖w‖₁ + l2/2·‖w‖₂²}, added to the mean loss. Zou and
 * Hastie, <a href="https://doi.org/10.1111/j.1467-9868.2005.00503.x">Regularization and variable selection via the
 * elastic net</a>, 2005.
 */
public record Penalty(double l1, double l2) implements Serializable {
    public static final Penalty NONE = new Penalty(0, 0);

    public Penalty {
        Require.that(
                l1 >= 0 && l1 < Double.POSITIVE_INFINITY,
                "the l1 penalty must be non-negative and finite, but is " + l1);
        Require.that(
                l2 >= 0 && l2 < Double.POSITIVE_INFINITY,
                "the l2 penalty must be non-negative and finite, but is " + l2);
    }

    /** From Spark's two params: {@code regParam·(elasticNetParam·‖w‖₁ + (1 - elasticNetParam)/2·‖w‖₂²)}. */
    public static Penalty elasticNet(double regParam, double elasticNetParam) {
        Require.inRange(elasticNetParam, 0, 1, "elasticNetParam");
        return new Penalty(regParam * elasticNetParam, regParam * (1 - elasticNetParam));
    }

    /** The value of the penalty, which is added to the mean loss. */
    public double of(List<Block> layout, float[] parameters) {
        double value = 0;
        for (Block block : layout) {
            if (block.role() == Block.Role.WEIGHT) {
                value += l1 * Kernels.sumOfAbs(block.size(), parameters, block.offset())
                        + l2 / 2 * Kernels.sumOfSquares(block.size(), parameters, block.offset());
            }
        }
        return value;
    }

    /** Adds the gradient of the penalty, {@code l1·sign(w) + l2·w}, to the weight blocks; at w = 0 the l1 part is 0. */
    public void accumulate(List<Block> layout, float[] parameters, float[] gradient) {
        for (Block block : layout) {
            if (block.role() != Block.Role.WEIGHT) {
                continue;
            }
            if (l2 != 0) {
                Kernels.axpy(block.size(), (float) l2, parameters, block.offset(), gradient, block.offset());
            }
            if (l1 != 0) {
                for (int i = block.offset(); i < block.offset() + block.size(); i++) {
                    gradient[i] += (float) l1 * Sign.of(parameters[i]);
                }
            }
        }
    }
}
