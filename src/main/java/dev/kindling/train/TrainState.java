package dev.kindling.train;

import dev.kindling.optim.Optimizer;
import dev.kindling.optim.OuterOptimizer;
import dev.kindling.optim.Plateau;
import dev.kindling.optim.Slots;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All that a run has come to: what a checkpoint must hold for the rest to be the same. Plain arrays and counters. */
public final class TrainState {
    final float[] parameters;
    final float @Nullable [] average; // of the parameters over the steps, where it is asked for
    final Slots slots;
    final float[] velocity; // of the outer optimizer; empty where it has none
    final Plateau.State plateau = new Plateau.State();
    long step; // taken
    int epoch; // ended
    int taken; // steps of the epoch under way
    final GradientSum sums = new GradientSum(0); // over the rows of those steps
    double learningRate; // of the last step
    double gradientNorm; // of the last step
    double largestNorm; // of a gradient so far

    @Nullable
    Curvature curvature; // of L-BFGS

    final List<Epoch> history = new ArrayList<>();
    float @Nullable [] bestParameters; // those of bestEpoch, where they are kept
    int bestEpoch;
    double bestLoss = Double.POSITIVE_INFINITY;

    @Nullable
    StopReason stopReason; // null while it runs

    /** Why a run ended. */
    public enum StopReason {
        EPOCHS,
        EARLY_STOPPING,
        CONVERGED
    }

    TrainState(Optimizer optimizer, OuterOptimizer outer, float[] parameters, boolean averages) {
        this.parameters = parameters;
        this.average = averages ? parameters.clone() : null;
        this.slots = new Slots(optimizer, parameters.length);
        this.velocity = new float[outer.hasVelocity() ? parameters.length : 0];
    }

    /** Notes an epoch, and that no step of the next is taken. */
    void endEpoch(Epoch ended) {
        history.add(ended);
        epoch++;
        taken = 0;
        sums.cleared();
        gradientNorm = 0;
    }

    /** What the run would end with now: the average where there is one. */
    float[] current() {
        return average == null ? parameters : average;
    }

    /** Notes a step's rows and what it went by. */
    void step(GradientSum batch, double rate, double norm) {
        sums.addLoss(batch);
        learningRate = rate;
        gradientNorm = norm;
        largestNorm = norm > largestNorm ? norm : largestNorm; // NaN where there is no gradient
    }

    /** Takes the parameters into their average. */
    void average(double decay) {
        if (average != null) {
            float share = (float) (1 - decay);
            for (int i = 0; i < average.length; i++) {
                // in this form what stays the same is its own average: in float32, decay + share need not be 1
                average[i] += share * (parameters[i] - average[i]);
            }
        }
    }

    /** The best epoch's parameters where they were kept, else the last ones. */
    public float[] result() {
        return bestParameters == null ? current() : bestParameters;
    }

    public List<Epoch> history() {
        return List.copyOf(history);
    }

    /** The number of the epoch with the least monitored loss. */
    public int bestEpoch() {
        return bestEpoch;
    }

    /** Why the run ended. */
    public StopReason stopReason() {
        return stopReason == null ? StopReason.EPOCHS : stopReason;
    }
}
