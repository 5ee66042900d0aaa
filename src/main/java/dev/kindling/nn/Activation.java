package dev.kindling.nn;

import dev.kindling.linalg.Exponential;
import dev.kindling.linalg.Require;

/**
 * A function applied to each value. Every activation is a record here. {@code chain} gets both the input and the
 * output, because some derivatives are cheaper from one, some from the other. NaN in gives NaN out.
 *
 * <p>Gains that no paper sets are expectations over standard normal x. If weights are wider by 1/√E[f(x)²], values keep
 * a variance of 1 from layer to layer; if they are wider by 1/√E[f'(x)²], gradients keep theirs on the way back (He et
 * al. 2015 derive both; for relu they are equal). Elu, selu and softplus use the first. Silu, gelu, geluTanh and mish
 * use the second, which is 3% less: their first is not stable, because a variance slightly above 1 grows from layer to
 * layer. The outputs of sigmoid, hardSigmoid and softplus have a mean other than 0; no gain keeps gradients alive
 * through many such layers.
 */
public sealed interface Activation extends Nonlinearity {

    /**
     * {@code out[i] = f(in[i])} for n values.
     *
     * @param in not modified; never the same array as {@code out}. The arrays have no offsets, because HotSpot
     *     vectorises only loops without them
     */
    void apply(int n, float[] in, float[] out);

    /** {@code delta[i] *= f'(in[i])} for n values, where {@code out[i] = f(in[i])}; in and out are not modified. */
    void chain(int n, float[] in, float[] out, float[] delta);

    @Override
    default void forward(Frame frame) {
        apply(frame.in.rows() * frame.inputs, frame.in.values(), frame.out);
    }

    @Override
    default float[] backward(Frame frame, float[] delta, float[] spare, float[] gradient) {
        chain(frame.in.rows() * frame.inputs, frame.in.values(), frame.out, delta);
        return delta;
    }

    /** All bits set for x &gt; 0, else 0; NaN may give either. */
    private static int positive(float x) {
        int bits = Float.floatToRawIntBits(x);
        return (-bits & ~bits) >> 31;
    }

    /** {@code f(x) = x}. */
    record Identity() implements Activation {
        @Override
        public void apply(int n, float[] in, float[] out) {
            System.arraycopy(in, 0, out, 0, n);
        }

        @Override
        public void chain(int n, float[] in, float[] out, float[] delta) {}

        @Override
        public double gain() {
            return 1;
        }

        @Override
        public Initializer initializer() {
            return new Initializer.GlorotUniform();
        }
    }

    /** {@code f(x) = max(x, 0)}, with derivative 0 at 0. Gain √2: He et al. 2015, see {@link Initializer.HeNormal}. */
    record Relu() implements Activation {
        @Override
        public void apply(int n, float[] in, float[] out) {
            for (int i = 0; i < n; i++) {
                out[i] = Math.max(in[i], 0f);
            }
        }

        @Override
        public void chain(int n, float[] in, float[] out, float[] delta) {
            for (int i = 0; i < n; i++) {
                // uses bit masks: a branch on the sign would be mispredicted half of the time
                int kept = positive(out[i]);
                delta[i] = Float.intBitsToFloat(Float.floatToRawIntBits(delta[i]) & kept);
            }
        }

        @Override
        public double gain() {
            return Math.sqrt(2);
        }
    }

    /**
     * {@code f(x) = x} for x &gt; 0, else {@code slope · x}; the derivative at 0 is the slope. Gain √(2 / (1 + slope²)):
     * He et al. 2015, equation 15.
     */
    record LeakyRelu(double slope) implements Activation {
        public LeakyRelu {
            Require.inRange(slope, 0, 1, "the slope of leakyRelu");
        }

        public LeakyRelu() {
            this(0.01);
        }

        @Override
        public void apply(int n, float[] in, float[] out) {
            float a = (float) slope;
            for (int i = 0; i < n; i++) {
                float x = in[i];
                out[i] = x > 0f ? x : a * x;
            }
        }

        @Override
        public void chain(int n, float[] in, float[] out, float[] delta) {
            int oneBits = Float.floatToRawIntBits(1f);
            int slopeBits = Float.floatToRawIntBits((float) slope);
            for (int i = 0; i < n; i++) {
                int above = positive(in[i]);
                int factor = (above & oneBits) | (~above & slopeBits);
                delta[i] *= Float.intBitsToFloat(factor);
            }
        }

        @Override
        public double gain() {
            return Math.sqrt(2 / (1 + slope * slope));
        }
    }

