package dev.kindling.nn;

import dev.kindling.linalg.Require;
import dev.kindling.linalg.SplitMix64;
import dev.kindling.nn.embedding.NumberWaves;
import dev.kindling.nn.embedding.PiecewiseLinear;
import dev.kindling.nn.embedding.Runs;
import dev.kindling.spec.Spec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether and how a network embeds numbers. */
public sealed interface NumberEmbedding {

    /** The layer that does it, over those of its inputs that are numbers; empty if there are none. */
    Optional<Layer> over(boolean[] numbers);

    /** Numbers stay as they are. */
    record None() implements NumberEmbedding {
        @Override
        public Optional<Layer> over(boolean[] numbers) {
            return Optional.empty();
        }
    }

    /** {@link Pbld} of 8 frequencies, which are half the work of 16, where it is worth its time. */
    record Auto() implements NumberEmbedding {
        @Override
        public Optional<Layer> over(boolean[] numbers) {
            return new Pbld(8, 4, 0.1, List.of(), List.of()).over(numbers);
        }
    }

    /** Each number becomes {@code dim} outputs in its place. Other inputs pass unchanged. */
    sealed interface PerNumber extends Layer, NumberEmbedding {
        int dim();

        List<Integer> starts();

        List<Integer> widths();

        /** The same layer over other inputs. */
        PerNumber over(List<Integer> starts, List<Integer> widths);

        @Override
        default Optional<Layer> over(boolean[] numbers) {
            Runs runs = starts().isEmpty() ? Runs.of(numbers) : runs();
            return runs.starts().isEmpty() ? Optional.empty() : Optional.of(over(runs.starts(), runs.widths()));
        }

        private Runs runs() {
            return new Runs(starts(), widths());
        }

        @Override
        default int outputs(int inputs) {
            String name = Spec.name(this);
            Require.that(
                    !starts().isEmpty(),
                    name + " must begin an architecture, or state its numbers as in (starts=[0], widths=[20])");
            return runs().outputs(name, "as numbers", inputs, 0, dim());
        }

        @Override
        default int[] places(int inputs) {
            return runs().places(inputs, 0, dim());
        }
    }

    /**
     * Waves of each number, whose frequencies are trained, and a linear layer of its own over them. Frequencies have the role
     * of gains: no penalty and no weight decay shrinks them.
     */
    sealed interface Periodic extends PerNumber {
        int frequencies();

        double sigma();

        private NumberWaves waves() {
            return new NumberWaves(Runs.count(widths()), frequencies(), dim(), this instanceof Pbld);
        }

        private static void check(String name, int frequencies, int dim, int leastDim, double sigma, Runs runs) {
            Require.inRange(frequencies, 1, 1 << 20, "the frequencies of " + name);
            Require.inRange(dim, leastDim, 1 << 20, "the dim of " + name);
            Require.positive(sigma, "the sigma of " + name);
            runs.check(name);
        }

        @Override
        default List<Block> blocks(int inputs) {
            NumberWaves waves = waves();
            int n = waves.numbers();
            List<Block> blocks = new ArrayList<>();
            blocks.add(new Block("frequency", Block.Role.GAIN, 0, n, frequencies()));
            if (waves.shifted()) {
                blocks.add(new Block("phase", Block.Role.BIAS, waves.phase(), n, frequencies()));
            }
            blocks.add(new Block("weight", Block.Role.WEIGHT, waves.weight(), waves.waves(), n * waves.units()));
            blocks.add(new Block("bias", Block.Role.BIAS, waves.bias(), 1, n * waves.units()));
            return blocks;
        }

        @Override
        default void initialize(int inputs, Nonlinearity following, SplitMix64 random, float[] parameters, int offset) {
            waves().initialize(sigma(), random, parameters, offset);
        }

        @Override
        default int scratch(int inputs, int capacity) {
            return capacity;
        }

        @Override
        default int kept(int inputs, int capacity) {
            return waves().scratch(capacity);
        }

        @Override
        default void forward(Frame frame) {
            NumberWaves waves = waves();
            int rows = frame.rows();
            float[] in = frame.in.values();
            float[] kept = frame.kept;
            waves.forward(
                    frame.gemm, frame.places, rows, frame.parameters, frame.offset, in, frame.out, kept, frame.scratch);
        }

        @Override
        default float[] backward(Frame frame, float[] delta, float[] spare, float[] gradient) {
            NumberWaves waves = waves();
            int rows = frame.rows();
            double[] x = frame.scratch;
            float[] in = frame.in.values();
            float[] out = frame.out;
            float[] kept = frame.kept;
            int[] places = frame.places;
            waves.backward(
                    frame.gemm, places, rows, frame.parameters, frame.offset, in, out, delta, spare, kept, x, gradient);
            return spare;
        }
    }

