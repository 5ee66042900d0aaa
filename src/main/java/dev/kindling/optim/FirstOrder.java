package dev.kindling.optim;

import dev.kindling.linalg.Kernels;
import dev.kindling.linalg.Require;
import dev.kindling.nn.Block;
import java.util.List;

/**
 * An optimizer that steps along gradients: its hyper-parameters, and its step, over state that the caller owns. In the
 * formulas θ are the parameters, g is the gradient, r the learning rate at this step, and t the step counted from 1.
 * Where the gradient and the state are 0, the step is 0.
 */
public sealed interface FirstOrder extends Optimizer {

    /** The names of its state vectors. */
    default List<String> slots() {
        return List.of();
    }

    @Override
    default int vectors() {
        return slots().size();
    }

    /**
     * The decoupled weight decay λ: before a step, the update rule multiplies weights, but not biases or gains, by
     * {@code 1 - r·λ}.
     */
    default double decoupledDecay() {
        return 0;
    }

    /** Whether a gradient of 0 changes neither a parameter nor its state. */
    default boolean leavesUntouched() {
        return false;
    }

    /** Whether it must know what a batch touches of the first weights, because it leaves the other rows and their state alone. */
    default boolean isLazy() {
        return false;
    }

    /**
     * Updates the parameters by one step.
     *
     * @param rate the learning rate of this step, with the schedule applied
     * @param step counted from 0
     * @param layout of the parameters
     * @param parameters modified
     * @param gradient of the mean loss, penalty included; not modified
     * @param slots modified
     */
    void step(double rate, long step, List<Block> layout, float[] parameters, float[] gradient, Slots slots);

    /** {@code θ ← θ - r·g}. */
    record Sgd() implements FirstOrder {
        @Override
        public boolean leavesUntouched() {
            return true;
        }

        @Override
        public void step(
                double rate, long step, List<Block> layout, float[] parameters, float[] gradient, Slots slots) {
            float r = (float) rate;
            for (int i = 0; i < parameters.length; i++) {
                parameters[i] -= r * gradient[i];
            }
        }
    }

    /**
     * Heavy-ball momentum: {@code v ← μ·v + g; θ ← θ - r·v}. Polyak 1964; Sutskever et al.,
     * <a href="https://proceedings.mlr.press/v28/sutskever13.html">On the importance of initialization and
     * momentum</a>, ICML 2013, equations 1 and 2. As in PyTorch, and unlike the paper and Keras, the rate is outside of
     * v: the two forms differ once the rate changes.
     */
    record Momentum(double momentum) implements FirstOrder {
        public Momentum {
            Require.fraction((float) momentum, "momentum");
        }

        public Momentum() {
            this(0.9);
        }

        @Override
        public List<String> slots() {
            return List.of("v");
        }

        @Override
        public void step(
                double rate, long step, List<Block> layout, float[] parameters, float[] gradient, Slots slots) {
            float r = (float) rate;
            float mu = (float) momentum;
            float[] v = slots.vector(0);
            for (int i = 0; i < parameters.length; i++) {
                v[i] = mu * v[i] + gradient[i];
                parameters[i] -= r * v[i];
            }
        }
    }

    /**
     * Nesterov's accelerated gradient: {@code v ← μ·v + g; θ ← θ - r·(g + μ·v)}. Sutskever et al. 2013, equations 3 and
     * 4, in PyTorch's form, which takes the gradient at θ and not at the look-ahead point.
     */
    record Nesterov(double momentum) implements FirstOrder {
        public Nesterov {
            Require.fraction((float) momentum, "momentum");
        }

        public Nesterov() {
            this(0.9);
        }

        @Override
        public List<String> slots() {
            return List.of("v");
        }

        @Override
        public void step(
                double rate, long step, List<Block> layout, float[] parameters, float[] gradient, Slots slots) {
            float r = (float) rate;
            float mu = (float) momentum;
            float[] v = slots.vector(0);
            for (int i = 0; i < parameters.length; i++) {
                v[i] = mu * v[i] + gradient[i];
                parameters[i] -= r * (gradient[i] + mu * v[i]);
            }
        }
    }