    /**
     * {@code f(x) = x} for x &gt; 0, else {@code alpha (e^x - 1)}, with derivative {@code alpha e^x}, also at 0. Clevert,
     * Unterthiner and Hochreiter, <a href="https://arxiv.org/abs/1511.07289">Fast and accurate deep network learning by
     * exponential linear units</a>, ICLR 2016, equation 15.
     */
    record Elu(double alpha) implements Activation {
        /** E[(e^x - 1)²; x < 0] = e²Φ(-2) - 2√e Φ(-1) + 1/2. */
        private static final double NEGATIVE_SQUARES = 0.14494541749292383;

        public Elu {
            Require.positive((float) alpha, "the alpha of elu, as a float32,");
        }

        public Elu() {
            this(1);
        }

        @Override
        public void apply(int n, float[] in, float[] out) {
            for (int i = 0; i < n; i++) {
                // one of the two terms is 0: this avoids a branch that would be mispredicted half of the time
                out[i] = (float) (Math.max(in[i], 0f) + alpha * Exponential.expm1(Math.min(in[i], 0f)));
            }
        }

        @Override
        public void chain(int n, float[] in, float[] out, float[] delta) {
            float a = (float) alpha;
            for (int i = 0; i < n; i++) {
                delta[i] *= in[i] > 0f ? 1f : out[i] + a;
            }
        }

        @Override
        public double gain() {
            return 1 / Math.sqrt(0.5 + alpha * alpha * NEGATIVE_SQUARES);
        }
    }

    /**
     * {@code f(x) = λ x} for x &gt; 0, else {@code λ α (e^x - 1)}, with derivative {@code λ α e^x}, also at 0. λ and α
     * make mean 0 and variance 1 a fixed point. Klambauer et al.,
     * <a href="https://arxiv.org/abs/1706.02515">Self-normalizing neural networks</a>, NeurIPS 2017, equation 2.
     *
     * <p>Gain 1, with LeCun's normal initialiser, as the paper requires; by design it is 1/√E[f(x)²] too. (The 3/4 in
     * PyTorch's {@code calculate_gain("selu")} is a known oddity: it gives up the fixed point for steadier gradients.)
     */
    record Selu() implements Activation {
        public static final double LAMBDA = 1.0507009873554805;
        public static final double ALPHA = 1.6732632423543772;
        private static final double LAMBDA_ALPHA = LAMBDA * ALPHA;

        @Override
        public void apply(int n, float[] in, float[] out) {
            for (int i = 0; i < n; i++) {
                out[i] = (float) (LAMBDA * Math.max(in[i], 0f) + LAMBDA_ALPHA * Exponential.expm1(Math.min(in[i], 0f)));
            }
        }

        @Override
        public void chain(int n, float[] in, float[] out, float[] delta) {
            for (int i = 0; i < n; i++) {
                delta[i] *= in[i] > 0f ? (float) LAMBDA : out[i] + (float) LAMBDA_ALPHA;
            }
        }

        @Override
        public double gain() {
            return 1;
        }

        @Override
        public Initializer initializer() {
            return new Initializer.LecunNormal();
        }
    }

    /** {@code f(x) = 1 / (1 + exp(-x))}. Gain 4, that is 1 / f'(0): Glorot and Bengio 2010. */
    record Sigmoid() implements Activation {
        @Override
        public void apply(int n, float[] in, float[] out) {
            Exponential.sigmoid(n, in, 0, out, 0);
        }

        @Override
        public void chain(int n, float[] in, float[] out, float[] delta) {
            for (int i = 0; i < n; i++) {
                delta[i] *= out[i] * (1f - out[i]);
            }
        }

        @Override
        public double gain() {
            return 4;
        }

        @Override
        public boolean saturates() {
            return true;
        }
    }

    /**
     * {@code f(x) = clamp(x + 3, 0, 6) / 6}: a piecewise linear sigmoid as in PyTorch (Keras had another slope). The
     * derivative is 0 at -3 and at 3. Gain 6, that is 1 / f'(0), following Glorot and Bengio's gain for the sigmoid.
     */
    record HardSigmoid() implements Activation {
        @Override
        public void apply(int n, float[] in, float[] out) {
            for (int i = 0; i < n; i++) {
                out[i] = Math.min(Math.max(in[i] + 3f, 0f), 6f) / 6f;
            }
        }

        @Override
        public void chain(int n, float[] in, float[] out, float[] delta) {
            for (int i = 0; i < n; i++) {
                delta[i] = Math.abs(in[i]) < 3f ? delta[i] / 6f : 0f;
            }
        }

        @Override
        public double gain() {
            return 6;
        }

        @Override
        public boolean saturates() {
            return true;
        }
    }

