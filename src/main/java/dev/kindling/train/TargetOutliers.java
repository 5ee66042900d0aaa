package dev.kindling.train;

import dev.kindling.data.Moments;
import dev.kindling.data.Shards;
import dev.kindling.loss.Loss;
import dev.kindling.loss.ValueLoss;
import java.util.Locale;
import java.util.Optional;

/**
 * The targets that lie farthest from the others, beside their mean and standard deviation. Prices, counts and waiting times often
 * span powers of ten, and a few of them then have nearly all of the squared error.
 */
public record TargetOutliers(double low, double high, double mean, double deviation) {
    /**
     * None of a million normal values is this many standard deviations from the mean. Squared, one such error outweighs
     * a hundred others.
     */
    private static final double FAR = 10;

    /** Which loss to take instead, where the targets of a run's rows need another; as a sentence. */
    public static Optional<String> advice(Shards shards, Loss loss) {
        for (int t = 0; t < shards.targets() && !loss.isClassification(); t++) {
            Moments moments = shards.moments(false);
            double offset = shards.offsets().target(t);
            TargetOutliers outliers = new TargetOutliers(
                    moments.targetLows[t] + offset,
                    moments.targetHighs[t] + offset,
                    moments.targets[t] + offset,
                    Math.sqrt(moments.targetSquares[t] / moments.weight));
            if (outliers.outweigh(loss)) {
                return Optional.of(outliers.sentence(shards.targets() == 1 ? "the target" : "target " + t)
                        + (outliers.haveLogarithms()
                                ? "; the loss squaredLogError compares logarithms instead"
                                : "; the loss huber counts errors beyond 1 only by their size"));
            }
        }
        return Optional.empty();
    }

    /** Whether they have most of such a loss. */
    public boolean outweigh(Loss loss) {
        return distance() > FAR && loss instanceof ValueLoss value && value.squaresErrors();
    }

    /** Whether none is negative, so that their logarithms can be compared. The medians of huber would lie far below their means. */
    public boolean haveLogarithms() {
        return low >= 0;
    }

    /** What is wrong with them. */
    public String sentence(String subject) {
        return String.format(
                Locale.ROOT,
                "%s ranges from %s to %s, %s deviations from its mean %s: with squared error, such rows outweigh all others",
                subject,
                figure(low),
                figure(high),
                figure(distance()),
                figure(mean));
    }

    private double distance() {
        return Math.max(high - mean, mean - low) / deviation; // NaN where all are the same
    }

    private static String figure(double value) {
        return String.format(Locale.ROOT, "%.4g", value);
    }
}
