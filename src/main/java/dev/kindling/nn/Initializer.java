package dev.kindling.nn;

import dev.kindling.linalg.Kernels;
import dev.kindling.linalg.SplitMix64;
import java.io.Serializable;

/** How the weights of a layer begin. Biases begin at zero. */
public sealed interface Initializer extends Serializable {

    /**
     * Writes {@code weights(inputs, outputs)} from {@code offset}.
     *
     * @param following the nonlinearity behind the layer, whose gain widens the distribution; identity where there is none
     */
    void fill(int inputs, int outputs, Nonlinear following, SplitMix64 random, float[] weights, int offset);

    /** The initialiser that suits the activation behind the layer: He for the relu family, else Glorot. */
    record Auto() implements Initializer {
        @Override
        public void fill(int inputs, int outputs, Nonlinear following, SplitMix64 random, float[] weights, int offset) {
            following.initializer().fill(inputs, outputs, following, random, weights, offset);
        }
    }

    /** All zeros. Fit for an output layer only: hidden units that begin alike stay alike. */
    record Zeros() implements Initializer {
        @Override
        public void fill(int inputs, int outputs, Nonlinear following, SplitMix64 random, float[] weights, int offset) {
            Kernels.fill(inputs * outputs, 0f, weights, offset);
        }
    }

    /**
     * Uniform in ±gain·√(6 / (inputs + outputs)). Glorot and Bengio, <a
     * href="https://proceedings.mlr.press/v9/glorot10a.html">Understanding the difficulty of training deep feedforward
     * neural networks</a>, AISTATS 2010, equation 16; gain 4 for the sigmoid is theirs too.
     */
    record GlorotUniform() implements Initializer {
        @Override
        public void fill(int inputs, int outputs, Nonlinear following, SplitMix64 random, float[] weights, int offset) {
            double limit = following.gain() * Math.sqrt(6.0 / (inputs + outputs));
            uniform(inputs * outputs, limit, random, weights, offset);
        }
    }

    /** Normal with standard deviation gain·√(2 / (inputs + outputs)). Glorot and Bengio 2010, equation 12. */
    record GlorotNormal() implements Initializer {
        @Override
        public void fill(int inputs, int outputs, Nonlinear following, SplitMix64 random, float[] weights, int offset) {
            double deviation = following.gain() * Math.sqrt(2.0 / (inputs + outputs));
            normal(inputs * outputs, deviation, random, weights, offset);
        }
    }

    /** Uniform in ±gain·√(3 / inputs): the variance of {@link HeNormal}. */
    record HeUniform() implements Initializer {
        @Override
        public void fill(int inputs, int outputs, Nonlinear following, SplitMix64 random, float[] weights, int offset) {
            double limit = following.gain() * Math.sqrt(3.0 / inputs);
            uniform(inputs * outputs, limit, random, weights, offset);
        }
    }

    /**
     * Normal with standard deviation gain / √inputs, which for relu is √(2 / inputs). He et al., <a
     * href="https://arxiv.org/abs/1502.01852">Delving deep into rectifiers</a>, ICCV 2015, equation 10.
     */
    record HeNormal() implements Initializer {
        @Override
        public void fill(int inputs, int outputs, Nonlinear following, SplitMix64 random, float[] weights, int offset) {
            normal(inputs * outputs, following.gain() / Math.sqrt(inputs), random, weights, offset);
        }
    }

    private static void uniform(int n, double limit, SplitMix64 random, float[] weights, int offset) {
        for (int i = 0; i < n; i++) {
            weights[offset + i] = (float) ((2 * random.nextDouble() - 1) * limit);
        }
    }

    private static void normal(int n, double deviation, SplitMix64 random, float[] weights, int offset) {
        for (int i = 0; i < n; i++) {
            weights[offset + i] = (float) (random.nextGaussian() * deviation);
        }
    }
}
