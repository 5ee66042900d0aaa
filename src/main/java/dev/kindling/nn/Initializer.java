package dev.kindling.nn;

import dev.kindling.linalg.Kernels;
import dev.kindling.linalg.Orthonormal;
import dev.kindling.linalg.Require;
import dev.kindling.linalg.SplitMix64;
import java.io.Serializable;

/** The initial weights of a layer. Biases start at zero. */
public sealed interface Initializer extends Serializable {

    /**
     * Writes {@code weights(inputs, outputs)} from {@code offset}.
     *
     * @param following the nonlinearity after the layer, whose gain widens the distribution; identity if there is none
     */
    void fill(int inputs, int outputs, Nonlinearity following, SplitMix64 random, float[] weights, int offset);

    /**
     * The initialiser that suits the activation after the layer: He for activations that are linear on one side (relu,
     * elu, gelu, …), LeCun for selu, else Glorot.
     */
    record Auto() implements Initializer {
        @Override
        public void fill(
                int inputs, int outputs, Nonlinearity following, SplitMix64 random, float[] weights, int offset) {
            following.initializer().fill(inputs, outputs, following, random, weights, offset);
        }
    }

    /** All zeros. Suits an output layer only: hidden units that start equal stay equal. */
    record Zeros() implements Initializer {
        @Override
        public void fill(
                int inputs, int outputs, Nonlinearity following, SplitMix64 random, float[] weights, int offset) {
            Kernels.fill(inputs * outputs, 0f, weights, offset);
        }
    }

    /** The same value everywhere. As with {@link Zeros}, hidden units stay equal. */
    record Constant(double value) implements Initializer {
        public Constant {
            Require.finite((float) value, "the value of constant, as a float32,");
        }

        @Override
        public void fill(
                int inputs, int outputs, Nonlinearity following, SplitMix64 random, float[] weights, int offset) {
            Kernels.fill(inputs * outputs, (float) value, weights, offset);
        }
    }

    /** Normal with a fixed standard deviation, whatever the widths and the activation. */
    record Normal(double deviation) implements Initializer {
        public Normal {
            Require.positive((float) deviation, "the deviation of normal, as a float32,");
        }

        public Normal() {
            this(0.01);
        }

        @Override
        public void fill(
                int inputs, int outputs, Nonlinearity following, SplitMix64 random, float[] weights, int offset) {
            normal(inputs * outputs, deviation, random, weights, offset);
        }
    }

    /**
     * Uniform in ±1/√inputs, whatever follows: the default of PyTorch's Linear. It is narrow: its standard deviation is
     * 0.58 / √inputs, so signals fade from layer to layer.
     */
    record Uniform() implements Initializer {
        @Override
        public void fill(
                int inputs, int outputs, Nonlinearity following, SplitMix64 random, float[] weights, int offset) {
            uniform(inputs * outputs, 1 / Math.sqrt(inputs), random, weights, offset);
        }
    }

    /**
     * Uniform in ±gain·√(6 / (inputs + outputs)). Glorot and Bengio, <a
     * href="https://proceedings.mlr.press/v9/glorot10a.html">Understanding the difficulty of training deep feedforward
     * neural networks</a>, AISTATS 2010, equation 16; gain 4 for the sigmoid is theirs too.
     */
    record GlorotUniform() implements Initializer {
        @Override
        public void fill(
                int inputs, int outputs, Nonlinearity following, SplitMix64 random, float[] weights, int offset) {
            double limit = following.gain() * Math.sqrt(6.0 / (inputs + outputs));
            uniform(inputs * outputs, limit, random, weights, offset);
        }
    }

    /** Normal with standard deviation gain·√(2 / (inputs + outputs)). Glorot and Bengio 2010, equation 12. */
    record GlorotNormal() implements Initializer {
        @Override
        public void fill(
                int inputs, int outputs, Nonlinearity following, SplitMix64 random, float[] weights, int offset) {
            double deviation = following.gain() * Math.sqrt(2.0 / (inputs + outputs));
            normal(inputs * outputs, deviation, random, weights, offset);
        }
    }

    /** Uniform in ±gain·√(3 / inputs): the variance of {@link HeNormal}. */
    record HeUniform() implements Initializer {
        @Override
        public void fill(
                int inputs, int outputs, Nonlinearity following, SplitMix64 random, float[] weights, int offset) {
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
        public void fill(
                int inputs, int outputs, Nonlinearity following, SplitMix64 random, float[] weights, int offset) {
            normal(inputs * outputs, following.gain() / Math.sqrt(inputs), random, weights, offset);
        }
    }

    /**
     * Normal with standard deviation 1 / √inputs, whatever follows. LeCun, Bottou, Orr and Müller,
     * <a href="http://yann.lecun.com/exdb/publis/pdf/lecun-98b.pdf">Efficient BackProp</a>, 1998, equation 16; the
     * initialiser for {@link Activation.Selu}. Not truncated.
     */
    record LecunNormal() implements Initializer {
        @Override
        public void fill(
                int inputs, int outputs, Nonlinearity following, SplitMix64 random, float[] weights, int offset) {
            normal(inputs * outputs, 1 / Math.sqrt(inputs), random, weights, offset);
        }
    }

    /** Uniform in ±√(3 / inputs): the variance of {@link LecunNormal}. */
    record LecunUniform() implements Initializer {
        @Override
        public void fill(
                int inputs, int outputs, Nonlinearity following, SplitMix64 random, float[] weights, int offset) {
            uniform(inputs * outputs, Math.sqrt(3.0 / inputs), random, weights, offset);
        }
    }

    /**
     * The gain times a random matrix with orthonormal rows or columns, whichever are fewer. A layer that does not
     * narrow then keeps the length of every signal, not only on average. Saxe, McClelland and Ganguli,
     * <a href="https://arxiv.org/abs/1312.6120">Exact solutions to the nonlinear dynamics of learning in deep linear
     * neural networks</a>, ICLR 2014.
     *
     * <p>The vectors of a normal random matrix are made orthogonal one after the other, in double. This gives the Q of
     * the QR decomposition with a positive diagonal in R, so it is uniformly distributed (Mezzadri,
     * <a href="https://arxiv.org/abs/math-ph/0609050">How to generate random matrices from the classical compact
     * groups</a>, 2007). It takes {@code 2 · inputs · outputs · min(inputs, outputs)} multiplications: once, a second
     * or two for 1024 by 1024.
     */
    record Orthogonal() implements Initializer {
        @Override
        public void fill(
                int inputs, int outputs, Nonlinearity following, SplitMix64 random, float[] weights, int offset) {
            int vectors = Math.min(inputs, outputs);
            int length = Math.max(inputs, outputs);
            double[][] basis = Orthonormal.basis(vectors, length, random);
            int vectorStride = inputs <= outputs ? outputs : 1;
            int elementStride = inputs <= outputs ? 1 : outputs;
            for (int v = 0; v < vectors; v++) {
                for (int i = 0; i < length; i++) {
                    weights[offset + v * vectorStride + i * elementStride] = (float) (following.gain() * basis[v][i]);
                }
            }
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
