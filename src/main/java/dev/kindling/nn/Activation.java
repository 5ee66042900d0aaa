package dev.kindling.nn;

import dev.kindling.linalg.Exponential;
import dev.kindling.linalg.Require;

/**
 * A function applied to each value. Each is a record here; {@code chain} is given both the input and the output, since
 * some derivatives are cheaper from one, some from the other.
 */
public sealed interface Activation extends Nonlinear {

    /** {@code out[i] = f(in[i])} for n values. Arrays have no offsets: HotSpot vectorises only loops without. */
    void apply(int n, float[] in, float[] out);

    /** {@code delta[i] *= f'(in[i])} for n values, where {@code out[i] = f(in[i])}. */
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
    }

    /** {@code f(x) = max(x, 0)}, with derivative 0 at 0. A NaN stays a NaN. */
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
                delta[i] = out[i] > 0f ? delta[i] : 0f;
            }
        }

        @Override
        public double gain() {
            return Math.sqrt(2);
        }

        @Override
        public Initializer initializer() {
            return new Initializer.HeNormal();
        }
    }

    /** {@code f(x) = x} for x &gt; 0, else {@code slope · x}. */
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
            float a = (float) slope;
            for (int i = 0; i < n; i++) {
                delta[i] = in[i] > 0f ? delta[i] : a * delta[i];
            }
        }

        @Override
        public double gain() {
            return Math.sqrt(2 / (1 + slope * slope));
        }

        @Override
        public Initializer initializer() {
            return new Initializer.HeNormal();
        }
    }

    /** {@code f(x) = 1 / (1 + exp(-x))}. */
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
    }

    /** {@code f(x) = tanh(x)}. */
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
    }
}
