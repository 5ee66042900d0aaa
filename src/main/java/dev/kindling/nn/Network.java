package dev.kindling.nn;

import dev.kindling.linalg.Gemm;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.RandomKey;
import dev.kindling.linalg.Require;
import dev.kindling.linalg.Rows;
import dev.kindling.loss.Batch;
import dev.kindling.loss.Loss;
import dev.kindling.nn.embedding.TouchedRows;
import dev.kindling.spec.Spec;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A sequence of layers over inputs of a fixed width. It is immutable and holds no parameters: they are one flat
 * {@code float[]}, laid out by {@link #layout()} and passed to every call.
 */
public final class Network implements Serializable {
    private static final int MOST_ROWS = 512; // in a pass
    private static final int MOST_VALUES = 1 << 24; // of a layer's output in a pass

    private static final long serialVersionUID = 1L;

    private final Chain chain;
    private final int passRows;

    private Network(Chain chain) {
        this.chain = chain;
        this.passRows = Math.max(1, Math.min(MOST_ROWS, MOST_VALUES / chain.widest()));
    }

    /**
     * The network of these layers.
     *
     * @throws InvalidInput if a layer does not fit, or the parameters do not fit in one array
     */
    public static Network of(int inputs, List<Layer> layers) {
        Require.positive(inputs, "the number of inputs of a network");
        Require.that(!layers.isEmpty(), "a network needs at least one layer, but has none");
        int standardizing = behindEmbed(layers);
        boolean first = standardizing < layers.size() && layers.get(standardizing) instanceof Standardize;
        int front = first ? standardizing + 1 : standardizing;
        boolean binned = front < layers.size() && layers.get(front) instanceof NumberEmbedding.Ple;
        requireNoFront(layers.subList(binned ? front + 1 : front, layers.size()));
        return new Network(Chain.of(inputs, layers));
    }

    /** The place of the first layer that may be other than embed. */
    private static int behindEmbed(List<Layer> layers) {
        return layers.get(0) instanceof Embed ? 1 : 0;
    }

    private static void requireNoFront(List<Layer> layers) {
        for (Layer layer : layers) {
            Require.that(!(layer instanceof Embed), "embed must be the first layer of a network");
            Require.that(
                    !(layer instanceof Standardize),
                    "standardize must be the first layer of a network, or follow embed");
            Require.that(
                    !(layer instanceof NumberEmbedding.Ple),
                    "ple must be the first layer of a network, or follow embed and standardize");
            requireNoFront(layer.inner());
        }
    }

    public int inputs() {
        return chain.inputs();
    }

    public int outputs() {
        return chain.outputs();
    }

    /** The width of a layer's output; layers are counted from 0. */
    public int outputs(int layer) {
        return chain.outputs(layer);
    }

    public List<Layer> layers() {
        return chain.layers();
    }

    /** The layers' names, such as {@code dense1}: the kind, and its number among layers of that kind. */
    public List<String> layerNames() {
        return chain.names();
    }

    public int parameterCount() {
        return chain.parameterCount();
    }

    /** The named blocks of the parameter vector, in order, without gaps. */
    public List<Block> layout() {
        return chain.layout();
    }

    /** The bias of the outputs, if the last layer has one. */
    public Optional<Block> outputBias() {
        List<Block> layout = layout();
        boolean dense = layers().get(layers().size() - 1) instanceof Dense;
        return dense ? Optional.of(layout.get(layout.size() - 1)) : Optional.empty();
    }

    /** The rows of its first weights that batches of these inputs touch; empty if they touch more than rows. */
    public Optional<TouchedRows> touched(int[] touched) {
        return layers().get(0).touched(inputs(), touched);
    }

    /** This network over the inputs of a part: what it computes from them is the same. */
    public Network over(TouchedRows part) {
        List<Layer> layers = new ArrayList<>(layers());
        layers.set(0, layers.get(0).over(part));
        return of(part.columns(), layers);
    }

    /** Whether it standardizes its inputs. */
    public boolean standardizes() {
        return first(Standardize.class);
    }

    /** Whether its first layer, but for embed, scales each input. */
    public boolean scalesInputs() {
        return standardizes() || first(BatchNorm.class);
    }

    private boolean first(Class<? extends Layer> kind) {
        int first = behindEmbed(layers());
        return first < layers().size() && kind.isInstance(layers().get(first));
    }

    /**
     * Writes the inputs' means and deviations where standardize has its parameters. Those of embeddings stay 0 and 1.
     *
     * @param parameters fresh ones; modified
     */
    public void standardize(float[] means, float[] deviations, float[] parameters) {
        int layer = behindEmbed(layers());
        int[] places = layers().get(0).places(inputs()); // of embed; empty without it
        int offset = chain.offset(layer);
        for (int i = 0; i < inputs(); i++) {
            int to = places.length == 0 ? i : places[2 * i];
            if (places.length == 0 || places[2 * i + 1] < 0) {
                parameters[offset + to] = means[i];
                parameters[offset + outputs(layer) + to] = deviations[i];
            }
        }
    }

    /** Whether its numbers have bins, which {@link #bin} makes those of rows. */
    public boolean hasBins() {
        return binning() >= 0;
    }

    private int binning() {
        for (int i = 0; i < layers().size(); i++) {
            if (layers().get(i) instanceof NumberEmbedding.Ple) {
                return i;
            }
        }
        return -1;
    }

    /**
     * Makes the edges of bins the quantiles of some training rows, as the layers below hand them on.
     *
     * @param rows at least one
     * @param parameters fresh ones, with what standardize has measured; modified
     */
    public void bin(Rows rows, float[] parameters) {
        int layer = binning();
        int width = layer == 0 ? inputs() : outputs(layer - 1);
        float[] values = new float[Math.multiplyExact(rows.rows(), width)];
        if (layer == 0) {
            rows.copyTo(values);
        } else {
            Network below = of(inputs(), layers().subList(0, layer));
            float[] own = Arrays.copyOf(parameters, below.parameterCount());
            Workspace workspace = below.workspace(Gemm.best(), rows.rows());
            System.arraycopy(below.forward(own, rows, workspace), 0, values, 0, values.length);
        }
        NumberEmbedding.Ple binned = (NumberEmbedding.Ple) layers().get(layer);
        binned.encoding().measure(binned.places(width), rows.rows(), values, parameters, chain.offset(layer));
    }

    /** Whether training draws random numbers, so that the loss differs from pass to pass. */
    public boolean isRandom() {
        return contains(Dropout.class, layers());
    }

    /**
     * Whether training normalises over the rows of a pass, so that a shard must process its rows of a step in one pass.
     */
    public boolean usesBatchStatistics() {
        return contains(BatchNorm.class, layers());
    }

    private static boolean contains(Class<? extends Layer> kind, List<Layer> layers) {
        return layers.stream().anyMatch(layer -> kind.isInstance(layer) || contains(kind, layer.inner()));
    }

    /**
     * Initial parameters. Each layer draws from a key of its own, so changing one layer does not change the draws of
     * the others.
     */
    public float[] initialize(RandomKey key) {
        float[] parameters = new float[parameterCount()];
        chain.initialize(key, parameters, 0);
        return parameters;
    }

    /** How many rows a pass takes: enough for products at full rate, and few enough for the cache and for wide layers. */
    public int passRows() {
        return passRows;
    }

    /** Scratch for passes of up to {@code capacity} rows. */
    public Workspace workspace(Gemm gemm, int capacity) {
        return new Workspace(gemm, capacity, chain);
    }

    /**
     * The raw outputs for each row.
     *
     * @param features (rows, inputs), at most {@code workspace.capacity()} rows
     * @return {@code workspace.logits()}: (rows, outputs), valid until the next pass
     */
    public float[] forward(float[] parameters, Rows features, Workspace workspace) {
        run(parameters, features, null, null, workspace);
        return workspace.logits();
    }

    private void run(
            float[] parameters, Rows features, @Nullable Batch batch, @Nullable RandomKey key, Workspace workspace) {
        if (features.columns() != inputs()
                || parameters.length != parameterCount()
                || features.rows() > workspace.capacity()) {
            throw new IllegalArgumentException("the network takes " + inputs() + " inputs, " + parameterCount()
                    + " parameters and at most " + workspace.capacity() + " rows, but got " + features.columns() + ", "
                    + parameters.length + " and " + features.rows());
        }
        if (workspace.chain != chain) {
            throw new IllegalArgumentException("a pass needs a workspace of its own network, but got another's");
        }
        Chain.forward(workspace.frames, workspace.input(features), parameters, batch, key);
    }

    /**
     * Adds the gradient of the batch's weighted loss <em>sum</em> to {@code gradient} and returns that sum. Afterwards
     * {@code workspace.logits()} holds the raw outputs.
     *
     * @param key of this pass; everything random in it (dropout) is drawn from this key
     * @param gradient added to; it has the layout of the parameters
     */
    public double accumulate(
            float[] parameters, Batch batch, Loss loss, RandomKey key, Workspace workspace, float[] gradient) {
        return accumulate(parameters, batch, loss, key, workspace, gradient, LayerObserver.NONE);
    }

    /** The same, with an observer that sees the gradient at each layer's output. */
    public double accumulate(
            float[] parameters,
            Batch batch,
            Loss loss,
            RandomKey key,
            Workspace workspace,
            float[] gradient,
            LayerObserver observer) {
        run(parameters, batch.features(), batch, key, workspace);
        double sum = loss.evaluate(batch, outputs(), workspace.logits(), workspace.delta);
        Chain.backward(workspace.frames, workspace.delta, workspace.spare, gradient, observer);
        return sum;
    }

    /** The batch's weighted loss sum, as {@link #accumulate} returns it. */
    public double trainingLoss(float[] parameters, Batch batch, Loss loss, RandomKey key, Workspace workspace) {
        run(parameters, batch.features(), batch, key, workspace);
        return loss.evaluate(batch, outputs(), workspace.logits(), workspace.delta);
    }

    /**
     * The batch's weighted loss sum, computed as at inference. Afterwards {@code workspace.logits()} holds the raw
     * outputs.
     */
    public double loss(float[] parameters, Batch batch, Loss loss, Workspace workspace) {
        run(parameters, batch.features(), null, null, workspace);
        return loss.evaluate(batch, outputs(), workspace.logits(), workspace.delta);
    }

    /** The layers as a spec, such as {@code dense(64) relu dense(10)}, but for how their first weights were drawn. */
    @Override
    public String toString() {
        List<Layer> shown = layers().stream()
                .map(layer -> layer instanceof Dense dense ? new Dense(dense.units()) : layer)
                .toList();
        return inputs() + " inputs: " + Spec.briefAll(shown);
    }
}
