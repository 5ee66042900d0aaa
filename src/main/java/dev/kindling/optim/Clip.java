package dev.kindling.optim;

import dev.kindling.linalg.Kernels;
import dev.kindling.linalg.Require;
import java.io.Serializable;

/** A bound on the gradient. */
public sealed interface Clip extends Serializable {

    /**
     * Bounds the gradient.
     *
     * @param norm the gradient's Euclidean norm
     * @param gradient modified
     */
    void apply(double norm, float[] gradient);

    /** Leaves the gradient unchanged. */
    record None() implements Clip {
        @Override
        public void apply(double norm, float[] gradient) {}
    }

    /**
     * Scales the whole gradient so that its norm is at most {@code norm}. Pascanu et al., <a
     * href="https://arxiv.org/abs/1211.5063">On the difficulty of training recurrent neural networks</a>, ICML 2013,
     * algorithm 1.
     */
    record GlobalNorm(double norm) implements Clip {
        public GlobalNorm {
            Require.positive(norm, "the norm of globalNorm");
        }

        @Override
        public void apply(double actual, float[] gradient) {
            if (actual > norm) {
                Kernels.scale(gradient.length, (float) (norm / actual), gradient, 0);
            }
        }
    }

    /** Clips each component to ±{@code limit}. */
    record Value(double limit) implements Clip {
        public Value {
            Require.positive((float) limit, "the limit of value, as a float32,");
        }

        @Override
        public void apply(double norm, float[] gradient) {
            float high = (float) limit;
            float low = -high;
            for (int i = 0; i < gradient.length; i++) {
                gradient[i] = Math.max(low, Math.min(high, gradient[i]));
            }
        }
    }
}
