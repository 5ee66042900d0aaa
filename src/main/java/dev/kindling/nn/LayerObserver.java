package dev.kindling.nn;

/** Looks at a pass back through a network, layer by layer from the last: what came out of each, and the gradient there. */
@FunctionalInterface
public interface LayerObserver {
    /** Sees nothing. */
    LayerObserver NONE = (layer, delta) -> {};

    /**
     * Told of a layer before the pass goes through it. Layers that need no gradient, those before the first with parameters,
     * are left out.
     *
     * @param layer counted from 0; {@link Workspace#output} has what it put out
     * @param delta (rows, outputs): the gradient of the batch's loss sum with respect to that; to be neither changed nor kept
     */
    void observe(int layer, float[] delta);
}
