package dev.kindling.train.ensemble;

import dev.kindling.nn.Network;

/**
 * How many networks to train, where the user leaves that open: {@value #FEW} where rows are few, for their average gains most
 * there and costs least, and one otherwise. {@code submit/benchmark tables} measures what it gains.
 */
public final class EnsembleSize {
    /** In place of a number that is to be chosen. */
    public static final int AUTO = 0;

    private static final int FEW = 4;
    private static final long MOST_ROWS = 10_000;
    private static final int MOST_PARAMETERS = 1_000_000; // of a network

    private EnsembleSize() {}

    /**
     * Chooses what is {@link #AUTO}.
     *
     * @param rows to train on
     */
    public static int of(long rows, Network network, int members) {
        if (members != AUTO) {
            return members;
        }
        return rows <= MOST_ROWS && network.parameterCount() <= MOST_PARAMETERS ? FEW : 1;
    }
}
