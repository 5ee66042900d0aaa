package dev.kindling.nn.reference;

import dev.kindling.linalg.RandomKey;
import dev.kindling.linalg.SplitMix64;
import dev.kindling.loss.Loss;
import dev.kindling.loss.ValueLoss;
import dev.kindling.nn.Activation;
import dev.kindling.nn.BatchNorm;
import dev.kindling.nn.Block;
import dev.kindling.nn.Dense;
import dev.kindling.nn.Dropout;
import dev.kindling.nn.Embed;
import dev.kindling.nn.Layer;
import dev.kindling.nn.LayerNorm;
import dev.kindling.nn.Maxout;
import dev.kindling.nn.Network;
import dev.kindling.nn.NumberEmbedding;
import dev.kindling.nn.Prelu;
import dev.kindling.nn.Residual;
import dev.kindling.nn.Scale;
import dev.kindling.nn.Standardize;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The same networks in training, in naive double arithmetic, straight from the formulas. Tests and the gradient check
 * before training measure the float32 core against it. From the other code it uses only the configuration records and,
 * for dropout, the random draws.
 */
public final class ReferenceNetwork {
    private final List<Layer> layers;
    private final Loss loss;
    private final double[][] features; // (rows, inputs)
    private final double[][] targets; // (rows, targets)
    private final double[] weights;
    private final RandomKey key;

    private double nearestKink;

    private int next; // the first parameter of the next layer

    /**
     * @param features (rows, inputs); this array and the others are borrowed
     * @param targets (rows, targets): one class index, or the values to predict
     * @param weights (rows)
     * @param key of the pass, as {@link Network#accumulate} takes it
     */
    public ReferenceNetwork(
            List<Layer> layers, Loss loss, double[][] features, double[][] targets, double[] weights, RandomKey key) {
        this.layers = layers;
        this.loss = loss;
        this.features = features;
        this.targets = targets;
        this.weights = weights;
        this.key = key;
    }

    /** The smallest distance of a value from a kink in the last pass; infinite if there are no kinks. */
    public double nearestKink() {
        return nearestKink;
    }

    /** The weighted sum of the rows' losses. */
    public double loss(double[] parameters) {
        nearestKink = Double.POSITIVE_INFINITY;
        next = 0;
        double[][] logits = chain(layers, features, parameters, key);
        double sum = 0;
        for (int row = 0; row < logits.length; row++) {
            sum += weights[row] * loss(logits[row], targets[row]);
        }
        return sum;
    }

    private double[][] chain(List<Layer> chain, double[][] in, double[] parameters, RandomKey key) {
        double[][] values = in;
        for (int i = 0; i < chain.size(); i++) {
            values = layer(chain.get(i), values, parameters, key.fold(i));
        }
        return values;
    }

    /** The layer's output for all the rows; advances {@link #next} past its parameters. */
    private double[][] layer(Layer layer, double[][] in, double[] parameters, RandomKey key) {
        int width = in[0].length;
        int from = next;
        if (layer instanceof Residual residual) {
            return plus(in, chain(residual.layers(), in, parameters, key));
        }
        if (layer instanceof Dropout dropout) {
            SplitMix64 random = key.generator();
            return eachRow(in, row -> dropped(row, dropout.rate(), random));
        }
        if (layer instanceof Dense dense) {
            next += (width + 1) * dense.units();
            return eachRow(in, row -> dense(row, dense.units(), parameters, from));
        }
        if (layer instanceof BatchNorm norm) {
            next += 4 * width; // γ, β and the moving averages, which training does not read
            return batchNormed(in, norm.epsilon(), parameters, from);
        }
        if (layer instanceof LayerNorm norm) {
            next += 2 * width;
            return eachRow(in, row -> layerNormed(row, norm.epsilon(), parameters, from));
        }
        if (layer instanceof Prelu prelu) {
            next += prelu.shared() ? 1 : width;
            return eachRow(in, row -> bent(row, prelu.shared(), parameters, from));
        }
        if (layer instanceof Scale) {
            next += width;
            return eachRow(in, row -> scaled(row, parameters, from));
        }
        if (layer instanceof Maxout maxout) {
            return eachRow(in, row -> largest(row, maxout.pieces()));
        }
        if (layer instanceof Standardize) {
            next += 2 * width;
            return eachRow(in, row -> standardized(row, parameters, from));
        }
        if (layer instanceof Embed embed) {
            next += embed.widths().stream().mapToInt(Integer::intValue).sum() * embed.dim();
            return eachRow(in, row -> embedded(embed, row, parameters, from));
        }
        if (layer instanceof NumberEmbedding.Periodic periodic) {
            next += layer.blocks(width).stream().mapToInt(Block::size).sum();
            return eachRow(in, row -> waved(periodic, row, parameters, from));
        }
        if (layer instanceof NumberEmbedding.Ple encoding) {
            next += layer.blocks(width).stream().mapToInt(Block::size).sum();
            return eachRow(in, row -> encoded(encoding, row, parameters, from));
        }
        return eachRow(in, row -> activated((Activation) layer, row));
    }

