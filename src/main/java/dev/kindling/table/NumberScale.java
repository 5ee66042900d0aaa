package dev.kindling.table;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a number becomes a feature: centred and scaled in double, and perhaps clipped or replaced by its quantile.
 *
 * @param fill what a missing number becomes, before it is scaled; NaN if it is refused
 * @param clip whether z becomes {@code z / sqrt(1 + (z/3)^2)}, within -3 and 3 (Holzmüller et al., "Better by Default", 2024)
 * @param quantiles the quantiles at equal steps of probability, if the feature is the probability; else empty
 */
record NumberScale(double fill, double center, double scale, boolean clip, double[] quantiles) implements Serializable {
    /** So that the probabilities have variance 1. */
    private static final double SPREAD = Math.sqrt(12);

    static NumberScale unscaled(double fill) {
        return new NumberScale(fill, 0, 1, false, new double[0]);
    }

    double apply(double value) {
        if (quantiles.length > 0) {
            return SPREAD * (probability(value) - 0.5);
        }
        double scaled = (value - center) / scale;
        return clip ? scaled / Math.sqrt(1 + scaled * scaled / 9) : scaled;
    }

    /** The share of training rows below the value, linear between quantiles. Of equal quantiles, the middle one; 0 and 1 at the ends. */
    private double probability(double value) {
        int last = quantiles.length - 1;
        if (value <= quantiles[0] || value >= quantiles[last]) {
            return value <= quantiles[0] ? 0 : 1;
        }
        int below = 0; // quantiles less than the value
        while (below <= last && quantiles[below] < value) {
            below++;
        }
        int to = below; // quantiles not above it
        while (to <= last && quantiles[to] == value) {
            to++;
        }
        if (to > below) {
            return (below + to - 1) / 2.0 / last;
        }
        double low = quantiles[below - 1];
        return (below - 1 + (value - low) / (quantiles[below] - low)) / last;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof NumberScale scale
                && Double.compare(fill, scale.fill) == 0
                && center == scale.center
                && this.scale == scale.scale
                && clip == scale.clip
                && Arrays.equals(quantiles, scale.quantiles);
    }

    @Override
    public int hashCode() {
        return Objects.hash(fill, center, scale, clip, Arrays.hashCode(quantiles));
    }
}
