package dev.kindling.teach;

import dev.kindling.linalg.Gemm;
import dev.kindling.linalg.Kernels;
import dev.kindling.linalg.RandomKey;
import dev.kindling.linalg.Rows;
import dev.kindling.linalg.SplitMix64;
import dev.kindling.nn.Activation;
import dev.kindling.nn.Batch;
import dev.kindling.nn.Block;
import dev.kindling.nn.Dense;
import dev.kindling.nn.Initializer;
import dev.kindling.nn.Layer;
import dev.kindling.nn.Loss;
import dev.kindling.nn.Network;
import dev.kindling.nn.Nonlinearity;
import dev.kindling.nn.Spec;
import dev.kindling.nn.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What an initialiser makes of standard normal inputs on their way through ten hidden layers, and of the gradient on its way
 * back from ten classes that were drawn at random: the experiment of Glorot and Bengio 2010, figures 6 and 7, without
 * training.
 *
 * @param initializer as its paper has it
 * @param deviations of each layer's activations, the first layer's first
 * @param atTheEdge the share of each layer's activations that pass (almost) no gradient on: beyond ±0.97 for tanh, 0 for relu
 * @param gradients the root mean square of the gradient of the mean loss with respect to each layer's weights
 * @param least where the histograms begin
 * @param largest where they end
 * @param histograms (layers, bins): counts of activations; those outside are in the outermost bins
 */
@SuppressWarnings("ArrayRecordComponent") // columns for the page, not values to compare
record DeepSignal(
        String activation,
        String initializer,
        double[] deviations,
        double[] atTheEdge,
        double[] gradients,
        double least,
        double largest,
        int[][] histograms) {

    static final int LAYERS = 10;
    static final int UNITS = 256;
    private static final int ROWS = 512;
    private static final int CLASSES = 10;
    private static final int BINS = 40;
    private static final double SATURATED = 0.97; // where tanh's slope is below 0.06

    /** Four initialisers behind tanh, then behind relu. */
    static List<DeepSignal> all(Gemm gemm, RandomKey key) {
        List<DeepSignal> all = new ArrayList<>();
        for (Activation activation : List.of(new Activation.Tanh(), new Activation.Relu())) {
            all.add(of(activation, "normal(0.01)", new Initializer.Normal(), gemm, key));
            all.add(of(activation, "normal(1)", new Initializer.Normal(1), gemm, key));
            all.add(of(activation, "Xavier", new Initializer.GlorotNormal(), gemm, key));
            all.add(of(activation, "He", new Initializer.HeNormal(), gemm, key));
        }
        return all;
    }

    private static DeepSignal of(
            Activation activation, String name, Initializer initializer, Gemm gemm, RandomKey key) {
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i < LAYERS; i++) {
            layers.add(new Dense(UNITS));
            layers.add(activation);
        }
        layers.add(new Dense(CLASSES));
        Network network = Network.of(UNITS, layers);
        float[] parameters = new float[network.parameterCount()]; // biases stay 0
        List<Block> weights = network.layout().stream()
                .filter(block -> block.role() == Block.Role.WEIGHT)
                .toList();
        Nonlinearity gain =
                initializer instanceof Initializer.HeNormal ? new Activation.Relu() : new Activation.Identity();
        for (int i = 0; i < weights.size(); i++) {
            Block block = weights.get(i);
            SplitMix64 random = key.fold(RandomKey.INITIALIZE).fold(i).generator();
            initializer.fill(block.rows(), block.columns(), gain, random, parameters, block.offset());
        }
        Workspace workspace = network.workspace(gemm, ROWS);
        float[] gradient = new float[parameters.length];
        network.accumulate(parameters, batch(key), new Loss.SoftmaxCrossEntropy(), key, workspace, gradient);

        boolean isTanh = activation instanceof Activation.Tanh;
        DeepSignal signal = new DeepSignal(
                Spec.name(activation),
                name,
                new double[LAYERS],
                new double[LAYERS],
                new double[LAYERS],
                isTanh ? -1 : 0,
                isTanh ? 1 : 3,
                new int[LAYERS][BINS]);
        for (int layer = 0; layer < LAYERS; layer++) {
            Block block = weights.get(layer);
            double squares = Kernels.sumOfSquares(block.size(), gradient, block.offset());
            signal.gradients[layer] = Math.sqrt(squares / block.size()) / ROWS;
            signal.describe(layer, workspace.output(2 * layer + 1), isTanh);
        }
        return signal;
    }

    private static Batch batch(RandomKey key) {
        SplitMix64 random = key.generator();
        float[] features = new float[ROWS * UNITS];
        for (int i = 0; i < features.length; i++) {
            features[i] = (float) random.nextGaussian();
        }
        float[] labels = new float[ROWS];
        for (int row = 0; row < ROWS; row++) {
            labels[row] = random.nextInt(CLASSES);
        }
        return new Batch(Rows.dense(ROWS, UNITS, features, 0), labels, 0, null, 0);
    }

    private void describe(int layer, float[] activations, boolean isTanh) {
        double sum = 0;
        double squares = 0;
        int edge = 0;
        for (float a : activations) {
            sum += a;
            squares += (double) a * a;
            edge += (isTanh ? Math.abs(a) > SATURATED : a == 0) ? 1 : 0;
            int bin = (int) ((a - least) / (largest - least) * BINS);
            histograms[layer][Math.max(0, Math.min(BINS - 1, bin))]++;
        }
        double mean = sum / activations.length;
        deviations[layer] = Math.sqrt(Math.max(0, squares / activations.length - mean * mean));
        atTheEdge[layer] = (double) edge / activations.length;
    }

    /** A line for the console. */
    String account() {
        return String.format(
                Locale.ROOT,
                "%-10s %-13s %9.2g %9.2g %11.1f %% %10.2g %9.2g",
                activation,
                initializer,
                deviations[0],
                deviations[LAYERS - 1],
                100 * atTheEdge[LAYERS - 1],
                gradients[0],
                gradients[LAYERS - 1]);
    }
}
