package dev.kindling.nn;

import dev.kindling.linalg.Gemm;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.RandomKey;
import dev.kindling.linalg.Require;
import dev.kindling.linalg.Rows;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A chain of layers over inputs of a fixed width. It is immutable and holds no parameters: those are one flat {@code
 * float[]}, laid out by {@link #layout()} and given to every call.
 */
public final class Network implements Serializable {
    private static final long serialVersionUID = 1L;

    private final Layer[] layers;
    private final int[] widths; // of the input, then of each layer's output
    private final int[] offsets; // of each layer's first parameter, then the number of all
    private final Block[] layout;

    private Network(Layer[] layers, int[] widths, int[] offsets, Block[] layout) {
        this.layers = layers;
        this.widths = widths;
        this.offsets = offsets;
        this.layout = layout;
    }

    /**
     * The network of these layers.
     *
     * @throws InvalidInput where a layer does not fit, or the parameters do not fit one array
     */
    public static Network of(int inputs, List<Layer> layers) {
        Require.positive(inputs, "the number of inputs of a network");
        Require.that(!layers.isEmpty(), "a network needs at least one layer, but has none");
        int[] widths = new int[layers.size() + 1];
        int[] offsets = new int[layers.size() + 1];
        List<Block> layout = new ArrayList<>();
        Map<String, Integer> seen = new HashMap<>();
        widths[0] = inputs;
        long next = 0;
        for (int i = 0; i < layers.size(); i++) {
            Layer layer = layers.get(i);
            String kind = Spec.name(layer);
            String name = kind + seen.merge(kind, 1, Integer::sum);
            widths[i + 1] = layer.outputs(widths[i]);
            requireRoom((long) widths[i] * widths[i + 1], name);
            for (Block block : layer.blocks(widths[i])) {
                layout.add(
                        new Block(name + "." + block.name(), block.role(), (int) next, block.rows(), block.columns()));
                next = requireRoom(next + block.size(), name);
            }
            offsets[i + 1] = (int) next;
        }
        return new Network(layers.toArray(new Layer[0]), widths, offsets, layout.toArray(new Block[0]));
    }

    private static long requireRoom(long parameters, String name) {
        if (parameters > Integer.MAX_VALUE - 8) {
            throw new InvalidInput("a network's parameters must fit one array of 2147483639 floats, but with " + name
                    + " there are " + parameters);
        }
        return parameters;
    }

    public int inputs() {
        return widths[0];
    }

    public int outputs() {
        return widths[widths.length - 1];
    }

    public List<Layer> layers() {
        return List.of(layers);
    }

    public int parameterCount() {
        return offsets[layers.length];
    }

    /** The named pieces of the parameter vector, in order, without gaps. */
    public List<Block> layout() {
        return List.of(layout);
    }

    /** Fresh parameters. Each layer draws from a key of its own, so that changing one leaves the others' draws. */
    public float[] initialize(RandomKey key) {
        float[] parameters = new float[parameterCount()];
        for (int i = 0; i < layers.length; i++) {
            layers[i].initialize(widths[i], following(i), key.fold(i).generator(), parameters, offsets[i]);
        }
        return parameters;
    }

    private Nonlinear following(int layer) {
        for (int i = layer + 1; i < layers.length; i++) {
            if (layers[i] instanceof Nonlinear nonlinear) {
                return nonlinear;
            }
            if (layers[i] instanceof Dense) {
                break;
            }
        }
        return new Activation.Identity();
    }

    /** Scratch for passes of up to {@code capacity} rows. */
    public Workspace workspace(Gemm gemm, int capacity) {
        return new Workspace(gemm, capacity, layers(), widths, offsets);
    }

    /**
     * The raw outputs for each row.
     *
     * @param features (rows, inputs), at most {@code workspace.capacity()} rows
     * @return {@code workspace.logits()}: (rows, outputs), valid until the next pass
     */
    public float[] forward(float[] parameters, Rows features, Workspace workspace) {
        run(parameters, features, null, workspace);
        return workspace.logits();
    }

    private Frame[] run(float[] parameters, Rows features, @Nullable RandomKey key, Workspace workspace) {
        if (features.columns() != inputs()
                || parameters.length != parameterCount()
                || features.rows() > workspace.capacity()) {
            throw new IllegalArgumentException("the network takes " + inputs() + " inputs, " + parameterCount()
                    + " parameters and at most " + workspace.capacity() + " rows, but got " + features.columns() + ", "
                    + parameters.length + " and " + features.rows());
        }
        Frame[] frames = workspace.frames(features, parameters, key);
        for (int i = 0; i < frames.length; i++) {
            layers[i].forward(frames[i]);
        }
        return frames;
    }

    /**
     * Adds the gradient of the batch's weighted loss <em>sum</em> to {@code gradient} and returns that sum. Afterwards
     * {@code workspace.logits()} holds the raw outputs.
     *
     * @param key of this pass: what is random in it (dropout) is drawn from here
     * @param gradient added to; it has the layout of the parameters
     */
    public double accumulate(
            float[] parameters, Batch batch, Loss loss, RandomKey key, Workspace workspace, float[] gradient) {
        Frame[] frames = run(parameters, batch.features(), key, workspace);
        float[] delta = workspace.delta();
        float[] spare = workspace.spare();
        double sum = loss.evaluate(batch, outputs(), workspace.logits(), delta);
        for (int i = frames.length - 1; i >= 0; i--) {
            float[] below = layers[i].backward(frames[i], delta, spare, gradient);
            if (below != delta) {
                spare = delta;
                delta = below;
            }
        }
        return sum;
    }

    /** The batch's weighted loss sum, as at inference. Afterwards {@code workspace.logits()} holds the raw outputs. */
    public double loss(float[] parameters, Batch batch, Loss loss, Workspace workspace) {
        run(parameters, batch.features(), null, workspace);
        return loss.evaluate(batch, outputs(), workspace.logits(), workspace.delta());
    }

    /** The layers as a spec, such as {@code dense(64) relu dense(10)}. */
    @Override
    public String toString() {
        return inputs() + " inputs: " + Spec.printAll(layers());
    }
}
