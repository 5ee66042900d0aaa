package dev.kindling.checkpoint;

import dev.kindling.engine.GradientSum;
import dev.kindling.optim.Optimizer;
import dev.kindling.optim.OuterOptimizer;
import dev.kindling.optim.Plateau;
import dev.kindling.optim.Slots;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All that a run has come to: what a checkpoint must hold for the rest to be the same. Plain arrays and counters. */
public final class TrainState {
    public final float[] parameters;
    final float @Nullable [] average; // of the parameters over the steps, where it is asked for
    public final Slots slots;
    public final float[] velocity; // of the outer optimizer; empty where it has none
    public final Plateau.State plateau = new Plateau.State();
    public long step; // taken
    public int epoch; // ended
    public int taken; // steps of the epoch under way
    public final GradientSum sums = new GradientSum(0); // over the rows of those steps
    public double learningRate; // of the last step
    public double gradientNorm; // of the last step
    public double largestNorm; // of a gradient so far

    @Nullable
    public Curvature curvature; // of L-BFGS

    final List<Epoch> history = new ArrayList<>();
    public float @Nullable [] bestParameters; // those of bestEpoch, where they are kept
    public int bestEpoch;
    public double bestLoss = Double.POSITIVE_INFINITY;

    @Nullable
    public StopReason stopReason; // null while it runs

    /** Why a run ended. */
    public enum StopReason {
        EPOCHS,
        EARLY_STOPPING,
        CONVERGED
    }

    public TrainState(Optimizer optimizer, OuterOptimizer outer, float[] parameters, boolean averages) {
        this.parameters = parameters;
        this.average = averages ? parameters.clone() : null;
        this.slots = new Slots(optimizer, parameters.length);
        this.velocity = new float[outer.hasVelocity() ? parameters.length : 0];
    }

    /** Notes an epoch, and that no step of the next is taken. */
    public void endEpoch(Epoch ended) {
        history.add(ended);
        epoch++;
        taken = 0;
        sums.cleared();
        gradientNorm = 0;
    }

    /** What the run would end with now: the average where there is one. */
    public float[] current() {
        return average == null ? parameters : average;
    }

    /** Notes a step's rows and what it went by. */
    public void step(GradientSum batch, double rate, double norm) {
        sums.addLoss(batch);
        learningRate = rate;
        gradientNorm = norm;
        largestNorm = norm > largestNorm ? norm : largestNorm; // NaN where there is no gradient
    }

    /** Takes the parameters into their average. */
    public void average(double decay) {
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