    /**
     * AdaGrad: {@code s ← s + g²; θ ← θ - r·g/(√s + ε)}. Duchi et al., <a
     * href="https://jmlr.org/papers/v12/duchi11a.html">Adaptive Subgradient Methods</a>, JMLR 2011, the diagonal form.
     * PyTorch's default ε.
     */
    record Adagrad(double epsilon) implements FirstOrder {
        public Adagrad {
            requireEpsilon(epsilon);
        }

        public Adagrad() {
            this(1e-10);
        }

        @Override
        public List<String> slots() {
            return List.of("s");
        }

        @Override
        public boolean leavesUntouched() {
            return true;
        }

        @Override
        public void step(
                double rate, long step, List<Block> layout, float[] parameters, float[] gradient, Slots slots) {
            float r = (float) rate;
            float eps = (float) epsilon;
            float[] s = slots.vector(0);
            for (int i = 0; i < parameters.length; i++) {
                float g = gradient[i];
                s[i] += g * g;
                parameters[i] -= r * g / ((float) Math.sqrt(s[i]) + eps);
            }
        }
    }

    /**
     * AdaDelta: {@code s ← ρ·s + (1-ρ)·g²; d = g·√(u + ε)/√(s + ε); u ← ρ·u + (1-ρ)·d²; θ ← θ - r·d}. Zeiler,
     * <a href="https://arxiv.org/abs/1212.5701">ADADELTA</a>, 2012, algorithm 1, which has r = 1. PyTorch's defaults.
     */
    record Adadelta(double rho, double epsilon) implements FirstOrder {
        public Adadelta {
            Require.fraction((float) rho, "rho");
            requireEpsilon(epsilon);
        }

        public Adadelta() {
            this(0.9, 1e-6);
        }

        @Override
        public List<String> slots() {
            return List.of("s", "u");
        }

        @Override
        public void step(
                double rate, long step, List<Block> layout, float[] parameters, float[] gradient, Slots slots) {
            float r = (float) rate;
            float p = (float) rho;
            float q = (float) (1 - rho);
            float eps = (float) epsilon;
            float[] s = slots.vector(0);
            float[] u = slots.vector(1);
            for (int i = 0; i < parameters.length; i++) {
                float g = gradient[i];
                s[i] = p * s[i] + q * g * g;
                float d = g * (float) Math.sqrt(u[i] + eps) / (float) Math.sqrt(s[i] + eps);
                u[i] = p * u[i] + q * d * d;
                parameters[i] -= r * d;
            }
        }
    }

    /**
     * RMSProp: {@code s ← α·s + (1-α)·g²; d = g/(√s + ε); v ← μ·v + d; θ ← θ - r·v}. Tieleman and Hinton, <a
     * href="https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf">lecture 6e</a>, 2012. Centered,
     * after Graves, <a href="https://arxiv.org/abs/1308.0850">Generating Sequences</a>, 2013, equations 38 to 45: {@code
     * a ← α·a + (1-α)·g} and √(s - a²) for √s. PyTorch's defaults, and its rate outside of v.
     */
    record Rmsprop(double alpha, double epsilon, double momentum, boolean centered) implements FirstOrder {
        public Rmsprop {
            Require.fraction((float) alpha, "alpha");
            requireEpsilon(epsilon);
            Require.fraction((float) momentum, "momentum");
        }

        public Rmsprop() {
            this(0.99, 1e-8, 0, false);
        }

        @Override
        public List<String> slots() {
            return List.of("s", "v", "a");
        }

        @Override
        public void step(
                double rate, long step, List<Block> layout, float[] parameters, float[] gradient, Slots slots) {
            float r = (float) rate;
            float p = (float) alpha;
            float q = (float) (1 - alpha);
            float eps = (float) epsilon;
            float mu = (float) momentum;
            float c = centered ? q : 0f; // 0 keeps a at 0
            float[] s = slots.vector(0);
            float[] v = slots.vector(1);
            float[] a = slots.vector(2);
            for (int i = 0; i < parameters.length; i++) {
                float g = gradient[i];
                s[i] = p * s[i] + q * g * g;
                a[i] = p * a[i] + c * g;
                float variance = Math.max(s[i] - a[i] * a[i], 0f); // below 0 only by rounding
                v[i] = mu * v[i] + g / ((float) Math.sqrt(variance) + eps);
                parameters[i] -= r * v[i];
            }
        }
    }

