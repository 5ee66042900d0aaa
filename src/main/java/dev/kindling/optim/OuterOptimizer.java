package dev.kindling.optim;

import dev.kindling.linalg.Kernels;
import dev.kindling.linalg.Require;
import dev.kindling.nn.Block;
import java.io.Serializable;
import java.util.List;

/** Updates the global parameters after a round of local steps, from the mean change of the shards' parameters. */
public sealed interface OuterOptimizer extends Serializable {

    /** Whether it keeps a velocity between rounds. */
    boolean hasVelocity();

    /**
     * Ends a round.
     *
     * @param parameters the parameters at the start of the round; modified
     * @param change the mean over the shards of their parameters after the round minus those before; overwritten
     * @param velocity with the layout of the parameters, zero before the first round, modified; empty if none is kept
     */
    void apply(List<Block> layout, float[] parameters, float[] change, float[] velocity);

    /** The mean of the shards' parameters. Stich, <a href="https://arxiv.org/abs/1805.09767">Local SGD</a>, 2019. */
    record Average() implements OuterOptimizer {
        @Override
        public boolean hasVelocity() {
            return false;
        }

        @Override
        public void apply(List<Block> layout, float[] parameters, float[] change, float[] velocity) {
            Kernels.add(parameters.length, change, 0, parameters, 0);
        }
    }

    /**
     * A Nesterov step in PyTorch's form along the mean change Δ:
     * {@code v ← momentum·v + Δ; θ ← θ + learningRate·(Δ + momentum·v)}. Statistics take the mean. Douillard et al.,
     * <a href="https://arxiv.org/abs/2311.08105">DiLoCo</a>, 2023, algorithm 1, with its defaults.
     */
    record Nesterov(double learningRate, double momentum) implements OuterOptimizer {
        public Nesterov {
            Require.positive(learningRate, "the outer learning rate");
            Require.fraction((float) momentum, "the outer momentum");
        }

        public Nesterov() {
            this(0.7, 0.9);
        }

        @Override
        public boolean hasVelocity() {
            return true;
        }

        @Override
        public void apply(List<Block> layout, float[] parameters, float[] change, float[] velocity) {
            float mu = (float) momentum;
            float rate = (float) learningRate;
            for (Block block : layout) {
                if (block.role() == Block.Role.STATISTIC) {
                    Kernels.add(block.size(), change, block.offset(), parameters, block.offset());
                    continue;
                }
                for (int i = block.offset(); i < block.offset() + block.size(); i++) {
                    velocity[i] = mu * velocity[i] + change[i];
                    parameters[i] += rate * (change[i] + mu * velocity[i]);
                }
            }
        }
    }
}
