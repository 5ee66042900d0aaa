package dev.kindling.train;

import dev.kindling.optim.Optimizer;
import dev.kindling.optim.Slots;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All that a run has come to: what a checkpoint must hold for the rest to be the same. Plain arrays and counters. */
public final class TrainState {
    final float[] parameters;
    final Slots slots;
    long step; // taken
    int epoch; // ended
    final List<Epoch> history = new ArrayList<>();
    float @Nullable [] bestParameters; // those of bestEpoch, where they are kept
    int bestEpoch;
    double bestLoss = Double.POSITIVE_INFINITY;
    StopReason stopReason = StopReason.EPOCHS;

    /** Why a run ended. */
    public enum StopReason {
        EPOCHS,
        EARLY_STOPPING
    }

    TrainState(Optimizer optimizer, float[] parameters) {
        this.parameters = parameters;
        this.slots = new Slots(optimizer, parameters.length);
    }

    /** The best epoch's parameters where they were kept, else the last ones. */
    public float[] result() {
        return bestParameters == null ? parameters : bestParameters;
    }

    public List<Epoch> history() {
        return List.copyOf(history);
    }

    /** The number of the epoch with the least monitored loss. */
    public int bestEpoch() {
        return bestEpoch;
    }

    public StopReason stopReason() {
        return stopReason;
    }
}
