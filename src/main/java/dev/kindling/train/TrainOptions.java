package dev.kindling.train;

import dev.kindling.linalg.Require;
import dev.kindling.optim.GradientSource;
import dev.kindling.optim.OuterOptimizer;
import dev.kindling.optim.Plateau;
import dev.kindling.optim.Schedule;
import java.io.Serializable;
import java.util.function.Consumer;

/**
 * How long to train, in what batches, and the options around the update rule.
 *
 * @param batchSize rows in a step, of all shards together
 * @param aggregationDepth 1: the driver adds all shards' gradients; 2: executors add them, a slice each, if together they
 *     are too much for the driver. The sum is the same to the bit.
 * @param plateau lowers the learning rate when the monitored loss stops improving
 * @param emaDecay in [0, 1): of a moving average of the parameters, {@code a ← decay·a + (1 - decay)·θ} after every step.
 *     It begins at the first parameters, and is what is validated and kept; 0 is no average. Polyak and Juditsky, <a
 *     href="https://doi.org/10.1137/0330046">Acceleration of stochastic approximation by averaging</a>, 1992; as Keras'
 *     {@code use_ema}
 * @param dropoutSchedule of the rate of all dropout: a factor by the step
 * @param localSteps how many steps each shard takes by itself, on its own rows, before parameters and slots become the
 *     mean over the shards; 1: none, every step's gradient is summed over all shards. More local steps mean fewer rounds
 *     over the network and another result, which then depends on the number of shards
 * @param outerOptimizer how that mean is applied
 */
public record TrainOptions(
        int epochs,
        int batchSize,
        long seed,
        EarlyStopping earlyStopping,
        int aggregationDepth,
        ClassWeights classWeights,
        Plateau plateau,
        double emaDecay,
        Schedule dropoutSchedule,
        GradientSource gradientSource,
        int localSteps,
        OuterOptimizer outerOptimizer)
        implements Serializable {

    public TrainOptions {
        Require.positive(epochs, "the number of epochs");
        Require.positive(batchSize, "the batch size");
        Require.that(
                aggregationDepth == 1 || aggregationDepth == 2,
                "the aggregation depth must be 1 or 2, but is " + aggregationDepth);
        Require.fraction((float) emaDecay, "the decay of the moving average");
        Require.positive(localSteps, "the number of local steps");
        Require.that(
                localSteps > 1 || outerOptimizer instanceof OuterOptimizer.Average,
                "an outer optimizer needs local steps to follow, but localSteps is 1");
    }

    /** Plain training, without the other options. */
    public TrainOptions(int epochs, int batchSize, long seed, EarlyStopping earlyStopping, int aggregationDepth) {
        this(
                epochs,
                batchSize,
                seed,
                earlyStopping,
                aggregationDepth,
                new ClassWeights.None(),
                new Plateau.None(),
                0,
                new Schedule.Constant(),
                new GradientSource.Backpropagation(),
                1,
                new OuterOptimizer.Average());
    }

    public TrainOptions withEpochs(int value) {
        return with(to -> to.epochs = value);
    }

    public TrainOptions withSeed(long value) {
        return with(to -> to.seed = value);
    }

    public TrainOptions withEarlyStopping(EarlyStopping value) {
        return with(to -> to.earlyStopping = value);
    }

    public TrainOptions withClassWeights(ClassWeights value) {
        return with(to -> to.classWeights = value);
    }

    public TrainOptions withPlateau(Plateau value) {
        return with(to -> to.plateau = value);
    }

    public TrainOptions withEmaDecay(double value) {
        return with(to -> to.emaDecay = value);
    }

    public TrainOptions withDropoutSchedule(Schedule value) {
        return with(to -> to.dropoutSchedule = value);
    }

    public TrainOptions withGradientSource(GradientSource value) {
        return with(to -> to.gradientSource = value);
    }

    /** Both at once, because an outer optimizer needs local steps. */
    public TrainOptions withLocalSteps(int steps, OuterOptimizer outer) {
        return with(to -> {
            to.localSteps = steps;
            to.outerOptimizer = outer;
        });
    }

    private TrainOptions with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.options();
    }

    /** Options that may change one by one. */
    private static final class Draft {
        int epochs;
        final int batchSize;
        long seed;
        EarlyStopping earlyStopping;
        final int aggregationDepth;
        ClassWeights classWeights;
        Plateau plateau;
        double emaDecay;
        Schedule dropoutSchedule;
        GradientSource gradientSource;
        int localSteps;
        OuterOptimizer outerOptimizer;

        Draft(TrainOptions from) {
            epochs = from.epochs;
            batchSize = from.batchSize;
            seed = from.seed;
            earlyStopping = from.earlyStopping;
            aggregationDepth = from.aggregationDepth;
            classWeights = from.classWeights;
            plateau = from.plateau;
            emaDecay = from.emaDecay;
            dropoutSchedule = from.dropoutSchedule;
            gradientSource = from.gradientSource;
            localSteps = from.localSteps;
            outerOptimizer = from.outerOptimizer;
        }

        TrainOptions options() {
            return new TrainOptions(
                    epochs,
                    batchSize,
                    seed,
                    earlyStopping,
                    aggregationDepth,
                    classWeights,
                    plateau,
                    emaDecay,
                    dropoutSchedule,
                    gradientSource,
                    localSteps,
                    outerOptimizer);
        }
    }
}