    private static double[][] eachRow(double[][] in, UnaryOperator<double[]> function) {
        double[][] out = new double[in.length][];
        for (int row = 0; row < in.length; row++) {
            out[row] = function.apply(in[row]);
        }
        return out;
    }

    /** The derivative of {@link #loss} with respect to one parameter, by a central difference. */
    public double slope(double[] parameters, int index, double step) {
        double value = parameters[index];
        parameters[index] = value + step;
        double above = loss(parameters);
        parameters[index] = value - step;
        double below = loss(parameters);
        parameters[index] = value;
        return (above - below) / (2 * step);
    }

    private static double[] dense(double[] in, int units, double[] parameters, int offset) {
        int bias = offset + in.length * units;
        double[] out = Arrays.copyOfRange(parameters, bias, bias + units);
        for (int i = 0; i < in.length; i++) {
            for (int j = 0; j < units; j++) {
                out[j] += in[i] * parameters[offset + i * units + j];
            }
        }
        return out;
    }

    private static double[] scaled(double[] in, double[] parameters, int offset) {
        double[] out = new double[in.length];
        for (int i = 0; i < in.length; i++) {
            out[i] = in[i] * parameters[offset + i];
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
            return 1.0507009873554805 * elu(1.6732632423543772, x);
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
        throw unknown(activation);
    }

    private double elu(double alpha, double x) {
        if (alpha != 1) {
            nearestKink = Math.min(nearestKink, Math.abs(x));
        }
        return x > 0 ? x : alpha * (Math.exp(x) - 1);
    }

    /** The normal distribution function: its density times a series whose terms have one sign. */
    private static double normal(double x) {
        double term = x;
        double sum = 0;
        for (int k = 3; k < 600; k += 2) {
            sum += term;
            term *= x * x / k;
        }
        return 0.5 + sum * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    }

    /** The loss of one row; with several values to predict, the mean. */
    private double loss(double[] z, double[] t) {
        if (loss.isClassification()) {
            return classLoss(z, t[0]);
        }
        double sum = 0;
        for (int j = 0; j < z.length; j++) {
            sum += valueLoss(loss, z[j], t[j], j);
        }
        return sum / z.length;
    }

    private double classLoss(double[] z, double target) {
        if (loss instanceof Loss.SoftmaxCrossEntropy softmax) {
            double sum = 0;
            double total = exponentials(z);
            for (int j = 0; j < z.length; j++) {
                double q = (j == target ? 1 - softmax.labelSmoothing() : 0) + softmax.labelSmoothing() / z.length;
                sum -= q == 0 ? 0 : q * Math.log(Math.exp(z[j]) / total);
            }
            return sum;
        }
        if (loss instanceof Loss.Focal focal) {
            double p = Math.exp(z[(int) target]) / exponentials(z);
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
        throw unknown(loss);
    }

    /** @param index of the value among those of its row */
    private double valueLoss(Loss loss, double z, double target, int index) {
        if (loss instanceof ValueLoss.Standardized standardized) {
            double mean = standardized.means().get(index);
            double deviation = standardized.deviations().get(index);
            return valueLoss(standardized.loss(), z, (target - mean) / deviation, index);
        }
        double error = z - target;
        if (loss instanceof ValueLoss.SquaredError) {
            return error * error;
        }
        if (loss instanceof ValueLoss.AbsoluteError) {
            nearestKink = Math.min(nearestKink, Math.abs(error));
            return Math.abs(error);
        }
        if (loss instanceof ValueLoss.Huber huber) {
            double delta = huber.delta(); // at delta the first derivative is continuous, but the second jumps
            nearestKink = Math.min(nearestKink, Math.abs(Math.abs(error) - delta));
            return Math.abs(error) <= delta ? error * error / 2 : delta * (Math.abs(error) - delta / 2);
        }
        if (loss instanceof ValueLoss.Quantile quantile) {
            nearestKink = Math.min(nearestKink, Math.abs(error));
            return Math.max(-quantile.tau() * error, (1 - quantile.tau()) * error);
        }
        if (loss instanceof ValueLoss.Poisson) {
            return Math.exp(z) - target * z;
        }
        if (loss instanceof ValueLoss.SquaredLogError) {
            double inLogs = z - Math.log(1 + target);
            return inLogs * inLogs;
        }
        throw unknown(loss);
    }

    private static AssertionError unknown(Object member) {
        return new AssertionError("the reference does not know " + member + ": add its formula");
    }

    private static double exponentials(double[] z) {
        double total = 0;
        for (double each : z) {
            total += Math.exp(each);
        }
        return total;
    }

    /** Draws row by row from the layer's own key. */
    private static double[] dropped(double[] in, double rate, SplitMix64 random) {
        double[] out = new double[in.length];
        for (int j = 0; j < in.length; j++) {
            out[j] = random.nextFloat() < rate ? 0 : in[j] / (1 - rate);
        }
        return out;
    }

    private static double[][] plus(double[][] a, double[][] b) {
        double[][] sum = new double[a.length][a[0].length];
        for (int row = 0; row < a.length; row++) {
            for (int j = 0; j < a[row].length; j++) {
                sum[row][j] = a[row][j] + b[row][j];
            }
        }
        return sum;
    }

    private double[][] batchNormed(double[][] in, double epsilon, double[] parameters, int offset) {
        int width = in[0].length;
        double[][] out = new double[in.length][width];
        for (int j = 0; j < width; j++) {
            double total = 0;
            double mean = 0;
            for (int row = 0; row < in.length; row++) {
                total += weights[row];
                mean += weights[row] * in[row][j];
            }
            mean /= total;
            double variance = 0;
            for (int row = 0; row < in.length; row++) {
                variance += weights[row] * (in[row][j] - mean) * (in[row][j] - mean) / total;
            }
            for (int row = 0; row < in.length; row++) {
                double standard = (in[row][j] - mean) / Math.sqrt(variance + epsilon);
                out[row][j] = parameters[offset + j] * standard + parameters[offset + width + j];
            }
        }
        return out;
    }

    private static double[] layerNormed(double[] in, double epsilon, double[] parameters, int offset) {
        double mean = Arrays.stream(in).average().orElseThrow();
        double variance =
                Arrays.stream(in).map(x -> (x - mean) * (x - mean)).average().orElseThrow();
        double[] out = new double[in.length];
        for (int j = 0; j < in.length; j++) {
            double standard = (in[j] - mean) / Math.sqrt(variance + epsilon);
            out[j] = parameters[offset + j] * standard + parameters[offset + in.length + j];
        }
        return out;
    }

    private double[] bent(double[] in, boolean shared, double[] parameters, int offset) {
        double[] out = new double[in.length];
        for (int j = 0; j < in.length; j++) {
            nearestKink = Math.min(nearestKink, Math.abs(in[j]));
            out[j] = in[j] > 0 ? in[j] : parameters[shared ? offset : offset + j] * in[j];
        }
        return out;
    }

    private double[] largest(double[] in, int pieces) {
        double[] out = new double[in.length / pieces];
        for (int j = 0; j < out.length; j++) {
            double[] group = Arrays.copyOfRange(in, j * pieces, (j + 1) * pieces);
            Arrays.sort(group);
            out[j] = group[pieces - 1];
            nearestKink = Math.min(nearestKink, group[pieces - 1] - group[pieces - 2]);
        }
        return out;
    }

    /** The inputs of each column times the column's table, and the inputs between columns. */
    private static double[] embedded(Embed embed, double[] in, double[] parameters, int offset) {
        List<Double> out = new ArrayList<>();
        int input = 0;
        int table = offset; // (width, dim)
        for (int column = 0; column < embed.starts().size(); column++) {
            while (input < embed.starts().get(column)) {
                out.add(in[input++]);
            }
            int width = embed.widths().get(column);
            for (int j = 0; j < embed.dim(); j++) {
                double sum = 0;
                for (int i = 0; i < width; i++) {
                    sum += in[input + i] * parameters[table + i * embed.dim() + j];
                }
                out.add(sum);
            }
            input += width;
            table += width * embed.dim();
        }
        while (input < in.length) {
            out.add(in[input++]);
        }
        return out.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** The embedding of each number, and the inputs between numbers. */
    private double[] waved(NumberEmbedding.Periodic periodic, double[] in, double[] parameters, int offset) {
        boolean[] isNumber = numbers(periodic, in.length);
        int numbers = periodic.widths().stream().mapToInt(Integer::intValue).sum();
        List<Double> out = new ArrayList<>();
        int number = 0;
        for (int i = 0; i < in.length; i++) {
            if (isNumber[i]) {
                embed(periodic, in[i], number++, numbers, parameters, offset, out);
            } else {
                out.add(in[i]);
            }
        }
        return out.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static boolean[] numbers(NumberEmbedding.PerNumber layer, int inputs) {
        boolean[] isNumber = new boolean[inputs];
        for (int run = 0; run < layer.starts().size(); run++) {
            int start = layer.starts().get(run);
            Arrays.fill(isNumber, start, start + layer.widths().get(run), true);
        }
        return isNumber;
    }

    /** The shares of each number's bins, and the inputs between numbers. */
    private double[] encoded(NumberEmbedding.Ple encoding, double[] in, double[] parameters, int offset) {
        boolean[] isNumber = numbers(encoding, in.length);
        int bins = encoding.bins();
        List<Double> out = new ArrayList<>();
        int edge = offset;
        for (int i = 0; i < in.length; i++) {
            if (!isNumber[i]) {
                out.add(in[i]);
                continue;
            }
            for (int bin = 0; bin < bins; bin++) {
                double low = parameters[edge + bin];
                double high = parameters[edge + bin + 1];
                boolean below = (bin > 0 || high <= low) && in[i] < low;
                boolean above = (bin < bins - 1 || high <= low) && in[i] >= high;
                out.add(below ? 0.0 : above ? 1.0 : (in[i] - low) / (high - low));
                nearestKink = Math.min(nearestKink, Math.min(Math.abs(in[i] - low), Math.abs(in[i] - high)));
            }
            edge += bins + 1;
        }
        return out.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private void embed(
            NumberEmbedding.Periodic periodic,
            double x,
            int number,
            int numbers,
            double[] parameters,
            int offset,
            List<Double> out) {
        boolean pbld = periodic instanceof NumberEmbedding.Pbld;
        int count = periodic.frequencies();
        int units = pbld ? periodic.dim() - 1 : periodic.dim();
        int phases = offset + numbers * count;
        int weights = pbld ? phases + numbers * count : phases;
        int waves = pbld ? count : 2 * count;
        if (pbld) {
            out.add(x);
        }
        for (int k = 0; k < units; k++) {
            int column = number * units + k;
            double z = parameters[weights + waves * numbers * units + column];
            for (int f = 0; f < count; f++) {
                double angle = 2 * Math.PI * parameters[offset + number * count + f] * x;
                if (pbld) {
                    angle += parameters[phases + number * count + f];
                } else {
                    z += Math.sin(angle) * parameters[weights + (count + f) * numbers * units + column];
                }
                z += Math.cos(angle) * parameters[weights + f * numbers * units + column];
            }
            nearestKink = pbld ? nearestKink : Math.min(nearestKink, Math.abs(z));
            out.add(pbld ? z : Math.max(z, 0));
        }
    }

    private static double[] standardized(double[] in, double[] parameters, int offset) {
        double[] out = new double[in.length];
        for (int j = 0; j < in.length; j++) {
            out[j] = (in[j] - parameters[offset + j]) / parameters[offset + in.length + j];
        }
        return out;
    }
}
