package dev.kindling.nn;

import dev.kindling.linalg.Gemm;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.RandomKey;
import dev.kindling.linalg.Rows;
import dev.kindling.linalg.SplitMix64;
import dev.kindling.loss.Batch;
import dev.kindling.spec.Spec;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Layers in sequence over inputs of a fixed width: the width of each, and the position of its parameters. Immutable.
 */
final class Chain implements Serializable {
    private static final long serialVersionUID = 1L;

    private final Layer[] layers;
    private final int[] widths; // of the input, then of each layer's output
    private final int[] offsets; // of each layer's first parameter, then the number of all
    private final Block[] layout;

    private Chain(Layer[] layers, int[] widths, int[] offsets, Block[] layout) {
        this.layers = layers;
        this.widths = widths;
        this.offsets = offsets;
        this.layout = layout;
    }

    static Chain of(int inputs, List<Layer> layers) {
        int[] widths = new int[layers.size() + 1];
        int[] offsets = new int[layers.size() + 1];
        List<Block> layout = new ArrayList<>();
        List<String> names = names(layers);
        widths[0] = inputs;
        long next = 0;
        for (int i = 0; i < layers.size(); i++) {
            Layer layer = layers.get(i);
            String name = names.get(i);
            widths[i + 1] = layer.outputs(widths[i]);
            for (Block block : layer.blocks(widths[i])) {
                layout.add(
                        new Block(name + "." + block.name(), block.role(), (int) next, block.rows(), block.columns()));
                next = requireRoom(next + (long) block.rows() * block.columns(), name);
            }
            offsets[i + 1] = (int) next;
        }
        return new Chain(layers.toArray(new Layer[0]), widths, offsets, layout.toArray(new Block[0]));
    }

    private static List<String> names(List<Layer> layers) {
        Map<String, Integer> seen = new HashMap<>();
        return layers.stream()
                .map(layer -> Spec.name(layer) + seen.merge(Spec.name(layer), 1, Integer::sum))
                .toList();
    }

    List<String> names() {
        return names(layers());
    }

    private static long requireRoom(long parameters, String name) {
        if (parameters > Integer.MAX_VALUE - 8) {
            throw new InvalidInput("a network's parameters must fit one array of 2147483639 floats, but with " + name
                    + " there are " + parameters);
        }
        return parameters;
    }

    int inputs() {
        return widths[0];
    }

    int outputs() {
        return widths[layers.length];
    }

    int outputs(int layer) {
        return widths[layer + 1];
    }

    /** The place of a layer's first parameter. */
    int offset(int layer) {
        return offsets[layer];
    }

    int parameterCount() {
        return offsets[layers.length];
    }

    List<Layer> layers() {
        return List.of(layers);
    }

    /** The layers' blocks, with offsets relative to the chain's first parameter. */
    List<Block> layout() {
        return List.of(layout);
    }

    /** The width of the widest output, including layers within layers. */
    int widest() {
        int widest = 0;
        for (int i = 0; i < layers.length; i++) {
            widest = Math.max(widest, widths[i + 1]);
            if (!layers[i].inner().isEmpty()) {
                widest = Math.max(widest, Chain.of(widths[i], layers[i].inner()).widest());
            }
        }
        return widest;
    }

    /** Writes the initial values; each layer draws from a generator of its own. */
    void initialize(RandomKey key, float[] parameters, int offset) {
        for (int i = 0; i < layers.length; i++) {
            SplitMix64 random = key.fold(i).generator();
            layers[i].initialize(widths[i], following(i), random, parameters, offset + offsets[i]);
        }
    }

    private Nonlinearity following(int layer) {
        for (int i = layer + 1; i < layers.length; i++) {
            if (layers[i] instanceof Nonlinearity nonlinearity) {
                return nonlinearity;
            }
            if (layers[i] instanceof Dense || layers[i] instanceof Residual) {
                break;
            }
        }
        return new Activation.Identity();
    }

    /** @param first whether no layer below needs the gradient with respect to the chain's input */
    Frame[] frames(Gemm gemm, int capacity, int offset, boolean first) {
        Frame[] frames = new Frame[layers.length];
        boolean nothingBelow = first;
        for (int i = 0; i < frames.length; i++) {
            frames[i] =
                    new Frame(gemm, capacity, layers[i], widths[i], widths[i + 1], offset + offsets[i], nothingBelow);
            nothingBelow = nothingBelow && !isTrained(i);
        }
        return frames;
    }

    private boolean isTrained(int layer) {
        return layers[layer].blocks(widths[layer]).stream().anyMatch(block -> block.role() != Block.Role.STATISTIC);
    }

    /** Runs the layers; the last frame's {@code out} is the result. */
    static void forward(Frame[] frames, Rows in, float[] parameters, @Nullable Batch batch, @Nullable RandomKey key) {
        Rows next = in;
        for (int i = 0; i < frames.length; i++) {
            Frame frame = frames[i];
            frame.in = next;
            frame.parameters = parameters;
            frame.batch = batch;
            frame.key = key == null ? null : key.fold(i);
            frame.layer.forward(frame);
            next = frame.output(in.rows());
        }
    }

    /** Runs {@link Layer#backward} on the layers from the last down to the first that needs a gradient. */
    static float[] backward(Frame[] frames, float[] delta, float[] spare, float[] gradient) {
        return backward(frames, delta, spare, gradient, LayerObserver.NONE);
    }

    /** The same, with an observer. */
    static float[] backward(Frame[] frames, float[] delta, float[] spare, float[] gradient, LayerObserver observer) {
        float[] above = delta;
        float[] free = spare;
        for (int i = frames.length - 1; i >= 0; i--) {
            observer.observe(i, above);
            float[] below = frames[i].layer.backward(frames[i], above, free, gradient);
            if (below != above) {
                free = above;
                above = below;
            }
            if (frames[i].first) {
                break;
            }
        }
        return above;
    }
}
