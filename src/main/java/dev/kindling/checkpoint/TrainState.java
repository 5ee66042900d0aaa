package dev.kindling.checkpoint;

import dev.kindling.engine.GradientSum;
import dev.kindling.optim.Optimizer;
import dev.kindling.optim.OuterOptimizer;
import dev.kindling.optim.Plateau;
import dev.kindling.optim.Slots;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The complete state of a run: everything a checkpoint must hold so that the rest of the run is the same. Plain arrays and counters. */
public final class TrainState {
    public final float[] parameters;
    final float @Nullable [] average; // moving average of the parameters; null if it is not asked for
    public final Slots slots;
    public final float[] velocity; // of the outer optimizer; empty if it has none
    public final Plateau.State plateau = new Plateau.State();
    public long step; // steps taken
    public int epoch; // epochs ended
    public int taken; // steps of the current epoch
    public final GradientSum sums = new GradientSum(0); // over the rows of those steps
    public double learningRate; // of the last step
    public double gradientNorm; // of the last step
    public double largestNorm; // of a gradient so far

    @Nullable
    public Curvature curvature; // of L-BFGS

    final List<Epoch> history = new ArrayList<>();
    public float @Nullable [] bestParameters; // those of bestEpoch; null if they are not kept
    public int bestEpoch;
    public double bestCost = Double.POSITIVE_INFINITY; // what it is judged by: the smaller the better

    @Nullable
    public StopReason stopReason; // null while the run continues

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

    /** Records an epoch. No step of the next one is taken yet. */
    public void endEpoch(Epoch ended) {
        history.add(ended);
        epoch++;
        taken = 0;
        sums.cleared();
        gradientNorm = 0;
    }

    /** The parameters that the run would end with now: the moving average if there is one. */
    public float[] current() {
        return average == null ? parameters : average;
    }

    /** Records a step: its sums over rows, learning rate and gradient norm. */
    public void step(GradientSum batch, double rate, double norm) {
        sums.addLoss(batch);
        learningRate = rate;
        gradientNorm = norm;
        largestNorm = norm > largestNorm ? norm : largestNorm; // norm is NaN if there is no gradient
    }

    /** Updates the moving average with the parameters. */
    public void average(double decay) {
        if (average != null) {
            float share = (float) (1 - decay);
            for (int i = 0; i < average.length; i++) {
                // written so that constant parameters are their own average: in float32, decay + share need not be 1
                average[i] += share * (parameters[i] - average[i]);
            }
        }
    }

    /** The best epoch's parameters if they were kept, else the last ones. */
    public float[] result() {
        return bestParameters == null ? current() : bestParameters;
    }

    public List<Epoch> history() {
        return List.copyOf(history);
    }

    /** The number of the epoch that is best by what is monitored. */
    public int bestEpoch() {
        return bestEpoch;
    }

    /** Why the run ended. */
    public StopReason stopReason() {
        return stopReason == null ? StopReason.EPOCHS : stopReason;
    }
}
