package dev.kindling.check;

import static dev.kindling.check.FindingText.figure;

import dev.kindling.engine.GemmBackend;
import dev.kindling.linalg.RandomKey;
import dev.kindling.linalg.Rows;
import dev.kindling.linalg.SplitMix64;
import dev.kindling.loss.Batch;
import dev.kindling.loss.Loss;
import dev.kindling.nn.Block;
import dev.kindling.nn.Embed;
import dev.kindling.nn.Initializer;
import dev.kindling.nn.Layer;
import dev.kindling.nn.Network;
import dev.kindling.nn.NumberEmbedding;
import dev.kindling.nn.Workspace;
import dev.kindling.nn.reference.ReferenceNetwork;
import dev.kindling.optim.GradientSource;
import dev.kindling.spec.Spec;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Checks that the gradient used in training is the gradient of the loss. It compares some parameters of each block with
 * central differences of a naive network in double. Labels are taken from the data. Features are normally distributed,
 * at most {@value #MOST_INPUTS} of them, and weights are freshly initialised, so that an error is in the code, not in
 * the data.
 */
final class GradientCheck {
    private static final int ROWS = 8;
    private static final int MOST_INPUTS = 64;
    private static final int MOST_CATEGORIES = 8;
    private static final int MOST_NUMBERS = 2;
    private static final int MOST_PICKS = 24; // parameters of a block
    private static final int LEAST_PICKS = 2;
    private static final double BUDGET = 4e9; // multiplications of the naive network: some seconds
    private static final int EXPONENTIAL =
            30; // multiplications that one takes as long as; each output of a softmax has one
    private static final int PASSES = 4; // of the naive network per parameter: two step sizes, both directions

    /** Slopes with two step sizes agree if the larger step crosses no kink (as relu has) and rounding is small. */
    private static final double STEP = 1e-6;

    private static final double SMALLER_STEP = 2e-7;

    /** Relative to the block's largest slope. Float32 stays within 1e-4, and a wrong gradient is off by much more. */
    private static final double TOLERANCE = 0.01;

    /** The same for central differences in float32: their steps are so wide that some cross kinks. */
    private static final double WIDE_TOLERANCE = 0.2;

    /**
     * Relative to the largest slope of all: rounding residue of a gradient that is 0, such as a bias before batchNorm.
     */
    private static final double VANISHED = 1e-5;

    private static final RandomKey PASS = RandomKey.of(0).fold(RandomKey.DROPOUT);

    /** Computes a gradient, as {@link GradientSource#accumulate} does. */
    interface Slopes {
        double accumulate(
                Network network,
                float[] parameters,
                Batch batch,
                Loss loss,
                RandomKey key,
                Workspace workspace,
                float[] gradient);
    }

    private final GradientSource source;
    private final Slopes slopes;
    private final Batch labels;

    /** @param labels rows of which only the targets are used */
    GradientCheck(GradientSource source, Batch labels) {
        this(source, source::accumulate, labels);
    }

    /** @param slopes computes the gradient in the source's place */
    GradientCheck(GradientSource source, Slopes slopes, Batch labels) {
        this.source = source;
        this.slopes = slopes;
        this.labels = labels;
    }

    Finding finding(Network given, Loss loss, String gemm) {
        List<Layer> layers = ShortRun.map(
                ShortRun.withInitializer(ShortRun.withoutDropout(given.layers()), new Initializer.Auto()),
                GradientCheck::narrowed);
        Network network = Network.of(Math.min(MOST_INPUTS, given.inputs()), layers);
        if (source instanceof GradientSource.CentralDifferences
                && 2.0 * network.parameterCount() * network.parameterCount() * ROWS > 100 * BUDGET) {
            return Finding.ok(
                    "gradient",
                    "not checked: " + Spec.print(source) + " would take " + 2L * network.parameterCount()
                            + " passes per step");
        }
        return compare(network, loss, gemm);
    }

    /** The layer over few inputs, where it names them: one column of few categories, or two numbers. */
    private static Layer narrowed(Layer layer) {
        if (layer instanceof Embed embed) {
            int width = Math.min(MOST_CATEGORIES, embed.widths().get(0));
            return new Embed(embed.dim(), embed.oneHotUpTo(), List.of(0), List.of(width));
        }
        if (layer instanceof NumberEmbedding.Periodic periodic) {
            int numbers = periodic.widths().size() > 1
                    ? MOST_NUMBERS
                    : Math.min(MOST_NUMBERS, periodic.widths().get(0));
            return periodic.over(List.of(0), List.of(numbers));
        }
        return layer;
    }

    private Finding compare(Network network, Loss loss, String gemm) {
        SplitMix64 random = RandomKey.of(1).generator();
        float[] parameters = parameters(network, random);
        Batch batch = rows(network.inputs(), random);
        float[] gradient = new float[parameters.length];
        slopes.accumulate(
                network,
                parameters,
                batch,
                loss,
                PASS,
                network.workspace(GemmBackend.follow(gemm), batch.rows()),
                gradient);
        ReferenceNetwork reference = reference(network, loss, batch);
        double[] exact = new double[parameters.length];
        for (int i = 0; i < exact.length; i++) {
            exact[i] = parameters[i];
        }
        List<Block> blocks = network.layout().stream()
                .filter(block -> block.role() != Block.Role.STATISTIC)
                .toList();
        double ofRow = parameters.length + (double) EXPONENTIAL * network.outputs();
        double passes = BUDGET / (ofRow * batch.rows()) / PASSES / blocks.size();
        int picks = (int) Math.max(LEAST_PICKS, Math.min(MOST_PICKS, passes));
        double largestOfAll = 0;
        for (float each : gradient) {
            largestOfAll = Math.max(largestOfAll, Math.abs(each));
        }
        int compared = 0;
        double worst = 0;
        Optional<Finding> wrong = Optional.empty();
        for (Block block : blocks) {
            Comparison comparison = new Comparison(block, gradient, exact, reference);
            for (int i = 0; i < Math.min(picks, block.size()); i++) {
                comparison.add(block.offset() + (block.size() <= picks ? i : random.nextInt(block.size())));
            }
            compared += comparison.compared;
            double error = comparison.error(VANISHED * largestOfAll);
            if (!(error <= worst)) {
                worst = error;
                wrong = error <= tolerance() ? Optional.empty() : Optional.of(comparison.finding(error, source));
            }
        }
        double error = worst;
        int count = compared;
        return wrong.orElseGet(() -> Finding.ok(
                "gradient",
                count == 0
                        ? "not checked: the loss has kinks at every parameter tried"
                        : String.format(
                                Locale.ROOT,
                                "%s agrees with central differences in double for %d parameters in %d blocks, largest"
                                        + " relative error %.1e",
                                Spec.name(source),
                                count,
                                blocks.size(),
                                error)));
    }

    private double tolerance() {
        return source instanceof GradientSource.Backpropagation ? TOLERANCE : WIDE_TOLERANCE;
    }

    /** Freshly initialised parameters, with noise on biases and gains so that they differ. */
    private static float[] parameters(Network network, SplitMix64 random) {
        float[] parameters = network.initialize(RandomKey.of(2));
        for (Block block : network.layout()) {
            boolean shaken = block.role() == Block.Role.BIAS || block.role() == Block.Role.GAIN;
            for (int i = block.offset(); shaken && i < block.offset() + block.size(); i++) {
                parameters[i] += (float) (0.1 * random.nextGaussian());
            }
        }
        return parameters;
    }

    private Batch rows(int inputs, SplitMix64 random) {
        int rows = Math.min(ROWS, labels.rows());
        float[] features = new float[rows * inputs];
        for (int i = 0; i < features.length; i++) {
            features[i] = (float) random.nextGaussian();
        }
        int width = labels.targets();
        float[] targets = new float[rows * width];
        for (int i = 0; i < targets.length; i++) {
            targets[i] = labels.target(i / width, i % width);
        }
        return new Batch(Rows.dense(rows, inputs, features, 0), targets, 0, width, null, 0);
    }

    private static ReferenceNetwork reference(Network network, Loss loss, Batch batch) {
        int inputs = network.inputs();
        double[][] features = new double[batch.rows()][inputs];
        double[][] targets = new double[batch.rows()][batch.targets()];
        double[] weights = new double[batch.rows()];
        for (int row = 0; row < batch.rows(); row++) {
            for (int j = 0; j < inputs; j++) {
                features[row][j] = batch.features().values()[row * inputs + j];
            }
            for (int t = 0; t < batch.targets(); t++) {
                targets[row][t] = batch.target(row, t);
            }
            weights[row] = batch.weight(row);
        }
        return new ReferenceNetwork(network.layers(), loss, features, targets, weights, PASS);
    }

    /** Compares the gradients of one block. */
    private static final class Comparison {
        private final Block block;
        private final float[] gradient;
        private final double[] parameters;
        private final ReferenceNetwork reference;
        private double largest;
        private double difference = -1;
        private int at;
        private double there; // the reference slope there
        private int compared;

        Comparison(Block block, float[] gradient, double[] parameters, ReferenceNetwork reference) {
            this.block = block;
            this.gradient = gradient;
            this.parameters = parameters;
            this.reference = reference;
            for (int i = block.offset(); i < block.offset() + block.size(); i++) {
                largest = Math.max(largest, Math.abs(gradient[i]));
            }
        }

        void add(int index) {
            double slope = reference.slope(parameters, index, STEP);
            double again = reference.slope(parameters, index, SMALLER_STEP);
            double size = Math.max(largest, Math.abs(slope));
            if (Math.abs(slope - again) > TOLERANCE / 10 * size) {
                return; // a kink, or too much rounding
            }
            compared++;
            largest = size;
            if (!(Math.abs(slope - gradient[index]) <= difference)) {
                difference = Math.abs(slope - gradient[index]);
                at = index;
                there = slope;
            }
        }

        double error(double vanished) {
            double error = compared == 0 || largest <= vanished ? 0 : difference / largest;
            return Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
        }

        Finding finding(double error, GradientSource source) {
            return Finding.error(
                            "wrongGradient",
                            block.name(),
                            "the gradient of " + block.name() + " is wrong: " + figure(gradient[at]) + " instead of "
                                    + figure(there) + " for parameter " + (at - block.offset()) + ", off by "
                                    + FindingText.percent(error) + " of the block's largest")
                    .withFix(
                            source instanceof GradientSource.Backpropagation
                                    ? "set spark.kindling.gemm to another backend; if the error stays,"
                                            + " backpropagation of this layer is wrong"
                                    : "none needed: the command always uses backpropagation",
                            "setGradientSource(\"backpropagation\")");
        }
    }
}
