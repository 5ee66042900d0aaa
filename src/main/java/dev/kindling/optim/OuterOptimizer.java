package dev.kindling.optim;

import dev.kindling.linalg.Kernels;
import dev.kindling.linalg.Require;
import dev.kindling.nn.Block;
import java.io.Serializable;
import java.util.List;

/** What becomes of the parameters that shards began local steps with, once they know how far each shard went. */
public sealed interface OuterOptimizer extends Serializable {

    /** Whether it keeps a velocity from one round to the next. */
    boolean hasVelocity();

    /**
     * Ends a round.
     *
     * @param parameters that all shards began with; modified
     * @param change the mean over the shards of where they came to, less where they began; overwritten
     * @param velocity with the layout of the parameters, zero before the first round, modified; or empty
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
     * A Nesterov step of PyTorch's form along the mean change Δ: {@code v ← momentum·v + Δ; θ ← θ + learningRate·(Δ +
     * momentum·v)}. Statistics take the mean. Douillard et al., <a href="https://arxiv.org/abs/2311.08105">DiLoCo</a>,
     * 2023, algorithm 1, whose defaults these are.
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
