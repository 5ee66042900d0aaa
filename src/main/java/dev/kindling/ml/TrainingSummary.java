package dev.kindling.ml;

import dev.kindling.train.Epoch;
import java.util.List;

/** What a fit did. A model has it right after the fit, not after it was loaded. */
public final class TrainingSummary {
    private final List<Epoch> history;
    private final long rows;
    private final long validationRows;
    private final int bestEpoch;
    private final String stopReason;
    private final String gemmProvider;
    private final List<String> gemmProviders;
    private final double seconds;

    TrainingSummary(
            List<Epoch> history,
            long rows,
            long validationRows,
            int bestEpoch,
            String stopReason,
            String gemmProvider,
            List<String> gemmProviders,
            double seconds) {
        this.history = List.copyOf(history);
        this.rows = rows;
        this.validationRows = validationRows;
        this.bestEpoch = bestEpoch;
        this.stopReason = stopReason;
        this.gemmProvider = gemmProvider;
        this.gemmProviders = List.copyOf(gemmProviders);
        this.seconds = seconds;
    }

    /** The epochs in order. */
    public List<Epoch> history() {
        return history;
    }

    /** The number of rows trained on. */
    public long rows() {
        return rows;
    }

    /** The number of rows validated on. */
    public long validationRows() {
        return validationRows;
    }

    /** The number of steps taken. */
    public long steps() {
        return history.stream().mapToLong(Epoch::steps).sum();
    }

    /** The number, from 1, of the epoch with the least validation loss or, without validation, training loss. */
    public int bestEpoch() {
        return bestEpoch;
    }

    /** Why the fit ended: {@code epochs}, {@code earlyStopping} or {@code converged}. */
    public String stopReason() {
        return stopReason;
    }

    /** The provider of matrix products that was chosen on the driver. */
    public String gemmProvider() {
        return gemmProvider;
    }

    /**
     * The providers that the shards' tasks had when the fit began. Where that is not the chosen one alone, another fit of
     * the same rows and seed may give other bits.
     */
    public List<String> gemmProviders() {
        return gemmProviders;
    }

    /** Wall-clock seconds of the whole fit, packing included. */
    public double seconds() {
        return seconds;
    }

    /** The median over the epochs of the seconds of training alone. */
    public double secondsPerEpoch() {
        double[] sorted =
                history.stream().mapToDouble(Epoch::trainingSeconds).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
