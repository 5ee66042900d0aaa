package dev.kindling.nn;

import dev.kindling.linalg.Kernels;
import dev.kindling.linalg.Require;
import dev.kindling.linalg.SplitMix64;
import java.util.ArrayList;
import java.util.Arrays;
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
        Require.that(
                starts.size() == widths.size(),
                "embed needs as many starts as widths, but has " + starts.size() + " and " + widths.size());
        long next = 0;
        for (int g = 0; g < starts.size(); g++) {
            Require.positive(widths.get(g), "each width of embed");
            Require.that(
                    starts.get(g) >= next,
                    "the columns of embed must not overlap and be in order, but input " + starts.get(g)
                            + " comes after " + (next - 1));
            next = (long) starts.get(g) + widths.get(g);
        }
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
        int last = starts.size() - 1;
        long end = (long) starts.get(last) + widths.get(last);
        Require.that(
                end <= inputs,
                "embed takes inputs " + starts.get(last) + " to " + (end - 1) + " for a column, but there are " + inputs
                        + " inputs");
        long outputs = inputs;
        for (int width : widths) {
            outputs += dim - width;
        }
        Require.that(outputs <= Integer.MAX_VALUE, "embed must have fewer outputs than " + outputs);
        return (int) outputs;
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

    /** (inputs, 2): where an input's output or first output is, and where its embedding is, or -1 if it passes. */
    @Override
    public int[] places(int inputs) {
        int[] places = new int[Math.multiplyExact(2, inputs)];
        Arrays.fill(places, -1);
        int embedding = 0;
        int to = 0;
        int next = 0;
        for (int g = 0; g < starts.size(); g++) {
            for (; next < starts.get(g); next++) {
                places[2 * next] = to++;
            }
            for (; next < starts.get(g) + widths.get(g); next++) {
                places[2 * next] = to;
                places[2 * next + 1] = embedding;
                embedding += dim;
            }
            to += dim;
        }
        for (; next < inputs; next++) {
            places[2 * next] = to++;
        }
        return places;
    }

    @Override
    public boolean takesSparseRows() {
        return true;
    }

    @Override
    public void forward(Frame frame) {
        float[] in = frame.in.values();
        int[] places = frame.places;
        Kernels.fill(frame.rows() * frame.outputs, 0f, frame.out, 0);
        for (int row = 0; row < frame.rows(); row++) {
            for (int p = frame.in.begin(row); p < frame.in.end(row); p++) {
                int input = frame.in.column(row, p);
                int to = row * frame.outputs + places[2 * input];
                int embedding = places[2 * input + 1];
                if (embedding < 0) {
                    frame.out[to] = in[p];
                } else if (in[p] != 0) {
                    Kernels.axpy(dim, in[p], frame.parameters, frame.offset + embedding, frame.out, to);
                }
            }
        }
    }

    @Override
    public float[] backward(Frame frame, float[] delta, float[] spare, float[] gradient) {
        float[] in = frame.in.values();
        int[] places = frame.places;
        for (int row = 0; row < frame.rows(); row++) {
            for (int p = frame.in.begin(row); p < frame.in.end(row); p++) {
                int input = frame.in.column(row, p);
                int embedding = places[2 * input + 1];
                if (embedding >= 0 && in[p] != 0) {
                    int from = row * frame.outputs + places[2 * input];
                    Kernels.axpy(dim, in[p], delta, from, gradient, frame.offset + embedding);
                }
            }
        }
        return delta; // the first layer: nothing below needs a gradient
    }
}