    /**
     * Adam: {@code m ← β₁·m + (1-β₁)·g; v ← β₂·v + (1-β₂)·g²; θ ← θ - r·m̂ / (√v̂ + ε)} with {@code m̂ = m / (1-β₁ᵗ)} and
     * {@code v̂ = v / (1-β₂ᵗ)}. Kingma and Ba, <a href="https://arxiv.org/abs/1412.6980">Adam</a>, ICLR 2015, algorithm 1.
     */
    record Adam(double beta1, double beta2, double epsilon) implements FirstOrder {
        public Adam {
            requireAdam(beta1, beta2, epsilon);
        }

        public Adam() {
            this(0.9, 0.999, 1e-8);
        }

        @Override
        public List<String> slots() {
            return List.of("m", "v");
        }

        @Override
        public void step(
                double rate, long step, List<Block> layout, float[] parameters, float[] gradient, Slots slots) {
            adam(beta1, beta2, epsilon, rate, step, parameters, gradient, slots);
        }
    }

    /**
     * Adam with decoupled decay: weights are multiplied by {@code 1 - r·λ} before {@link Adam}'s step. Loshchilov and
     * Hutter, <a href="https://arxiv.org/abs/1711.05101">Decoupled Weight Decay Regularization</a>, ICLR 2019, algorithm
     * 2. PyTorch decays all parameters it is given; here biases and gains do not decay.
     */
    record Adamw(double beta1, double beta2, double epsilon, double weightDecay) implements FirstOrder {
        public Adamw {
            requireAdam(beta1, beta2, epsilon);
            Require.nonNegative(weightDecay, "weightDecay");
        }

        public Adamw() {
            this(0.9, 0.999, 1e-8, 0.01);
        }

        @Override
        public List<String> slots() {
            return List.of("m", "v");
        }

        @Override
        public double decoupledDecay() {
            return weightDecay;
        }

        @Override
        public void step(
                double rate, long step, List<Block> layout, float[] parameters, float[] gradient, Slots slots) {
            adam(beta1, beta2, epsilon, rate, step, parameters, gradient, slots);
        }
    }

    /**
     * Adam for wide sparse inputs: a row of the first weights is stepped, and its moments decay, only where the batch touches
     * it. {@code m ← β₁·m + (1-β₁)·g; v ← β₂·v + (1-β₂)·g²; θ ← θ - r·√(1-β₂ᵗ)/(1-β₁ᵗ) · m/(√v + ε)}, where t counts all
     * steps. This is PyTorch's {@code SparseAdam} and TensorFlow's {@code LazyAdam}; all other parameters take the same
     * formula, in which ε is added before the correction, as in the last paragraph of section 2 of Kingma and Ba 2015.
     */
    record LazyAdam(double beta1, double beta2, double epsilon) implements FirstOrder {
        public LazyAdam {
            requireAdam(beta1, beta2, epsilon);
        }

        public LazyAdam() {
            this(0.9, 0.999, 1e-8);
        }

        @Override
        public List<String> slots() {
            return List.of("m", "v");
        }

        @Override
        public boolean isLazy() {
            return true;
        }

        @Override
        public void step(
                double rate, long step, List<Block> layout, float[] parameters, float[] gradient, Slots slots) {
            double t = step + 1.0;
            double correction = Math.sqrt(1 - StrictMath.pow(beta2, t)) / (1 - StrictMath.pow(beta1, t));
            float r = (float) (rate * correction);
            float b1 = (float) beta1;
            float a1 = (float) (1 - beta1);
            float b2 = (float) beta2;
            float a2 = (float) (1 - beta2);
            float eps = (float) epsilon;
            float[] m = slots.vector(0);
            float[] v = slots.vector(1);
            for (int i = 0; i < parameters.length; i++) {
                float g = gradient[i];
                m[i] = b1 * m[i] + a1 * g;
                v[i] = b2 * v[i] + a2 * g * g;
                parameters[i] -= r * m[i] / ((float) Math.sqrt(v[i]) + eps);
            }
        }
    }

    /**
     * AdaMax: {@code m ← β₁·m + (1-β₁)·g; u ← max(β₂·u, |g| + ε); θ ← θ - r/(1-β₁ᵗ)·m/u}. Kingma and Ba 2015, algorithm
     * 2, with PyTorch's ε.
     */
    record Adamax(double beta1, double beta2, double epsilon) implements FirstOrder {
        public Adamax {
            requireAdam(beta1, beta2, epsilon);
        }