    /**
     * {@code f(x) = tanh(x)}. Gain 1, that is 1 / f'(0): Glorot and Bengio 2010, who stay in the linear part around 0
     * (1/√E[f(x)²] would be 1.59, and PyTorch has 5/3).
     */
    record Tanh() implements Activation {
        @Override
        public void apply(int n, float[] in, float[] out) {
            Exponential.tanh(n, in, 0, out, 0);
        }

        @Override
        public void chain(int n, float[] in, float[] out, float[] delta) {
            for (int i = 0; i < n; i++) {
                delta[i] *= 1f - out[i] * out[i];
            }
        }

        @Override
        public double gain() {
            return 1;
        }

        @Override
        public boolean saturates() {
            return true;
        }
    }

    /**
     * {@code f(x) = ln(1 + e^x)}, with derivative {@code sigmoid(x)}. Dugas et al., Incorporating second-order functional
     * knowledge for better option pricing, NeurIPS 2000.
     */
    record Softplus() implements Activation {
        @Override
        public void apply(int n, float[] in, float[] out) {
            for (int i = 0; i < n; i++) {
                out[i] = Exponential.log1pExp(in[i]);
            }
        }

        @Override
        public void chain(int n, float[] in, float[] out, float[] delta) {
            for (int i = 0; i < n; i++) {
                delta[i] *= Exponential.sigmoid(in[i]);
            }
        }

        @Override
        public double gain() {
            return 1.041866835533502;
        }
    }

    /**
     * {@code f(x) = x · sigmoid(x)}; with s = sigmoid(x), the derivative is {@code s (1 + x (1 - s))}. Elfwing, Uchibe
     * and Doya, <a href="https://arxiv.org/abs/1702.03118">Sigmoid-weighted linear units</a>, 2017; also known as
     * swish.
     */
    record Silu() implements Activation {
        @Override
        public void apply(int n, float[] in, float[] out) {
            for (int i = 0; i < n; i++) {
                out[i] = Exponential.silu(in[i]);
            }
        }

        @Override
        public void chain(int n, float[] in, float[] out, float[] delta) {
            for (int i = 0; i < n; i++) {
                delta[i] *= Exponential.siluDerivative(in[i]);
            }
        }

        @Override
        public double gain() {
            return 1.6233202579524972;
        }
    }

    /**
     * {@code f(x) = x · Φ(x)} with Φ the normal distribution function, in its exact form through erf; the derivative is
     * {@code Φ(x) + x φ(x)}. Hendrycks and Gimpel, <a href="https://arxiv.org/abs/1606.08415">Gaussian error linear
     * units</a>, 2016.
     */
    record Gelu() implements Activation {
        @Override
        public void apply(int n, float[] in, float[] out) {
            for (int i = 0; i < n; i++) {
                out[i] = Exponential.gelu(in[i]);
            }
        }

        @Override
        public void chain(int n, float[] in, float[] out, float[] delta) {
            for (int i = 0; i < n; i++) {
                delta[i] *= Exponential.geluDerivative(in[i]);
            }
        }

        @Override
        public double gain() {
            return 1.481114412708348;
        }
    }

    /**
     * {@code f(x) = x/2 (1 + tanh(√(2/π) (x + 0.044715 x³)))}: the approximation in Hendrycks and Gimpel 2016, for models
     * that were trained with it; within 5e-4 of {@link Gelu}.
     */
    record GeluTanh() implements Activation {
        @Override
        public void apply(int n, float[] in, float[] out) {
            for (int i = 0; i < n; i++) {
                out[i] = Exponential.geluTanh(in[i]);
            }
        }

        @Override
        public void chain(int n, float[] in, float[] out, float[] delta) {
            for (int i = 0; i < n; i++) {
                delta[i] *= Exponential.geluTanhDerivative(in[i]);
            }
        }

        @Override
        public double gain() {
            return 1.4811680580933506;
        }
    }

    /**
     * {@code f(x) = x · tanh(ln(1 + e^x))}; the derivative is {@code T + x (1 - T²) sigmoid(x)}, where T is that tanh.
     * Misra, <a href="https://arxiv.org/abs/1908.08681">Mish: a self regularized non-monotonic activation function</a>,
     * BMVC 2020.
     */
    record Mish() implements Activation {
        @Override
        public void apply(int n, float[] in, float[] out) {
            for (int i = 0; i < n; i++) {
                out[i] = Exponential.mish(in[i]);
            }
        }

        @Override
        public void chain(int n, float[] in, float[] out, float[] delta) {
            for (int i = 0; i < n; i++) {
                delta[i] *= Exponential.mishDerivative(in[i]);
            }
        }

        @Override
        public double gain() {
            return 1.4447552325473196;
        }
    }
}
