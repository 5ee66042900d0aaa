package dev.kindling.nn;

/**
 * Observes a backward pass through a network, layer by layer from the last: the output of each layer, and the gradient
 * there.
 */
@FunctionalInterface
public interface LayerObserver {
    /** Observes nothing. */
    LayerObserver NONE = (layer, delta) -> {};

    /**
     * Called before the backward pass goes through a layer. Layers that need no gradient, those before the first one
     * with parameters, are skipped.
     *
     * @param layer counted from 0; {@link Workspace#output} has its output
     * @param delta (rows, outputs): the gradient of the batch's loss sum with respect to that output; must not be
     *     modified or kept
     */
    void observe(int layer, float[] delta);
}