        public Adamax() {
            this(0.9, 0.999, 1e-8);
        }

        @Override
        public List<String> slots() {
            return List.of("m", "u");
        }

        @Override
        public void step(
                double rate, long step, List<Block> layout, float[] parameters, float[] gradient, Slots slots) {
            float r = (float) (rate / (1 - StrictMath.pow(beta1, step + 1.0)));
            float b1 = (float) beta1;
            float a1 = (float) (1 - beta1);
            float b2 = (float) beta2;
            float eps = (float) epsilon;
            float[] m = slots.vector(0);
            float[] u = slots.vector(1);
            for (int i = 0; i < parameters.length; i++) {
                float g = gradient[i];
                m[i] = b1 * m[i] + a1 * g;
                u[i] = Math.max(b2 * u[i], Math.abs(g) + eps);
                parameters[i] -= r * m[i] / u[i];
            }
        }
    }

    /**
     * Adam with Nesterov momentum: {@code θ ← θ - r·(μ_{t+1}·m/(1 - Π_{t+1}) + (1-μ_t)·g/(1 - Π_t)) / (√v̂ + ε)} with
     * {@code μ_t = β₁·(1 - 0.96^(0.004·t)/2)} and Π_t = μ_1·…·μ_t. Dozat,
     * <a href="https://openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ">Incorporating Nesterov Momentum into Adam</a>,
     * 2016, with PyTorch's momentum decay.
     */
    record Nadam(double beta1, double beta2, double epsilon) implements FirstOrder {
        private static final double MOMENTUM_DECAY = 4e-3;

        public Nadam {
            requireAdam(beta1, beta2, epsilon);
        }

        public Nadam() {
            this(0.9, 0.999, 1e-8);
        }

        @Override
        public List<String> slots() {
            return List.of("m", "v");
        }

        private double momentum(double t) {
            return beta1 * (1 - 0.5 * StrictMath.pow(0.96, t * MOMENTUM_DECAY));
        }

        /**
         * The product of the first t momenta. The loop stops once the product is too small to change 1 - Π, so it is
         * short in a long run too.
         */
        private double product(long t) {
            double product = 1;
            for (long i = 1; i <= t && product > 1e-20; i++) {
                product *= momentum((double) i);
            }
            return product;
        }

        @Override
        public void step(
                double rate, long step, List<Block> layout, float[] parameters, float[] gradient, Slots slots) {
            long t = step + 1;
            double mu = momentum((double) t);
            double next = momentum(t + 1.0);
            double product = product(t);
            float ofGradient = (float) (rate * (1 - mu) / (1 - product));
            float ofMomentum = (float) (rate * next / (1 - product * next));
            float correction = (float) (1 / Math.sqrt(1 - StrictMath.pow(beta2, (double) t)));
            float b1 = (float) beta1;
            float a1 = (float) (1 - beta1);
            float b2 = (float) beta2;
            float a2 = (float) (1 - beta2);
            float eps = (float) epsilon;
            float[] m = slots.vector(0);
            float[] v = slots.vector(1);
            for (int i = 0; i < parameters.length; i++) {
                float g = gradient[i];
                m[i] = b1 * m[i] + a1 * g;
                v[i] = b2 * v[i] + a2 * g * g;
                parameters[i] -= (ofGradient * g + ofMomentum * m[i]) / ((float) Math.sqrt(v[i]) * correction + eps);
            }
        }
    }

    /**
     * Adam whose second moment never decreases: {@code w ← max(w, v)}, and {@code ŵ = w / (1-β₂ᵗ)} in place of v̂.
     * Reddi et al., <a href="https://arxiv.org/abs/1904.09237">On the Convergence of Adam and Beyond</a>, ICLR 2018,
     * with the bias corrections that PyTorch adds.
     */
    record Amsgrad(double beta1, double beta2, double epsilon) implements FirstOrder {
        public Amsgrad {
            requireAdam(beta1, beta2, epsilon);
        }

        public Amsgrad() {
            this(0.9, 0.999, 1e-8);
        }

