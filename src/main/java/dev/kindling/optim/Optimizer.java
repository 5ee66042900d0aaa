package dev.kindling.optim;

import dev.kindling.linalg.Require;
import java.io.Serializable;
import java.util.List;

/**
 * A first-order optimizer: its hyper-parameters, and its step over state that others own. In the formulas θ are the
 * parameters, g the gradient, r the learning rate at this step, t the step counted from 1.
 */
public sealed interface Optimizer extends Serializable {

    /** The names of its state vectors. */
    default List<String> slots() {
        return List.of();
    }

    /**
     * Moves the parameters one step.
     *
     * @param rate the learning rate of this step, the schedule applied
     * @param step counted from 0
     * @param parameters modified
     * @param gradient of the mean loss, penalty included; left as it is
     * @param slots modified
     */
    void step(double rate, long step, float[] parameters, float[] gradient, Slots slots);

    /** {@code θ ← θ - r·g}. */
    record Sgd() implements Optimizer {
        @Override
        public void step(double rate, long step, float[] parameters, float[] gradient, Slots slots) {
            float r = (float) rate;
            for (int i = 0; i < parameters.length; i++) {
                parameters[i] -= r * gradient[i];
            }
        }
    }

    /**
     * Heavy-ball momentum: {@code v ← μ·v + g; θ ← θ - r·v}. Polyak 1964; Sutskever et al., <a
     * href="https://proceedings.mlr.press/v28/sutskever13.html">On the importance of initialization and momentum</a>,
     * ICML 2013, equations 1 and 2. As PyTorch and unlike the paper and Keras, the rate is outside of v: the two differ
     * once the rate changes.
     */
    record Momentum(double momentum) implements Optimizer {
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
        public void step(double rate, long step, float[] parameters, float[] gradient, Slots slots) {
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
     * 4, in PyTorch's form, which takes the gradient at θ rather than at the point looked ahead to.
     */
    record Nesterov(double momentum) implements Optimizer {
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
        public void step(double rate, long step, float[] parameters, float[] gradient, Slots slots) {
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
     * Adam: {@code m ← β₁·m + (1-β₁)·g; v ← β₂·v + (1-β₂)·g²; θ ← θ - r·m̂ / (√v̂ + ε)} with {@code m̂ = m / (1-β₁ᵗ)} and
     * {@code v̂ = v / (1-β₂ᵗ)}. Kingma and Ba, <a href="https://arxiv.org/abs/1412.6980">Adam</a>, ICLR 2015, algorithm 1.
     */
    record Adam(double beta1, double beta2, double epsilon) implements Optimizer {
        public Adam {
            Require.fraction((float) beta1, "beta1");
            Require.fraction((float) beta2, "beta2");
            // in float32 as the step has it: at 0 the step of a parameter without gradient would be 0 / 0
            Require.positive((float) epsilon, "epsilon, as a float32,");
        }

        public Adam() {
            this(0.9, 0.999, 1e-8);
        }

        @Override
        public List<String> slots() {
            return List.of("m", "v");
        }

        @Override
        public void step(double rate, long step, float[] parameters, float[] gradient, Slots slots) {
            float[] m = slots.vector(0);
            float[] v = slots.vector(1);
            float b1 = (float) beta1;
            float b2 = (float) beta2;
            float a1 = (float) (1 - beta1);
            float a2 = (float) (1 - beta2);
            double t = (double) step + 1;
            float r = (float) (rate / (1 - StrictMath.pow(beta1, t)));
            float correction = (float) (1 / Math.sqrt(1 - StrictMath.pow(beta2, t)));
            float eps = (float) epsilon;
            for (int i = 0; i < parameters.length; i++) {
                float g = gradient[i];
                m[i] = b1 * m[i] + a1 * g;
                v[i] = b2 * v[i] + a2 * g * g;
                parameters[i] -= r * m[i] / ((float) Math.sqrt(v[i]) * correction + eps);
            }
        }
    }
}
