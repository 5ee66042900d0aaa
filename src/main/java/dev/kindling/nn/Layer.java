package dev.kindling.nn;

import dev.kindling.linalg.SplitMix64;
import java.io.Serializable;
import java.util.List;

/** A layer's configuration, and its mathematics over arrays that others own. Layers are immutable. */
public sealed interface Layer extends Serializable
        permits Nonlinearity, Dense, Dropout, BatchNorm, LayerNorm, Residual, Standardize {

    /** The width of the output of this layer when its input is {@code inputs} wide. */
    default int outputs(int inputs) {
        return inputs;
    }

    /** The parameters it needs, in the order they are laid out, at offsets from its own first parameter. */
    default List<Block> blocks(int inputs) {
        return List.of();
    }

    /** Writes first values into its blocks of {@code parameters}, which begin at {@code offset} and hold zeros. */
    default void initialize(int inputs, Nonlinearity following, SplitMix64 random, float[] parameters, int offset) {}

    /** The layers it is made of; none for most. */
    default List<Layer> inner() {
        return List.of();
    }

    /** How many numbers it keeps in {@code frame.scratch} from the forward pass to the backward. */
    default int scratch(int inputs, int capacity) {
        return 0;
    }

    /** Computes {@code frame.out} from {@code frame.in}. */
    void forward(Frame frame);

    /**
     * Turns the gradient with respect to this layer's output into that with respect to its input, and adds the gradient
     * of its own parameters to {@code gradient}, which has the layout of the parameters.
     *
     * @param delta (rows, outputs): the gradient with respect to the output; overwritten
     * @param spare room for (rows, inputs)
     * @return whichever of {@code delta} and {@code spare} now holds the gradient with respect to the input; it is not
     *     computed when nothing lies below ({@code frame.first})
     */
    float[] backward(Frame frame, float[] delta, float[] spare, float[] gradient);
}
