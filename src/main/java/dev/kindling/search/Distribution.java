package dev.kindling.search;

import dev.kindling.linalg.Require;
import dev.kindling.linalg.SplitMix64;
import java.util.List;

/**
 * The distribution from which a random search draws the values of a hyper-parameter. Bergstra and Bengio, <a
 * href="https://www.jmlr.org/papers/v13/bergstra12a.html">Random search for hyper-parameter optimization</a>, JMLR
 * 2012.
 */
public sealed interface Distribution {

    /** Draws one value. */
    Number draw(SplitMix64 random);

    /**
     * The part of this distribution that contains these values, with a margin around it: where to search more closely.
     * If all values are equal, this distribution itself.
     */
    Distribution narrowed(List<? extends Number> values);

    /** The position of a value, from 0 for the lowest to 1 for the highest; by logarithm if {@link #isLogarithmic}. */
    double position(Number value);

    /** Whether the logarithms of its numbers are uniform. */
    default boolean isLogarithmic() {
        return false;
    }

    /** The margin on each side, as a part of the values' range. */
    double ROOM = 0.1;

    private static double low(List<? extends Number> values, double atLeast) {
        double least = least(values);
        return Math.max(atLeast, least - ROOM * (largest(values) - least));
    }

    private static double high(List<? extends Number> values, double atMost) {
        double largest = largest(values);
        return Math.min(atMost, largest + ROOM * (largest - least(values)));
    }

    private static double least(List<? extends Number> values) {
        return values.stream().mapToDouble(Number::doubleValue).min().orElseThrow();
    }

    private static double largest(List<? extends Number> values) {
        return values.stream().mapToDouble(Number::doubleValue).max().orElseThrow();
    }

    /** Uniform over the numbers in [low, high). */
    record Uniform(double low, double high) implements Distribution {
        public Uniform {
            requireOrder(low, high, "uniform");
        }

        @Override
        public Number draw(SplitMix64 random) {
            return low + (high - low) * random.nextDouble();
        }

        @Override
        public double position(Number value) {
            return (value.doubleValue() - low) / (high - low);
        }

        @Override
        public Distribution narrowed(List<? extends Number> values) {
            return Distribution.low(values, low) < Distribution.high(values, high)
                    ? new Uniform(Distribution.low(values, low), Distribution.high(values, high))
                    : this;
        }
    }

    /** Numbers whose logarithm is uniform in [log low, log high): as many below 1e-3 as above in [1e-4, 1e-2). */
    record LogUniform(double low, double high) implements Distribution {
        public LogUniform {
            Require.positive(low, "the low of logUniform");
            requireOrder(low, high, "logUniform");
        }

        @Override
        public Number draw(SplitMix64 random) {
            double value = low * StrictMath.exp(StrictMath.log(high / low) * random.nextDouble());
            return Math.min(Math.max(value, low), Math.nextDown(high)); // only rounding can put it outside
        }

        @Override
        public Distribution narrowed(List<? extends Number> values) {
            List<Double> logarithms = values.stream()
                    .map(value -> StrictMath.log(value.doubleValue()))
                    .toList();
            double from = StrictMath.exp(Distribution.low(logarithms, StrictMath.log(low)));
            double to = StrictMath.exp(Distribution.high(logarithms, StrictMath.log(high)));
            return from < to ? new LogUniform(Math.max(low, from), Math.min(high, to)) : this;
        }

        @Override
        public double position(Number value) {
            return Math.log(value.doubleValue() / low) / Math.log(high / low);
        }

        @Override
        public boolean isLogarithmic() {
            return true;
        }
    }

    /** Uniform over the whole numbers from low to high, both included. */
    record Int(int low, int high) implements Distribution {
        public Int {
            Require.that(
                    low <= high,
                    "the low of int must not be above its high, but low is " + low + " and high is " + high);
        }

        @Override
        public Number draw(SplitMix64 random) {
            return low + (int) ((high - (long) low + 1) * random.nextDouble());
        }

        @Override
        public double position(Number value) {
            return high == low ? 0.5 : (value.doubleValue() - low) / (high - (double) low);
        }

        @Override
        public Distribution narrowed(List<? extends Number> values) {
            int from = (int) Math.floor(Distribution.low(values, low));
            int to = (int) Math.ceil(Distribution.high(values, high));
            return from < to ? new Int(from, to) : this;
        }
    }

    private static void requireOrder(double low, double high, String name) {
        Require.that(
                Double.isFinite(low) && Double.isFinite(high) && low < high,
                "the low of " + name + " must be below its high, but low is " + low + " and high is " + high);
    }
}