    /**
     * {@code relu(A · [cos(2π f x), sin(2π f x)] + a)}: periodic, linear, relu. Gorishniy, Rubachev, Babenko, <a
     * href="https://arxiv.org/abs/2203.05556">On Embeddings for Numerical Features in Tabular Deep Learning</a>, NeurIPS 2022.
     *
     * @param frequencies of each number
     * @param dim the width of an embedding
     * @param sigma the deviation of the frequencies at first, for numbers of deviation 1
     * @param starts the first input of each run of numbers, ascending; empty if they are not yet known
     * @param widths the number of inputs of each
     */
    record Plr(int frequencies, int dim, double sigma, List<Integer> starts, List<Integer> widths) implements Periodic {
        public Plr {
            starts = List.copyOf(starts);
            widths = List.copyOf(widths);
            Periodic.check("plr", frequencies, dim, 1, sigma, new Runs(starts, widths));
        }

        public Plr() {
            this(16, 8, 0.1, List.of(), List.of());
        }

        @Override
        public PerNumber over(List<Integer> starts, List<Integer> widths) {
            return new Plr(frequencies, dim, sigma, starts, widths);
        }
    }

    /**
     * {@code [x, A · cos(2π f x + p) + a]}: periodic, bias, linear, densenet, as in RealMLP, whose defaults it has. Holzmüller,
     * Grinsztajn, Steinwart, <a href="https://arxiv.org/abs/2407.04491">Better by default</a>, NeurIPS 2024.
     *
     * @param frequencies of each number
     * @param dim the width of an embedding, the number itself included; at least 2
     * @param sigma the deviation of the frequencies at first, for numbers of deviation 1
     * @param starts the first input of each run of numbers, ascending; empty if they are not yet known
     * @param widths the number of inputs of each
     */
    record Pbld(int frequencies, int dim, double sigma, List<Integer> starts, List<Integer> widths)
            implements Periodic {
        public Pbld {
            starts = List.copyOf(starts);
            widths = List.copyOf(widths);
            Periodic.check("pbld", frequencies, dim, 2, sigma, new Runs(starts, widths));
        }

        public Pbld() {
            this(16, 4, 0.1, List.of(), List.of());
        }

        @Override
        public PerNumber over(List<Integer> starts, List<Integer> widths) {
            return new Pbld(frequencies, dim, sigma, starts, widths);
        }
    }

    /**
     * The piecewise-linear encoding: each number becomes one output for each of its bins, as {@link PiecewiseLinear} has them.
     * Edges are the quantiles of training rows, measured before the first step and not trained. Gorishniy, Rubachev, Babenko,
     * <a href="https://arxiv.org/abs/2203.05556">On Embeddings for Numerical Features in Tabular Deep Learning</a>, NeurIPS
     * 2022, section 3.2.1.
     *
     * @param bins of each number
     * @param starts the first input of each run of numbers, ascending; empty if they are not yet known
     * @param widths the number of inputs of each
     */
    record Ple(int bins, List<Integer> starts, List<Integer> widths) implements PerNumber {
        public Ple {
            starts = List.copyOf(starts);
            widths = List.copyOf(widths);
            Require.inRange(bins, 1, 1 << 20, "the bins of ple");
            new Runs(starts, widths).check("ple");
        }

        public Ple() {
            this(16, List.of(), List.of());
        }

        @Override
        public int dim() {
            return bins;
        }

        @Override
        public PerNumber over(List<Integer> starts, List<Integer> widths) {
            return new Ple(bins, starts, widths);
        }

        PiecewiseLinear encoding() {
            return new PiecewiseLinear(Runs.count(widths), bins);
        }

        @Override
        public List<Block> blocks(int inputs) {
            return List.of(new Block("edge", Block.Role.STATISTIC, 0, encoding().numbers(), bins + 1));
        }

        @Override
        public void initialize(int inputs, Nonlinearity following, SplitMix64 random, float[] parameters, int offset) {
            encoding().initialize(parameters, offset);
        }

        @Override
        public void forward(Frame frame) {
            encoding()
                    .forward(frame.places, frame.rows(), frame.parameters, frame.offset, frame.in.values(), frame.out);
        }

        @Override
        public float[] backward(Frame frame, float[] delta, float[] spare, float[] gradient) {
            if (frame.first) {
                return delta;
            }
            float[] in = frame.in.values();
            encoding().backward(frame.places, frame.rows(), frame.parameters, frame.offset, in, delta, spare);
            return spare;
        }
    }
}