        @Override
        public List<String> slots() {
            return List.of("m", "v", "w");
        }

        @Override
        public void step(
                double rate, long step, List<Block> layout, float[] parameters, float[] gradient, Slots slots) {
            float r = (float) (rate / (1 - StrictMath.pow(beta1, step + 1.0)));
            float correction = (float) (1 / Math.sqrt(1 - StrictMath.pow(beta2, step + 1.0)));
            float b1 = (float) beta1;
            float a1 = (float) (1 - beta1);
            float b2 = (float) beta2;
            float a2 = (float) (1 - beta2);
            float eps = (float) epsilon;
            float[] m = slots.vector(0);
            float[] v = slots.vector(1);
            float[] w = slots.vector(2);
            for (int i = 0; i < parameters.length; i++) {
                float g = gradient[i];
                m[i] = b1 * m[i] + a1 * g;
                v[i] = b2 * v[i] + a2 * g * g;
                w[i] = Math.max(w[i], v[i]);
                parameters[i] -= r * m[i] / ((float) Math.sqrt(w[i]) * correction + eps);
            }
        }
    }

    /**
     * Lion: {@code θ ← θ - r·sign(β₁·m + (1-β₁)·g); m ← β₂·m + (1-β₂)·g}, after decoupled weight decay. Chen et al.,
     * <a href="https://arxiv.org/abs/2302.06675">Symbolic Discovery of Optimization Algorithms</a>, 2023, algorithm 2.
     * It needs learning rates three to ten times lower than Adam's.
     */
    record Lion(double beta1, double beta2, double weightDecay) implements FirstOrder {
        public Lion {
            Require.fraction((float) beta1, "beta1");
            Require.fraction((float) beta2, "beta2");
            Require.nonNegative(weightDecay, "weightDecay");
        }

        public Lion() {
            this(0.9, 0.99, 0);
        }

        @Override
        public List<String> slots() {
            return List.of("m");
        }

        @Override
        public double decoupledDecay() {
            return weightDecay;
        }

        @Override
        public void step(
                double rate, long step, List<Block> layout, float[] parameters, float[] gradient, Slots slots) {
            float r = (float) rate;
            float b1 = (float) beta1;
            float a1 = (float) (1 - beta1);
            float b2 = (float) beta2;
            float a2 = (float) (1 - beta2);
            float[] m = slots.vector(0);
            for (int i = 0; i < parameters.length; i++) {
                float g = gradient[i];
                parameters[i] -= r * Sign.of(b1 * m[i] + a1 * g);
                m[i] = b2 * m[i] + a2 * g;
            }
        }
    }

    /**
     * LAMB, for large batches: Adam's step u plus {@code λ·θ}, scaled block by block to the norm of the parameters:
     * {@code θ ← θ - r·(‖θ‖/‖u‖)·u}, with a ratio of 1 if either norm is 0. You et al.,
     * <a href="https://arxiv.org/abs/1904.00962">Large Batch Optimization for Deep Learning</a>, ICLR 2020, algorithm
     * 2, with φ the identity. Biases and gains do not decay.
     */
    record Lamb(double beta1, double beta2, double epsilon, double weightDecay) implements FirstOrder {
        public Lamb {
            requireAdam(beta1, beta2, epsilon);
            Require.nonNegative(weightDecay, "weightDecay");
        }

        public Lamb() {
            this(0.9, 0.999, 1e-6, 0.01);
        }

        @Override
        public List<String> slots() {
            return List.of("m", "v");
        }

        @Override
        public void step(
                double rate, long step, List<Block> layout, float[] parameters, float[] gradient, Slots slots) {
            float scale = (float) (1 / (1 - StrictMath.pow(beta1, step + 1.0)));
            float correction = (float) (1 / Math.sqrt(1 - StrictMath.pow(beta2, step + 1.0)));
            float b1 = (float) beta1;
            float a1 = (float) (1 - beta1);
            float b2 = (float) beta2;
            float a2 = (float) (1 - beta2);
            float eps = (float) epsilon;
            float[] m = slots.vector(0);
            float[] v = slots.vector(1);
            for (int i = 0; i < parameters.length; i++) {
                float g = gradient[i];
                m[i] = b1 * m[i] + a1 * g;
                v[i] = b2 * v[i] + a2 * g * g;
            }
            for (Block block : layout) {
                int from = block.offset();
                int to = from + block.size();
                float lambda = block.role() == Block.Role.WEIGHT ? (float) weightDecay : 0f;
                double length = 0;
                for (int i = from; i < to; i++) {
                    float u = scale * m[i] / ((float) Math.sqrt(v[i]) * correction + eps) + lambda * parameters[i];
                    length += (double) u * u;
                }
                float r = (float) (rate * trust(norm(block, parameters), Math.sqrt(length)));
                for (int i = from; i < to; i++) {
                    float u = scale * m[i] / ((float) Math.sqrt(v[i]) * correction + eps) + lambda * parameters[i];
                    parameters[i] -= r * u;
                }
            }
        }
    }

