package dev.kindling.nn;

import dev.kindling.linalg.Kernels;
import dev.kindling.linalg.RandomKey;
import dev.kindling.linalg.Require;
import dev.kindling.linalg.SplitMix64;
import java.util.List;

/**
 * {@code out = in + layers(in)}: a shortcut around some layers, whose output must be as wide as their input. He et al.,
 * <a href="https://arxiv.org/abs/1512.03385">Deep residual learning</a>, CVPR 2016, equation 1. Written
 * {@code residual([batchNorm relu dense(64) batchNorm relu dense(64)])}.
 *
 * @param layers at least one
 */
public record Residual(List<Layer> layers) implements Layer {

    public Residual {
        layers = List.copyOf(layers);
        Require.that(!layers.isEmpty(), "a residual block needs at least one layer, but has none");
    }

    @Override
    public List<Layer> inner() {
        return layers;
    }

    @Override
    public int outputs(int inputs) {
        int outputs = Chain.of(inputs, layers).outputs();
        Require.that(
                outputs == inputs,
                "a residual block must return to the width of its input, " + inputs + ", but its layers have " + outputs
                        + " outputs");
        return outputs;
    }

    @Override
    public List<Block> blocks(int inputs) {
        return Chain.of(inputs, layers).layout();
    }

    @Override
    public void initialize(int inputs, Nonlinearity following, SplitMix64 random, float[] parameters, int offset) {
        Chain.of(inputs, layers).initialize(RandomKey.of(random.nextLong()), parameters, offset);
    }

    @Override
    public int kept(int inputs, int capacity) {
        return Math.toIntExact((long) capacity * inputs);
    }

    @Override
    public void forward(Frame frame) {
        Chain.forward(frame.inner, frame.in, frame.parameters, frame.batch, frame.key);
        int n = frame.rows() * frame.outputs;
        System.arraycopy(frame.inner[frame.inner.length - 1].out, 0, frame.out, 0, n);
        Kernels.add(n, frame.in.values(), 0, frame.out, 0);
    }

    @Override
    public float[] backward(Frame frame, float[] delta, float[] spare, float[] gradient) {
        int n = frame.rows() * frame.inputs;
        System.arraycopy(delta, 0, frame.kept, 0, n);
        float[] below = Chain.backward(frame.inner, delta, spare, gradient);
        if (!frame.first) {
            Kernels.add(n, frame.kept, 0, below, 0);
        }
        return below;
    }
}
