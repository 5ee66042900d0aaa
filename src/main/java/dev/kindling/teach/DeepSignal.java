package dev.kindling.teach;

import dev.kindling.linalg.Gemm;
import dev.kindling.linalg.Kernels;
import dev.kindling.linalg.RandomKey;
import dev.kindling.linalg.Rows;
import dev.kindling.linalg.SplitMix64;
import dev.kindling.loss.Batch;
import dev.kindling.loss.Loss;
import dev.kindling.nn.Activation;
import dev.kindling.nn.Block;
import dev.kindling.nn.Dense;
import dev.kindling.nn.Initializer;
import dev.kindling.nn.Layer;
import dev.kindling.nn.Network;
import dev.kindling.nn.Nonlinearity;
import dev.kindling.nn.Workspace;
import dev.kindling.spec.Spec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What an initialiser does to standard normal inputs on their way through ten hidden layers, and to the gradient on its
 * way back from ten randomly drawn classes: the experiment of Glorot and Bengio 2010, figures 6 and 7, without
 * training.
 *
 * @param initializer as in its paper
 * @param deviations standard deviation of each layer's activations, the first layer first
 * @param saturated the share of each layer's activations that pass on (almost) no gradient: beyond ±0.97 for tanh, 0
 *     for relu
 * @param gradients root mean square, in each layer, of the gradient of a row's loss with respect to the pre-activations
 * @param least lower end of the histograms of activations
 * @param largest upper end of the histograms of activations
 * @param activationBins (layers, bins): counts; values outside are counted in the outermost bins
 * @param gradientLimit the histograms of gradients cover ± this limit: three times the root mean square in the tenth
 *     layer
 * @param gradientBins (layers, bins): counts; values outside are counted in the outermost bins
 */
@SuppressWarnings("ArrayRecordComponent") // columns for the page, not values to compare
record DeepSignal(
        String activation,
        String initializer,
        double[] deviations,
        double[] saturated,
        double[] gradients,
        double least,
        double largest,
        int[][] activationBins,
        double gradientLimit,
        int[][] gradientBins) {

    static final int LAYERS = 10;
    static final int UNITS = 256;
    private static final int ROWS = 512;
    private static final int ROWS_BACK = 32; // rows whose gradients are computed, one by one
    private static final int CLASSES = 10;
    private static final int BINS = 40;
    private static final double SATURATED = 0.97; // where tanh's slope is below 0.06

    /** Four initialisers in front of tanh, then in front of relu. */
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
        float[] parameters = firstWeights(network, initializer, key.fold(RandomKey.INITIALIZE));
        SplitMix64 random = key.generator();
        float[] features = new float[ROWS * UNITS];
        for (int i = 0; i < features.length; i++) {
            features[i] = (float) random.nextGaussian();
        }

        boolean isTanh = activation instanceof Activation.Tanh;
        double least = isTanh ? -1 : 0;
        double largest = isTanh ? 1 : 3;
        double[] deviations = new double[LAYERS];
        double[] saturated = new double[LAYERS];
        int[][] activationBins = new int[LAYERS][];
        Workspace workspace = network.workspace(gemm, ROWS);
        network.forward(parameters, Rows.dense(ROWS, UNITS, features, 0), workspace);
        for (int layer = 0; layer < LAYERS; layer++) {
            float[] activations = workspace.output(2 * layer + 1);
            deviations[layer] = deviation(activations);
            saturated[layer] = saturatedShare(activations, isTanh);
            activationBins[layer] = histogram(activations, least, largest);
        }

        float[][] back = goingBack(network, parameters, features, random, workspace);
        double[] gradients = new double[LAYERS];
        for (int layer = 0; layer < LAYERS; layer++) {
            double squares = Kernels.sumOfSquares(back[layer].length, back[layer], 0);
            gradients[layer] = Math.sqrt(squares / back[layer].length);
        }
        double gradientLimit = 3 * gradients[LAYERS - 1];
        int[][] gradientBins = Arrays.stream(back)
                .map(values -> histogram(values, -gradientLimit, gradientLimit))
                .toArray(int[][]::new);
        return new DeepSignal(
                Spec.name(activation),
                name,
                deviations,
                saturated,
                gradients,
                least,
                largest,
                activationBins,
                gradientLimit,
                gradientBins);
    }

    /** Weights as in the initializer's paper, and biases of 0. */
    private static float[] firstWeights(Network network, Initializer initializer, RandomKey key) {
        Nonlinearity gain =
                initializer instanceof Initializer.HeNormal ? new Activation.Relu() : new Activation.Identity();
        float[] parameters = new float[network.parameterCount()];
        for (Block block : network.layout()) {
            if (block.role() == Block.Role.WEIGHT) {
                SplitMix64 random = key.fold(block.offset()).generator();
                initializer.fill(block.rows(), block.columns(), gain, random, parameters, block.offset());
            }
        }
        return parameters;
    }

    /**
     * The gradients of single rows' losses with respect to the pre-activations. They equal the gradients of the biases,
     * which are added there.
     *
     * @return (layers, rows · units)
     */
    private static float[][] goingBack(
            Network network, float[] parameters, float[] features, SplitMix64 random, Workspace workspace) {
        List<Block> biases = network.layout().stream()
                .filter(block -> block.role() == Block.Role.BIAS)
                .toList();
        Loss loss = new Loss.SoftmaxCrossEntropy();
        RandomKey unused = RandomKey.of(0); // nothing in these networks is random
        float[][] back = new float[LAYERS][ROWS_BACK * UNITS];
        float[] gradient = new float[parameters.length];
        for (int row = 0; row < ROWS_BACK; row++) {
            float[] label = {random.nextInt(CLASSES)};
            Batch batch = new Batch(Rows.dense(1, UNITS, features, row * UNITS), label, 0, null, 0);
            Kernels.fill(gradient.length, 0f, gradient, 0);
            network.accumulate(parameters, batch, loss, unused, workspace, gradient);
            for (int layer = 0; layer < LAYERS; layer++) {
                System.arraycopy(gradient, biases.get(layer).offset(), back[layer], row * UNITS, UNITS);
            }
        }
        return back;
    }

    private static double deviation(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        double mean = sum / values.length;
        double squares = 0;
        for (float value : values) {
            squares += (value - mean) * (value - mean);
        }
        return Math.sqrt(squares / values.length);
    }

    private static double saturatedShare(float[] activations, boolean isTanh) {
        int edge = 0;
        for (float a : activations) {
            edge += (isTanh ? Math.abs(a) > SATURATED : a == 0) ? 1 : 0;
        }
        return (double) edge / activations.length;
    }

    private static int[] histogram(float[] values, double least, double largest) {
        int[] counts = new int[BINS];
        for (float value : values) {
            int bin = (int) Math.floor((value - least) / (largest - least) * BINS);
            counts[Math.max(0, Math.min(BINS - 1, bin))]++;
        }
        return counts;
    }

    /** A line for the console. */
    String summary() {
        return String.format(
                Locale.ROOT,
                "%-10s %-13s %9.2g %9.2g %11.1f %% %10.2g %9.2g",
                activation,
                initializer,
                deviations[0],
                deviations[LAYERS - 1],
                100 * saturated[LAYERS - 1],
                gradients[0],
                gradients[LAYERS - 1]);
    }
}
