package dev.kindling.checkpoint;

import dev.kindling.engine.StepTimes;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The figures of one epoch. Losses are means by the rows' weights, without the penalty.
 *
 * @param number counted from 1
 * @param trainingLoss of the batches as they were trained on, before each update
 * @param validationLoss NaN without validation rows
 * @param learningRate of the epoch's last step
 * @param gradientNorm of the epoch's last step, before clipping
 * @param trainingSeconds of the steps only
 * @param seconds validation included
 * @param stepTimes of the steps, without validation
 */
public record Epoch(
        int number,
        double trainingLoss,
        double trainingMetric,
        double validationLoss,
        double validationMetric,
        double learningRate,
        double gradientNorm,
        long steps,
        double trainingSeconds,
        double seconds,
        StepTimes stepTimes) {

    public boolean isValidated() {
        return !Double.isNaN(validationLoss);
    }

    /** The mean over the steps of some epochs. The first epoch warms up, so it counts only if it is the only one. */
    public static StepTimes meanStepTimes(List<Epoch> epochs) {
        List<Epoch> warm = epochs.subList(epochs.size() > 1 ? 1 : 0, epochs.size());
        return new StepTimes(
                mean(warm, StepTimes::schedule),
                mean(warm, StepTimes::broadcast),
                mean(warm, StepTimes::compute),
                mean(warm, StepTimes::reduce),
                mean(warm, StepTimes::update));
    }

    private static double mean(List<Epoch> epochs, ToDoubleFunction<StepTimes> part) {
        // an epoch with nothing left to do takes no steps
        double steps = Math.max(1, epochs.stream().mapToLong(Epoch::steps).sum());
        return epochs.stream()
                .mapToDouble(epoch -> part.applyAsDouble(epoch.stepTimes()) * epoch.steps() / steps)
                .sum();
    }
}
