package dev.kindling.nn;

import dev.kindling.linalg.Exponential;
import dev.kindling.linalg.Require;
import java.io.Serializable;

/**
 * What training minimises. A loss takes the network's raw outputs (logits) and owns the link from them to predictions,
 * so that a wrong pair of the two cannot be written.
 */
public sealed interface Loss extends Serializable {

    /** The number of outputs a network needs for {@code classes} classes; for a regression loss, 1. */
    int outputs(int classes);

    /** Whether a network of so many outputs can be trained with it on so many classes (0 where targets are values). */
    boolean fits(int outputs, int classes);

    /** Whether targets are class indices. */
    boolean isClassification();

    /**
     * The weighted <em>sum</em> of the rows' losses.
     *
     * @param logits (rows, outputs)
     * @param delta (rows, outputs): overwritten with the gradient of that sum with respect to the logits
     */
    double evaluate(Batch batch, int outputs, float[] logits, float[] delta);

    /** Turns logits (rows, outputs) into predictions, in place: probabilities, or the value itself. */
    void link(int rows, int outputs, float[] logits);

    /**
     * Cross-entropy of the softmax of the logits: {@code log Σⱼ exp(zⱼ) - z_t} for class t, by the log-sum-exp trick.
     * Gradient: {@code softmax(z) - onehot(t)}. Targets are class indices 0..k-1, with k the number of outputs.
     */
    record SoftmaxCrossEntropy() implements Loss {
        @Override
        public int outputs(int classes) {
            return classes;
        }

        @Override
        public boolean fits(int outputs, int classes) {
            return outputs > 1 && classes <= outputs;
        }

        @Override
        public boolean isClassification() {
            return true;
        }

        @Override
        public double evaluate(Batch batch, int outputs, float[] logits, float[] delta) {
            double sum = 0;
            for (int row = 0; row < batch.rows(); row++) {
                int from = row * outputs;
                int target = from + (int) batch.target(row);
                float weight = batch.weight(row);
                float max = max(outputs, logits, from);
                double total = exponentials(outputs, max, logits, delta, from);
                // total >= 1, for the largest logit gives exp(0)
                sum += weight * (StrictMath.log(total) + max - logits[target]);
                float scale = (float) (weight / total);
                for (int j = from; j < from + outputs; j++) {
                    delta[j] *= scale;
                }
                delta[target] -= weight;
            }
            return sum;
        }

        @Override
        public void link(int rows, int outputs, float[] logits) {
            for (int row = 0; row < rows; row++) {
                int from = row * outputs;
                double total = exponentials(outputs, max(outputs, logits, from), logits, logits, from);
                for (int j = from; j < from + outputs; j++) {
                    logits[j] = (float) (logits[j] / total);
                }
            }
        }

        private static float max(int n, float[] values, int from) {
            float max = values[from];
            for (int j = from + 1; j < from + n; j++) {
                max = Math.max(max, values[j]);
            }
            return max;
        }

        private static double exponentials(int n, float max, float[] logits, float[] out, int from) {
            double total = 0;
            for (int j = from; j < from + n; j++) {
                out[j] = Exponential.exp(logits[j] - max);
                total += out[j];
            }
            return total;
        }
    }

    /**
     * Binary cross-entropy of the sigmoid of one logit: {@code t·log(1 + exp(-z)) + (1 - t)·log(1 + exp(z))} for target t
     * in {0, 1}. Gradient: {@code sigmoid(z) - t}. Class 1 is the positive one.
     */
    record SigmoidCrossEntropy() implements Loss {
        @Override
        public int outputs(int classes) {
            Require.that(
                    classes == 2,
                    "sigmoidCrossEntropy tells two classes apart, but the labels have " + classes
                            + "; use softmaxCrossEntropy");
            return 1;
        }

        @Override
        public boolean fits(int outputs, int classes) {
            return outputs == 1 && classes <= 2;
        }

        @Override
        public boolean isClassification() {
            return true;
        }

        @Override
        public double evaluate(Batch batch, int outputs, float[] logits, float[] delta) {
            double sum = 0;
            for (int row = 0; row < batch.rows(); row++) {
                float z = logits[row];
                float target = batch.target(row);
                float weight = batch.weight(row);
                double loss =
                        target * (double) Exponential.log1pExp(-z) + (1 - target) * (double) Exponential.log1pExp(z);
                sum += weight * loss;
                delta[row] = weight * (Exponential.sigmoid(z) - target);
            }
            return sum;
        }

        @Override
        public void link(int rows, int outputs, float[] logits) {
            Exponential.sigmoid(rows, logits, 0, logits, 0);
        }
    }

    /** {@code (y - t)²}; its mean is the mean squared error. Gradient: {@code 2 (y - t)}. */
    record SquaredError() implements Loss {
        @Override
        public int outputs(int classes) {
            return 1;
        }

        @Override
        public boolean fits(int outputs, int classes) {
            return outputs == 1;
        }

        @Override
        public boolean isClassification() {
            return false;
        }

        @Override
        public double evaluate(Batch batch, int outputs, float[] logits, float[] delta) {
            double sum = 0;
            for (int row = 0; row < batch.rows(); row++) {
                float weight = batch.weight(row);
                float error = logits[row] - batch.target(row);
                sum += weight * ((double) error * error);
                delta[row] = 2 * weight * error;
            }
            return sum;
        }

        @Override
        public void link(int rows, int outputs, float[] logits) {}
    }
}
