package dev.kindling.optim;

import java.util.List;

/**
 * An optimizer's state: named vectors, each with the layout of the parameters, all zero before the first step. The
 * arrays are the state itself, not copies: a step writes them, a checkpoint reads and restores them.
 */
public final class Slots {
    private final List<String> names;
    private final float[][] vectors;

    /** Zeroed state for {@code parameters} parameters; none where the optimizer does not step along gradients. */
    public Slots(Optimizer optimizer, int parameters) {
        this.names = names(optimizer);
        this.vectors = new float[names.size()][parameters];
    }

    /** How many vectors an optimizer has. */
    public static int count(Optimizer optimizer) {
        return names(optimizer).size();
    }

    private static List<String> names(Optimizer optimizer) {
        return optimizer instanceof FirstOrder stepping ? stepping.slots() : List.of();
    }

    /** What the vectors are called, such as {@code m} and {@code v}. */
    public List<String> names() {
        return names;
    }

    /** The vector at a place of {@link #names()}. */
    public float[] vector(int index) {
        return vectors[index];
    }
}
