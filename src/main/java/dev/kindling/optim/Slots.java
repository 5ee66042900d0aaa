package dev.kindling.optim;

import dev.kindling.nn.embedding.TouchedRows;
import java.util.List;

/**
 * The state of an optimizer: named vectors, each with the layout of the parameters, all zero before the first step. The
 * arrays are the state itself, not copies: a step writes to them, and a checkpoint reads and restores them.
 */
public final class Slots {
    private final List<String> names;
    private final float[][] vectors;

    /** Zeroed state for {@code parameters} parameters; no vectors if the optimizer does not step along gradients. */
    public Slots(Optimizer optimizer, int parameters) {
        this.names = names(optimizer);
        this.vectors = new float[names.size()][parameters];
    }

    private static List<String> names(Optimizer optimizer) {
        return optimizer instanceof FirstOrder stepping ? stepping.slots() : List.of();
    }

    /** Copies what other slots of the same optimizer have of a part. */
    public void gather(TouchedRows rows, Slots whole) {
        for (int i = 0; i < vectors.length; i++) {
            rows.gather(whole.vectors[i], vectors[i]);
        }
    }

    /** Copies a part's slots to where they come from. */
    public void scatter(TouchedRows rows, Slots whole) {
        for (int i = 0; i < vectors.length; i++) {
            rows.scatter(vectors[i], whole.vectors[i]);
        }
    }

    /** The names of the vectors, such as {@code m} and {@code v}. */
    public List<String> names() {
        return names;
    }

    /** The vector at an index of {@link #names()}. */
    public float[] vector(int index) {
        return vectors[index];
    }
}
