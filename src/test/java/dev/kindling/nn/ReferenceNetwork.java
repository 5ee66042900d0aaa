package dev.kindling.nn;

import dev.kindling.linalg.RandomKey;
import dev.kindling.linalg.SplitMix64;
import java.util.List;

/**
 * The same networks in naive double arithmetic, row by row, straight from the formulas: what the float32 core is
 * measured against. From the main code it takes only the configuration records and, for dropout, the random draws.
 */
final class ReferenceNetwork {
    private final List<Layer> layers;
    private final Loss loss;
    private final double[][] features; // (rows, inputs)
    private final double[] targets;
    private final double[] weights;
    private final RandomKey key;

    /** The smallest distance of a kink's input from its kink in the last pass; infinite without kinks. */
    private double nearestKink;

    ReferenceNetwork(
            List<Layer> layers, Loss loss, double[][] features, double[] targets, double[] weights, RandomKey key) {
        this.layers = layers;
        this.loss = loss;
        this.features = features;
        this.targets = targets;
        this.weights = weights;
        this.key = key;
    }

    double nearestKink() {
        return nearestKink;
    }

    /** The weighted sum of the rows' losses. */
    double loss(double[] parameters) {
        nearestKink = Double.POSITIVE_INFINITY;
        double[][][] masks = masks();
        double sum = 0;
        for (int row = 0; row < features.length; row++) {
            double[] values = features[row];
            int offset = 0;
            for (int i = 0; i < layers.size(); i++) {
                if (layers.get(i) instanceof Dense dense) {
                    double[] in = values;
                    values = dense(in, dense.units(), parameters, offset);
                    offset += (in.length + 1) * dense.units();
                } else if (layers.get(i) instanceof Dropout) {
                    values = times(values, masks[i][row]);
                } else {
                    values = activated((Activation) layers.get(i), values);
                }
            }
            sum += weights[row] * loss(values, targets[row]);
        }
        return sum;
    }

    /** The gradient of {@link #loss} by central differences. */
    double[] gradient(double[] parameters, double step) {
        double[] gradient = new double[parameters.length];
        for (int i = 0; i < parameters.length; i++) {
            double[] moved = parameters.clone();
            moved[i] = parameters[i] + step;
            double above = loss(moved);
            moved[i] = parameters[i] - step;
            gradient[i] = (above - loss(moved)) / (2 * step);
        }
        return gradient;
    }

    private static double[] dense(double[] in, int units, double[] parameters, int offset) {
        double[] out = new double[units];
        for (int j = 0; j < units; j++) {
            out[j] = parameters[offset + in.length * units + j];
            for (int i = 0; i < in.length; i++) {
                out[j] += in[i] * parameters[offset + i * units + j];
            }
        }
        return out;
    }

    private double[] activated(Activation activation, double[] in) {
        double[] out = new double[in.length];
        for (int i = 0; i < in.length; i++) {
            out[i] = activated(activation, in[i]);
        }
        return out;
    }

    private double activated(Activation activation, double x) {
        if (activation instanceof Activation.Relu) {
            nearestKink = Math.min(nearestKink, Math.abs(x));
            return x > 0 ? x : 0;
        }
        if (activation instanceof Activation.LeakyRelu leaky) {
            nearestKink = Math.min(nearestKink, Math.abs(x));
            return x > 0 ? x : leaky.slope() * x;
        }
        if (activation instanceof Activation.Elu elu) {
            return elu(elu.alpha(), x);
        }
        if (activation instanceof Activation.Selu) {
            return 1.0507009873554804934 * elu(1.6732632423543772848, x);
        }
        if (activation instanceof Activation.Sigmoid) {
            return 1 / (1 + Math.exp(-x));
        }
        if (activation instanceof Activation.HardSigmoid) {
            nearestKink = Math.min(nearestKink, Math.abs(Math.abs(x) - 3));
            return Math.min(Math.max(x + 3, 0), 6) / 6;
        }
        if (activation instanceof Activation.Softplus) {
            return Math.log(1 + Math.exp(x));
        }
        if (activation instanceof Activation.Silu) {
            return x / (1 + Math.exp(-x));
        }
        if (activation instanceof Activation.Gelu) {
            return x * normal(x);
        }
        if (activation instanceof Activation.GeluTanh) {
            return x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
        }
        if (activation instanceof Activation.Mish) {
            return x * Math.tanh(Math.log(1 + Math.exp(x)));
        }
        if (activation instanceof Activation.Tanh) {
            return Math.tanh(x);
        }
        if (activation instanceof Activation.Identity) {
            return x;
        }
        throw new AssertionError("the reference does not know " + activation + ": add its formula");
    }

