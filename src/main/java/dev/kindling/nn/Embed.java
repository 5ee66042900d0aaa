package dev.kindling.nn;

import dev.kindling.linalg.Require;
import dev.kindling.linalg.SplitMix64;
import dev.kindling.nn.embedding.Runs;
import dev.kindling.nn.embedding.Tables;
import dev.kindling.nn.embedding.TouchedRows;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Embeds categorical columns, as a network's first layer. The inputs of such a column, one for each category, become
 * {@code dim} outputs in their place, {@code out = in · W} without a bias: for a one-hot row the embedding of its category,
 * for a row of zeros 0. Other inputs pass unchanged. Only the embeddings of inputs that are not 0 are read, and only these
 * get a gradient.
 *
 * <p>Embeddings start as draws from N(0, 1), as PyTorch's {@code Embedding} does. So does RealMLP (Holzmüller, Grinsztajn,
 * Steinwart, <a href="https://arxiv.org/abs/2407.04491">Better by default</a>, NeurIPS 2024), whose width and limit are the
 * defaults.
 *
 * @param dim the width of an embedding
 * @param oneHotUpTo columns with at most so many inputs stay as they are; not used once the columns are known
 * @param starts the first input of each embedded column, ascending; empty if the columns are not yet known
 * @param widths the number of inputs of each
 */
public record Embed(int dim, int oneHotUpTo, List<Integer> starts, List<Integer> widths) implements Layer, Embedding {

    public Embed {
        Require.positive(dim, "the dim of embed");
        Require.positive(oneHotUpTo, "oneHotUpTo of embed");
        new Runs(starts, widths).check("embed");
        starts = List.copyOf(starts);
        widths = List.copyOf(widths);
    }

    public Embed() {
        this(8, 9, List.of(), List.of());
    }

    @Override
    public Optional<Embed> over(List<Integer> columns) {
        if (!starts.isEmpty()) {
            return Optional.of(this);
        }
        List<Integer> found = new ArrayList<>();
        List<Integer> wide = new ArrayList<>();
        int start = 0;
        for (int width : columns) {
            if (width > oneHotUpTo) {
                found.add(start);
                wide.add(width);
            }
            start += width;
        }
        return found.isEmpty() ? Optional.empty() : Optional.of(new Embed(dim, oneHotUpTo, found, wide));
    }

    @Override
    public int outputs(int inputs) {
        Require.that(
                !starts.isEmpty(),
                "embed must know the inputs of its columns, from the features' metadata or as in embed(starts=[0],"
                        + " widths=[100])");
        return new Runs(starts, widths).outputs("embed", "for a column", inputs, dim, 0);
    }

    @Override
    public List<Block> blocks(int inputs) {
        List<Block> blocks = new ArrayList<>();
        int offset = 0;
        for (int width : widths) {
            blocks.add(new Block("weight" + (blocks.size() + 1), Block.Role.WEIGHT, offset, width, dim));
            offset += width * dim;
        }
        return blocks;
    }

    @Override
    public void initialize(int inputs, Nonlinearity following, SplitMix64 random, float[] parameters, int offset) {
        int end = offset + blocks(inputs).stream().mapToInt(Block::size).sum();
        for (int i = offset; i < end; i++) {
            parameters[i] = (float) random.nextGaussian();
        }
    }

    /** (inputs, 2): where an input's output or first output is, and the row of its embedding, or -1 if it passes. */
    @Override
    public int[] places(int inputs) {
        return new Runs(starts, widths).places(inputs, dim, 0);
    }

    /** What is true of each input, for each output; false for embeddings. */
    public boolean[] passing(boolean[] inputs) {
        boolean[] outputs = new boolean[outputs(inputs.length)];
        int[] places = places(inputs.length);
        for (int i = 0; i < inputs.length; i++) {
            outputs[places[2 * i]] = inputs[i] && places[2 * i + 1] < 0;
        }
        return outputs;
    }

    @Override
    public boolean takesSparseRows() {
        return true;
    }

    @Override
    public Optional<TouchedRows> touched(int inputs, int[] touched) {
        return Optional.of(TouchedRows.of(new Runs(starts, widths), inputs, dim, touched));
    }

    @Override
    public Layer over(TouchedRows part) {
        return new Embed(dim, oneHotUpTo, part.runs().starts(), part.runs().widths());
    }

    @Override
    public void forward(Frame frame) {
        tables(frame).forward(frame.in, frame.parameters, frame.offset, frame.out);
    }

    @Override
    public float[] backward(Frame frame, float[] delta, float[] spare, float[] gradient) {
        tables(frame).backward(frame.in, delta, gradient, frame.offset);
        return delta; // the first layer: nothing below needs a gradient
    }

    private Tables tables(Frame frame) {
        return new Tables(dim, frame.places, frame.outputs);
    }
}