    /**
     * LARS, for large batches: momentum whose rate for each block of weights is scaled by {@code η·‖θ‖/(‖g‖ + λ·‖θ‖)}:
     * {@code v ← μ·v + r·scale·(g + λ·θ); θ ← θ - v}. You et al., <a href="https://arxiv.org/abs/1708.03888">Large
     * Batch Training of Convolutional Networks</a>, 2017, algorithm 1. As is customary, biases and gains take plain
     * momentum, without scale and decay. The scale is 1 if ‖θ‖ or the divisor is 0.
     *
     * @param trust η
     * @param weightDecay λ
     */
    record Lars(double momentum, double trust, double weightDecay) implements FirstOrder {
        public Lars {
            Require.fraction((float) momentum, "momentum");
            Require.positive((float) trust, "trust, as a float32,");
            Require.nonNegative(weightDecay, "weightDecay");
        }

        public Lars() {
            this(0.9, 0.001, 0);
        }

        @Override
        public List<String> slots() {
            return List.of("v");
        }

        @Override
        public void step(
                double rate, long step, List<Block> layout, float[] parameters, float[] gradient, Slots slots) {
            float mu = (float) momentum;
            float[] v = slots.vector(0);
            for (Block block : layout) {
                float r = (float) rate;
                float lambda = 0f;
                if (block.role() == Block.Role.WEIGHT) {
                    double length = norm(block, parameters);
                    double below = norm(block, gradient) + weightDecay * length;
                    r = (float) (rate * (length > 0 && below > 0 ? trust * length / below : 1));
                    lambda = (float) weightDecay;
                }
                for (int i = block.offset(); i < block.offset() + block.size(); i++) {
                    v[i] = mu * v[i] + r * (gradient[i] + lambda * parameters[i]);
                    parameters[i] -= v[i];
                }
            }
        }
    }

    private static void adam(
            double beta1,
            double beta2,
            double epsilon,
            double rate,
            long step,
            float[] parameters,
            float[] gradient,
            Slots slots) {
        float[] m = slots.vector(0);
        float[] v = slots.vector(1);
        float b1 = (float) beta1;
        float b2 = (float) beta2;
        float a1 = (float) (1 - beta1);
        float a2 = (float) (1 - beta2);
        float r = (float) (rate / (1 - StrictMath.pow(beta1, step + 1.0)));
        float correction = (float) (1 / Math.sqrt(1 - StrictMath.pow(beta2, step + 1.0)));
        float eps = (float) epsilon;
        for (int i = 0; i < parameters.length; i++) {
            float g = gradient[i];
            m[i] = b1 * m[i] + a1 * g;
            v[i] = b2 * v[i] + a2 * g * g;
            parameters[i] -= r * m[i] / ((float) Math.sqrt(v[i]) * correction + eps);
        }
    }

    private static double norm(Block block, float[] values) {
        return Math.sqrt(Kernels.sumOfSquares(block.size(), values, block.offset()));
    }

    private static double trust(double length, double step) {
        return length > 0 && step > 0 ? length / step : 1;
    }

    private static void requireAdam(double beta1, double beta2, double epsilon) {
        Require.fraction((float) beta1, "beta1");
        Require.fraction((float) beta2, "beta2");
        requireEpsilon(epsilon);
    }

    /**
     * Checked as float32, as the step uses it: if it rounds to 0, the step of a parameter without gradient is 0 / 0.
     */
    private static void requireEpsilon(double epsilon) {
        Require.positive((float) epsilon, "epsilon, as a float32,");
    }
}
