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
        if (activation instanceof Activation.Sigmoid) {
            return 1 / (1 + Math.exp(-x));
        }
        if (activation instanceof Activation.Tanh) {
            return Math.tanh(x);
        }
        if (activation instanceof Activation.Identity) {
            return x;
        }
        throw new AssertionError("the reference does not know " + activation + ": add its formula");
    }

    private double loss(double[] z, double target) {
        if (loss instanceof Loss.SoftmaxCrossEntropy) {
            double total = 0;
            for (double each : z) {
                total += Math.exp(each);
            }
            return Math.log(total) - z[(int) target];
        }
        if (loss instanceof Loss.SigmoidCrossEntropy) {
            // not log(1 - sigmoid(z)), which loses its digits long before the float32 core does
            return target * Math.log(1 + Math.exp(-z[0])) + (1 - target) * Math.log(1 + Math.exp(z[0]));
        }
        if (loss instanceof Loss.SquaredError) {
            return (z[0] - target) * (z[0] - target);
        }
        throw new AssertionError("the reference does not know " + loss + ": add its formula");
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
