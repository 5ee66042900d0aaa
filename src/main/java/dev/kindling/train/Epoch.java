package dev.kindling.train;

/**
 * What one epoch brought. Losses are means over the rows' weights, without the penalty.
 *
 * @param number counted from 1
 * @param trainingLoss of the batches as they were trained on
 * @param validationLoss NaN where nothing is validated on
 * @param learningRate of the epoch's last step
 * @param gradientNorm of the epoch's last step, before clipping
 * @param trainingSeconds of the steps alone
 * @param seconds validation included
 * @param anatomy of the steps, validation left out
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
        Anatomy anatomy) {

    boolean isValidated() {
        return !Double.isNaN(validationLoss);
    }

    /** The loss that early stopping and the choice of the best weights look at. */
    public double monitored() {
        return isValidated() ? validationLoss : trainingLoss;
    }
}
