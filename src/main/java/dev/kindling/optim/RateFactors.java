package dev.kindling.optim;

import dev.kindling.linalg.Require;
import dev.kindling.nn.Block;
import java.io.Serializable;

/** Factors of the learning rate by kind of parameter, as PyTorch's parameter groups have learning rates of their own. */
public sealed interface RateFactors extends Serializable {

    /** The factor for a block. Decoupled weight decay, which is proportional to the rate, takes it too. */
    double of(Block block);

    /** The same rate for all. */
    record None() implements RateFactors {
        @Override
        public double of(Block block) {
            return 1;
        }
    }

    /**
     * A factor for each kind. Those of RealMLP are {@code byKind(bias=0.1, gain=0.1, scale=6, numbers=0.1)}: Holzmüller, Grinsztajn,
     * Steinwart, <a href="https://arxiv.org/abs/2407.04491">Better by default</a>, NeurIPS 2024, table A.1.
     *
     * @param weight of weights
     * @param bias of biases
     * @param gain of the gains of batchNorm and layerNorm and the slopes of prelu
     * @param scale of the factors of scale layers
     * @param numbers of everything in a layer that embeds numbers
     */
    record ByKind(double weight, double bias, double gain, double scale, double numbers) implements RateFactors {
        public ByKind {
            Require.nonNegative(weight, "the factor of weight");
            Require.nonNegative(bias, "the factor of bias");
            Require.nonNegative(gain, "the factor of gain");
            Require.nonNegative(scale, "the factor of scale");
            Require.nonNegative(numbers, "the factor of numbers");
        }

        public ByKind() {
            this(1, 1, 1, 1, 1);
        }

        @Override
        public double of(Block block) {
            return switch (block.layer()) {
                case "scale" -> scale;
                case "plr", "pbld" -> numbers;
                default ->
                    switch (block.role()) {
                        case WEIGHT -> weight;
                        case BIAS -> bias;
                        case GAIN -> gain;
                        case STATISTIC -> 1;
                    };
            };
        }
    }
}