    private double elu(double alpha, double x) {
        if (alpha != 1) {
            nearestKink = Math.min(nearestKink, Math.abs(x));
        }
        return x > 0 ? x : alpha * (Math.exp(x) - 1);
    }

    /** The normal distribution function: its density times a series of terms of one sign. */
    private static double normal(double x) {
        double term = x;
        double sum = 0;
        for (int k = 3; k < 600; k += 2) {
            sum += term;
            term *= x * x / k;
        }
        return 0.5 + sum * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    }

    private double loss(double[] z, double target) {
        if (loss instanceof Loss.SoftmaxCrossEntropy softmax) {
            double sum = 0;
            for (int j = 0; j < z.length; j++) {
                double q = (j == target ? 1 - softmax.labelSmoothing() : 0) + softmax.labelSmoothing() / z.length;
                sum -= q * Math.log(probability(z, j));
            }
            return sum;
        }
        if (loss instanceof Loss.Focal focal) {
            double p = probability(z, (int) target);
            return -Math.pow(1 - p, focal.gamma()) * Math.log(p);
        }
        if (loss instanceof Loss.MulticlassHinge hinge) {
            double sum = 0;
            for (int j = 0; j < z.length; j++) {
                if (j != target) {
                    double term = hinge.margin() - z[(int) target] + z[j];
                    nearestKink = Math.min(nearestKink, Math.abs(term));
                    sum += Math.max(0, term);
                }
            }
            return sum;
        }
        if (loss instanceof Loss.SigmoidCrossEntropy) {
            // not log(1 - sigmoid(z)), which loses its digits long before the float32 core does
            return target * Math.log(1 + Math.exp(-z[0])) + (1 - target) * Math.log(1 + Math.exp(z[0]));
        }
        if (loss instanceof Loss.SquaredError) {
            return (z[0] - target) * (z[0] - target);
        }
        double error = z[0] - target;
        if (loss instanceof Loss.AbsoluteError) {
            nearestKink = Math.min(nearestKink, Math.abs(error));
            return Math.abs(error);
        }
        if (loss instanceof Loss.Huber huber) {
            double delta = huber.delta(); // where it bends the first derivative has no jump, but the second has
            nearestKink = Math.min(nearestKink, Math.abs(Math.abs(error) - delta));
            return Math.abs(error) <= delta ? error * error / 2 : delta * (Math.abs(error) - delta / 2);
        }
        if (loss instanceof Loss.Quantile quantile) {
            nearestKink = Math.min(nearestKink, Math.abs(error));
            return Math.max(-quantile.tau() * error, (1 - quantile.tau()) * error);
        }
        if (loss instanceof Loss.Poisson) {
            return Math.exp(z[0]) - target * z[0];
        }
        throw new AssertionError("the reference does not know " + loss + ": add its formula");
    }

    private static double probability(double[] z, int j) {
        double total = 0;
        for (double each : z) {
            total += Math.exp(each);
        }
        return Math.exp(z[j]) / total;
    }

    private static double[] times(double[] values, double[] mask) {
        double[] out = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            out[i] = values[i] * mask[i];
        }
        return out;
    }

    /** [layer](rows, width): what dropout multiplies with, drawn row by row from the layer's own key. */
    private double[][][] masks() {
        double[][][] masks = new double[layers.size()][][];
        int width = features[0].length;
        for (int i = 0; i < layers.size(); i++) {
            if (layers.get(i) instanceof Dense dense) {
                width = dense.units();
            } else if (layers.get(i) instanceof Dropout dropout) {
                SplitMix64 random = key.fold(i).generator();
                masks[i] = new double[features.length][width];
                for (double[] row : masks[i]) {
                    for (int j = 0; j < width; j++) {
                        row[j] = random.nextFloat() < dropout.rate() ? 0 : 1 / (1 - dropout.rate());
                    }
                }
            }
        }
        return masks;
    }
}
