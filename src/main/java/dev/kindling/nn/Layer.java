package dev.kindling.nn;

import dev.kindling.linalg.SplitMix64;
import dev.kindling.nn.embedding.TouchedRows;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/** A layer's configuration, and its mathematics over arrays that the caller owns. Layers are immutable. */
public sealed interface Layer extends Serializable
        permits Nonlinearity,
                Dense,
                Dropout,
                BatchNorm,
                LayerNorm,
                Residual,
                Standardize,
                Scale,
                Embed,
                NumberEmbedding.PerNumber {

    /** The width of the output for an input of width {@code inputs}. */
    default int outputs(int inputs) {
        return inputs;
    }

    /** The layer's parameter blocks, in order, with offsets relative to its own first parameter. */
    default List<Block> blocks(int inputs) {
        return List.of();
    }

    /** Writes the initial values of its blocks in {@code parameters}, which begin at {@code offset} and hold zeros. */
    default void initialize(int inputs, Nonlinearity following, SplitMix64 random, float[] parameters, int offset) {}

    /** The layers within this layer; empty for most. */
    default List<Layer> inner() {
        return List.of();
    }

    /** How many numbers it keeps in {@code frame.scratch} from the forward to the backward pass. */
    default int scratch(int inputs, int capacity) {
        return 0;
    }

    /** The same in float32, as {@code frame.kept}. */
    default int kept(int inputs, int capacity) {
        return 0;
    }

    /** What it knows of its inputs, computed once for each workspace, as {@code frame.places}; empty for most. */
    default int[] places(int inputs) {
        return new int[0];
    }

    /** Whether {@code frame.in} may be sparse if this is a network's first layer. */
    default boolean takesSparseRows() {
        return false;
    }

    /** The rows of its weights, its first parameters, that these inputs touch; empty if a batch touches more of them. */
    default Optional<TouchedRows> touched(int inputs, int[] touched) {
        return Optional.empty();
    }

    /** This layer over the inputs of a part. */
    default Layer over(TouchedRows part) {
        return this;
    }

    /** Computes {@code frame.out} from {@code frame.in}. */
    void forward(Frame frame);

    /**
     * Turns the gradient with respect to this layer's output into the one with respect to its input, and adds the
     * gradient of its own parameters to {@code gradient}, which has the layout of the parameters.
     *
     * @param delta (rows, outputs): the gradient with respect to the output; overwritten
     * @param spare room for (rows, inputs)
     * @return {@code delta} or {@code spare}, whichever now holds the gradient with respect to the input; that gradient
     *     is not computed if no layer below needs it ({@code frame.first})
     */
    float[] backward(Frame frame, float[] delta, float[] spare, float[] gradient);
}
