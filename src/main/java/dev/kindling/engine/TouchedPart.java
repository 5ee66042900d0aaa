package dev.kindling.engine;

import dev.kindling.nn.Network;
import dev.kindling.nn.embedding.TouchedRows;
import org.jspecify.annotations.Nullable;

/** The part of a run's network that some inputs touch: a smaller network, and how its vectors lie in those of the whole. */
public final class TouchedPart {
    public final int[] touched; // ascending: what an executor needs to know
    public final TouchedRows rows;
    public final Network network;
    final int[] map; // (inputs of the whole): the part's input; of inputs that the part lacks, anything

    private TouchedPart(int[] touched, TouchedRows rows, Network network, int[] map) {
        this.touched = touched;
        this.rows = rows;
        this.network = network;
        this.map = map;
    }

    /**
     * The part of a network whose first layer has rows of weights.
     *
     * @param touched ascending
     * @param before a part that is no longer used, whose network and map serve again where they fit; null without one
     */
    public static TouchedPart of(Network whole, int[] touched, @Nullable TouchedPart before) {
        TouchedRows rows = whole.touched(touched).orElseThrow();
        boolean fits = before != null && before.rows.isLike(rows);
        Network network = before != null && fits ? before.network : whole.over(rows);
        int[] map = before == null ? new int[whole.inputs()] : before.map;
        rows.writePlaces(map);
        return new TouchedPart(touched, rows, network, map);
    }

    /** The length of the part's vectors. */
    public int length() {
        return network.parameterCount();
    }
}
