package dev.kindling.diagnose;

import dev.kindling.linalg.Require;
import dev.kindling.linalg.SplitMix64;

/**
 * Where values of a hyper-parameter are drawn from in a random search. Bergstra and Bengio, <a
 * href="https://www.jmlr.org/papers/v13/bergstra12a.html">Random search for hyper-parameter optimization</a>, JMLR 2012.
 */
public sealed interface Distribution {

    /** One value. */
    Number draw(SplitMix64 random);

    /** Every number in [low, high) as likely as any. */
    record Uniform(double low, double high) implements Distribution {
        public Uniform {
            requireOrder(low, high, "uniform");
        }

        @Override
        public Number draw(SplitMix64 random) {
            return low + (high - low) * random.nextDouble();
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
            return Math.min(Math.max(value, low), Math.nextDown(high)); // but for rounding it is between them
        }
    }

    /** Every whole number from low to high, both included, as likely as any. */
    record Int(int low, int high) implements Distribution {
        public Int {
            Require.that(low <= high, "the low of int must not be above its high, but is " + low + " above " + high);
        }

        @Override
        public Number draw(SplitMix64 random) {
            return low + (int) ((high - (long) low + 1) * random.nextDouble());
        }
    }

    private static void requireOrder(double low, double high, String name) {
        Require.that(
                Double.isFinite(low) && Double.isFinite(high) && low < high,
                "the low of " + name + " must be below its high, but they are " + low + " and " + high);
    }
}
