package dev.kindling.loss;

import dev.kindling.linalg.Exponential;
import dev.kindling.linalg.Require;
import java.io.Serializable;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What training minimises. A loss takes the network's raw outputs (logits) and owns the link from them to predictions,
 * so that a wrong pair of the two cannot be written.
 */
public sealed interface Loss extends Serializable
        permits Loss.SoftmaxCrossEntropy, Loss.SigmoidCrossEntropy, Loss.MulticlassHinge, Loss.Focal, ValueLoss {

    /** The number of outputs that a network needs for so many classes, or for so many values a row. */
    int outputs(int count);

    /** Whether it can train a network with so many outputs on so many classes (0 where targets are values). */
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

    /**
     * The same, and what {@link #link} does, at once: of many classes, exponentials are most of the work of either.
     *
     * @param logits (rows, outputs): overwritten with predictions
     * @param scratch (rows, outputs): overwritten
     */
    default double evaluateAndLink(Batch batch, int outputs, float[] logits, float[] scratch) {
        double sum = evaluate(batch, outputs, logits, scratch);
        link(batch.rows(), outputs, logits);
        return sum;
    }

    /**
     * The weighted <em>sum</em> of the lowest losses that any outputs could have. It is above 0 where the loss contains the
     * entropy of the targets.
     */
    double lowest(Batch batch, int outputs);

    /** Turns logits (rows, outputs) into predictions, in place: probabilities, or the value itself. */
    void link(int rows, int outputs, float[] logits);

    /**
     * The logits whose predictions are the mean of the predictions of several networks.
     *
     * @param networks the logits (rows, outputs) of each
     * @param into (rows, outputs): overwritten
     */
    void average(int rows, int outputs, float[][] networks, float[] into);

    /** What a finite target must be, such as {@code at least 0}, if the given one is not allowed; else null. */
    default @Nullable String targetProblem(float target) {
        return null;
    }

    /**
     * The initial bias of the output layer: what a network of this bias alone would learn, so that the first steps are not
     * spent on it. If the weights before it are zero and the loss is softmaxCrossEntropy, sigmoidCrossEntropy,
     * squaredError or poisson, the gradient of the mean loss with respect to it is 0.
     *
     * @param outputs the number of outputs of the network
     * @param rows the number of rows trained on
     * @param classWeights (classes) the total weight of the rows of each class; empty where targets are values
     * @param meanTargets (outputs) the weighted mean of each target; not used where they are classes
     * @return (outputs)
     */
    float[] outputBias(int outputs, long rows, double[] classWeights, double[] meanTargets);

    /**
     * Cross-entropy of the softmax of the logits: {@code log Σⱼ exp(zⱼ) - z_t} for class t, by the log-sum-exp trick.
     * Gradient: {@code softmax(z) - onehot(t)}. Targets are class indices 0..k-1, with k the number of outputs.
     *
     * <p>With label smoothing ε the target of class j is {@code q_j = (1 - ε) onehot(t)_j + ε/k} instead: loss {@code log
     * Σⱼ exp(zⱼ) - Σⱼ q_j z_j}, gradient {@code softmax(z) - q}. Szegedy et al., <a
     * href="https://arxiv.org/abs/1512.00567">Rethinking the Inception architecture</a>, CVPR 2016, section 7.
     */
    record SoftmaxCrossEntropy(double labelSmoothing) implements Loss {
        public SoftmaxCrossEntropy {
            Require.fraction((float) labelSmoothing, "the labelSmoothing of softmaxCrossEntropy");
        }

        public SoftmaxCrossEntropy() {
            this(0);
        }

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
                scale(outputs, weight / total, delta, from);
                delta[target] -= (float) (weight * (1 - labelSmoothing));
                if (labelSmoothing > 0) {
                    sum += weight * smooth(outputs, weight, logits[target], logits, delta, from);
                }
            }
            return sum;
        }

        @Override
        public double evaluateAndLink(Batch batch, int outputs, float[] logits, float[] scratch) {
            if (labelSmoothing > 0) {
                return Loss.super.evaluateAndLink(batch, outputs, logits, scratch);
            }
            double sum = 0;
            for (int row = 0; row < batch.rows(); row++) {
                int from = row * outputs;
                float own = logits[from + (int) batch.target(row)];
                float max = max(outputs, logits, from);
                double total = softmax(outputs, max, logits, from);
                sum += batch.weight(row) * (StrictMath.log(total) + max - own);
            }
            return sum;
        }

        /** Subtracts the even part of the target from the gradient; returns what it adds to the loss, ε/k Σⱼ (z_t - zⱼ). */
        private double smooth(int outputs, float weight, float own, float[] logits, float[] delta, int from) {
            double even = labelSmoothing / outputs;
            float part = (float) (weight * even);
            double sum = 0;
            for (int j = from; j < from + outputs; j++) {
                sum += (double) own - logits[j];
                delta[j] -= part;
            }
            return even * sum;
        }

        /** The entropy of the smoothed targets. */
        @Override
        public double lowest(Batch batch, int outputs) {
            if (labelSmoothing == 0) {
                return 0;
            }
            double even = labelSmoothing / outputs;
            double own = 1 - labelSmoothing + even;
            return batch.weight() * (-own * Math.log(own) - (outputs - 1) * even * Math.log(even));
        }

        @Override
        public void link(int rows, int outputs, float[] logits) {
            softmax(rows, outputs, logits);
        }

        @Override
        public void average(int rows, int outputs, float[][] networks, float[] into) {
            Averaging.probabilities(rows, outputs, networks, into);
        }

        /** The logarithm of each class's share of the weight, smoothed like the targets. */
        @Override
        public float[] outputBias(int outputs, long rows, double[] classWeights, double[] meanTargets) {
            return logPriors(outputs, rows, classWeights, labelSmoothing);
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
        public double lowest(Batch batch, int outputs) {
            return 0;
        }

        @Override
        public void link(int rows, int outputs, float[] logits) {
            Exponential.sigmoid(rows, logits, 0, logits, 0);
        }

        @Override
        public void average(int rows, int outputs, float[][] networks, float[] into) {
            Averaging.odds(rows, networks, into);
        }

        /** The log-odds of class 1. */
        @Override
        public float[] outputBias(int outputs, long rows, double[] classWeights, double[] meanTargets) {
            double[] shares = shares(2, rows, classWeights);
            return new float[] {(float) StrictMath.log(shares[1] / shares[0])};
        }
    }

    /**
     * The support vector machine's loss for many classes: {@code Σ_(j≠t) max(0, margin - z_t + z_j)}. Gradient: 1 for each
     * class j with a positive term, and minus their number for t. Weston and Watkins, <i>Support vector machines for
     * multi-class pattern recognition</i>, ESANN 1999, without the square.
     *
     * <p>It is the <em>sum</em> over the other classes; PyTorch's MultiMarginLoss divides it by the number of classes. The link
     * is the softmax of the scores, for want of a better one: these probabilities are not calibrated.
     */
    record MulticlassHinge(double margin) implements Loss {
        public MulticlassHinge {
            Require.positive((float) margin, "the margin of multiclassHinge, as a float32,");
        }

        public MulticlassHinge() {
            this(1);
        }

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
                double loss = 0;
                int violated = 0;
                for (int j = from; j < from + outputs; j++) {
                    double term = margin - logits[target] + logits[j];
                    boolean violates = !(term <= 0) && j != target; // negated, so that a NaN is not lost
                    loss += violates ? term : 0;
                    violated += violates ? 1 : 0;
                    delta[j] = violates ? weight : 0f;
                }
                sum += weight * loss;
                delta[target] = -weight * violated;
            }
            return sum;
        }

        @Override
        public double lowest(Batch batch, int outputs) {
            return 0;
        }

        @Override
        public void link(int rows, int outputs, float[] logits) {
            softmax(rows, outputs, logits);
        }

        @Override
        public void average(int rows, int outputs, float[][] networks, float[] into) {
            Averaging.probabilities(rows, outputs, networks, into);
        }

        /** Zeros: the loss knows margins, not frequencies. */
        @Override
        public float[] outputBias(int outputs, long rows, double[] classWeights, double[] meanTargets) {
            return new float[outputs];
        }
    }

    /**
     * Cross-entropy of the softmax of the logits, reduced where a row is already right: {@code -(1 - p)^gamma log p} with
     * p the probability given to its class t. With gamma 0 it is {@link SoftmaxCrossEntropy}. Lin et al., <a
     * href="https://arxiv.org/abs/1708.02002">Focal loss for dense object detection</a>, ICCV 2017, equation 4, for many
     * classes and without the weights α, which are the rows' weights.
     *
     * <p>Gradient: {@code A (softmax(z) - onehot(t))} with {@code A = (1 - p)^gamma (1 - gamma p log p / (1 - p))}.
     */
    record Focal(double gamma) implements Loss {
        public Focal {
            Require.nonNegative(gamma, "the gamma of focal");
        }

        public Focal() {
            this(2);
        }

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
                double others = 0; // not total - delta[target], which cancels
                for (int j = from; j < from + outputs; j++) {
                    others += j == target ? 0 : delta[j];
                }
                double p = delta[target] / total;
                double q = others / total;
                double logLoss = q < 0.5 ? -StrictMath.log1p(-q) : StrictMath.log(total) + max - logits[target];
                double factor = StrictMath.pow(q, gamma);
                sum += weight * (factor * logLoss);
                double share = q > 0 ? logLoss / q : 1; // -log(1 - q) / q tends to 1
                double scale = weight * (factor * (1 + gamma * p * share));
                scale(outputs, scale / total, delta, from);
                delta[target] = (float) (-scale * q);
            }
            return sum;
        }

        @Override
        public double lowest(Batch batch, int outputs) {
            return 0;
        }

        @Override
        public void link(int rows, int outputs, float[] logits) {
            softmax(rows, outputs, logits);
        }

        @Override
        public void average(int rows, int outputs, float[][] networks, float[] into) {
            Averaging.probabilities(rows, outputs, networks, into);
        }

        /** The logarithm of each class's share of the weight: not quite the lowest loss, but the right probabilities. */
        @Override
        public float[] outputBias(int outputs, long rows, double[] classWeights, double[] meanTargets) {
            return logPriors(outputs, rows, classWeights, 0);
        }
    }

    private static void softmax(int rows, int outputs, float[] logits) {
        for (int row = 0; row < rows; row++) {
            int from = row * outputs;
            softmax(outputs, max(outputs, logits, from), logits, from);
        }
    }

    /** One row's, in place; returns the sum of {@code exp(logits - max)}. */
    private static double softmax(int outputs, float max, float[] logits, int from) {
        double total = exponentials(outputs, max, logits, logits, from);
        for (int j = from; j < from + outputs; j++) {
            logits[j] = (float) (logits[j] / total);
        }
        return total;
    }

    private static float max(int n, float[] values, int from) {
        float max = values[from];
        for (int j = from + 1; j < from + n; j++) {
            max = Math.max(max, values[j]);
        }
        return max;
    }

    /** {@code out = exp(logits - max)}; returns their sum. */
    private static double exponentials(int n, float max, float[] logits, float[] out, int from) {
        double total = 0;
        for (int j = from; j < from + n; j++) {
            out[j] = Exponential.exp(logits[j] - max);
            total += out[j];
        }
        return total;
    }

    private static void scale(int n, double factor, float[] values, int from) {
        float scale = (float) factor;
        for (int j = from; j < from + n; j++) {
            values[j] *= scale;
        }
    }

    private static float[] logPriors(int outputs, long rows, double[] classWeights, double smoothing) {
        double[] shares = shares(outputs, rows, classWeights);
        float[] bias = new float[outputs];
        for (int j = 0; j < outputs; j++) {
            bias[j] = (float) StrictMath.log((1 - smoothing) * shares[j] + smoothing / outputs);
        }
        return bias;
    }

    /**
     * Each class's share of the total weight. A class without rows counts as half of one average row, so that the
     * logarithm of its share is finite; without any rows all are alike.
     */
    private static double[] shares(int outputs, long rows, double[] classWeights) {
        double[] shares = Arrays.copyOf(classWeights, outputs);
        double total = Arrays.stream(classWeights).sum();
        double least = total > 0 ? total / rows / 2 : 1;
        double sum = 0;
        for (int j = 0; j < outputs; j++) {
            shares[j] = shares[j] > 0 ? shares[j] : least;
            sum += shares[j];
        }
        for (int j = 0; j < outputs; j++) {
            shares[j] /= sum;
        }
        return shares;
    }
}
