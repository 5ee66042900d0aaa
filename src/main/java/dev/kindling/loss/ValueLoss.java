package dev.kindling.loss;

import dev.kindling.linalg.Exponential;
import dev.kindling.linalg.Require;
import dev.kindling.spec.Spec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A loss of values to predict, one or several a row. A row's loss is the <em>mean</em> over its targets, as in Keras, PyTorch
 * and scikit-learn, so that it does not grow with their number.
 */
public sealed interface ValueLoss extends Loss
        permits ValueLoss.SquaredError,
                ValueLoss.AbsoluteError,
                ValueLoss.Huber,
                ValueLoss.Quantile,
                ValueLoss.Poisson,
                ValueLoss.SquaredLogError,
                ValueLoss.Standardized {

    /** The loss of one output, before the link, against its target. */
    double of(float output, float target);

    /** The derivative of that with respect to the output. */
    double slope(float output, float target);

    /** The lowest loss that any output has against that target. */
    double lowest(float target);

    /** Whether errors count by their squares, so that a few outliers outweigh all other rows. */
    boolean squaresErrors();

    /** The target that the output at a place of a row is compared with. */
    default float target(int place, float given) {
        return given;
    }

    /** The initial output for a given mean target. */
    default double firstOutput(double meanTarget) {
        return meanTarget;
    }

    /** Whether predictions are the outputs themselves. */
    default boolean isLinear() {
        return true;
    }

    /** Whether it can be {@link Standardized}: it is linear and not yet so. */
    default boolean isStandardizable() {
        return isLinear();
    }

    @Override
    default int outputs(int count) {
        return count;
    }

    @Override
    default boolean fits(int outputs, int classes) {
        return classes == 0;
    }

    @Override
    default boolean isClassification() {
        return false;
    }

    @Override
    default double evaluate(Batch batch, int outputs, float[] logits, float[] delta) {
        double sum = 0;
        int next = 0;
        for (int row = 0; row < batch.rows(); row++) {
            double weight = (double) batch.weight(row) / outputs;
            for (int j = 0; j < outputs; j++) {
                float target = target(j, batch.target(row, j));
                sum += weight * of(logits[next], target);
                delta[next] = (float) (weight * slope(logits[next], target));
                next++;
            }
        }
        return sum;
    }

    @Override
    default double lowest(Batch batch, int outputs) {
        double sum = 0;
        for (int row = 0; row < batch.rows(); row++) {
            double weight = (double) batch.weight(row) / outputs;
            for (int j = 0; j < outputs; j++) {
                sum += weight * lowest(target(j, batch.target(row, j)));
            }
        }
        return sum;
    }

    @Override
    default void link(int rows, int outputs, float[] logits) {}

    @Override
    default void average(int rows, int outputs, float[][] networks, float[] into) {
        Averaging.values(rows * outputs, networks, into);
    }

    @Override
    default float[] outputBias(int outputs, long rows, double[] classWeights, double[] meanTargets) {
        float[] bias = new float[outputs];
        for (int j = 0; j < outputs; j++) {
            bias[j] = (float) firstOutput(meanTargets[j]);
        }
        return bias;
    }

    /**
     * {@code (y - t)²}; its mean is the mean squared error. Gradient: {@code 2 (y - t)}.
     */
    record SquaredError() implements ValueLoss {
        @Override
        public double of(float output, float target) {
            float error = output - target;
            return (double) error * error;
        }

        @Override
        public double slope(float output, float target) {
            return 2.0 * (output - target);
        }

        @Override
        public double lowest(float target) {
            return 0;
        }

        @Override
        public boolean squaresErrors() {
            return true;
        }
    }

    /**
     * {@code |y - t|}, least at the median of what is predicted. Gradient: the sign of {@code y - t}, and 0 where they are
     * equal. The first output is the mean target; the median would be better, but takes a sort.
     */
    record AbsoluteError() implements ValueLoss {
        @Override
        public double of(float output, float target) {
            return Math.abs(output - target);
        }

        @Override
        public double slope(float output, float target) {
            return Math.signum(output - target);
        }

        @Override
        public double lowest(float target) {
            return 0;
        }

        @Override
        public boolean squaresErrors() {
            return false;
        }
    }

    /**
     * With error e = y - t: {@code e²/2} where |e| ≤ delta, beyond that {@code delta (|e| - delta/2)}; so no outlier pulls
     * harder than delta. Gradient: e, clipped to ±delta. Huber, <a href="https://doi.org/10.1214/aoms/1177703732">Robust
     * estimation of a location parameter</a>, Annals of Mathematical Statistics 1964; as PyTorch's HuberLoss.
     */
    record Huber(double delta) implements ValueLoss {
        public Huber {
            Require.positive((float) delta, "the delta of huber, as a float32,");
        }

        public Huber() {
            this(1);
        }

        @Override
        public double of(float output, float target) {
            double slope = slope(output, target);
            // the two cases in one: where slope is error, half its square
            return slope * ((double) output - target - slope / 2);
        }

        @Override
        public double slope(float output, float target) {
            return Math.max(-delta, Math.min((double) output - target, delta));
        }

        @Override
        public double lowest(float target) {
            return 0;
        }

        @Override
        public boolean squaresErrors() {
            return false;
        }
    }

    /**
     * The pinball loss, least at the tau-quantile of what is predicted: {@code tau (t - y)} where y is below t, {@code (1 -
     * tau) (y - t)} where it is above. Gradient: {@code -tau} below, {@code 1 - tau} above, and 0 where they are equal.
     * Koenker and Bassett, <a href="https://doi.org/10.2307/1913643">Regression quantiles</a>, Econometrica 1978. The first
     * output is the mean target; the quantile would be better, but takes a sort.
     */
    record Quantile(double tau) implements ValueLoss {
        public Quantile {
            Require.that(
                    tau > 0 && tau < 1, "the tau of quantile must be greater than 0 and less than 1, but is " + tau);
        }

        public Quantile() {
            this(0.5);
        }

        @Override
        public double of(float output, float target) {
            return slope(output, target) * ((double) output - target);
        }

        @Override
        public double slope(float output, float target) {
            double error = (double) output - target;
            return error > 0 ? 1 - tau : error < 0 ? -tau : error; // 0 at 0, and NaN stays
        }

        @Override
        public double lowest(float target) {
            return 0;
        }

        @Override
        public boolean squaresErrors() {
            return false;
        }
    }

    /**
     * The negative log-likelihood of counts t that are Poisson distributed with mean {@code exp(z)}, less its constant
     * {@code log t!}: {@code exp(z) - t z}. Gradient: {@code exp(z) - t}. Targets must be at least 0, and need not be whole.
     * McCullagh and Nelder, <i>Generalized linear models</i>, 1989, chapter 6; as PyTorch's PoissonNLLLoss.
     *
     * <p>Above z = 88.7 the mean is infinite in float32, and so are loss and gradient: nothing is cut off.
     */
    record Poisson() implements ValueLoss {
        @Override
        public double of(float output, float target) {
            return Exponential.exp(output) - (double) target * output;
        }

        @Override
        public double slope(float output, float target) {
            return Exponential.exp(output) - target;
        }

        @Override
        public double lowest(float target) {
            return target > 0 ? target - target * Math.log(target) : 0;
        }

        @Override
        public boolean squaresErrors() {
            return false;
        }

        @Override
        public boolean isLinear() {
            return false;
        }

        @Override
        public void link(int rows, int outputs, float[] logits) {
            Exponential.exp(rows * outputs, logits, 0, logits, 0);
        }

        @Override
        public void average(int rows, int outputs, float[][] networks, float[] into) {
            Averaging.exponentials(rows * outputs, networks, into);
        }

        @Override
        public @Nullable String targetProblem(float target) {
            return target >= 0 ? null : "at least 0";
        }

        /** The logarithm of the mean target. If that mean is 0, no finite output is best, and this is 0. */
        @Override
        public double firstOutput(double meanTarget) {
            return meanTarget > 0 ? StrictMath.log(meanTarget) : 0;
        }
    }

    /**
     * {@code (z - log(1 + t))²}, where predictions are {@code exp(z) - 1}: for targets that span powers of ten, whose errors grow
     * with them. Gradient: {@code 2 (z - log(1 + t))}. Targets must be at least 0. The mean is scikit-learn's
     * mean_squared_log_error; the first output is the logarithm of the mean target, as the mean of logarithms is not known.
     */
    record SquaredLogError() implements ValueLoss {
        @Override
        public float target(int place, float given) {
            return (float) StrictMath.log1p(given);
        }

        @Override
        public double of(float output, float target) {
            double error = (double) output - target;
            return error * error;
        }

        @Override
        public double slope(float output, float target) {
            return 2 * ((double) output - target);
        }

        @Override
        public double lowest(float target) {
            return 0;
        }

        @Override
        public boolean squaresErrors() {
            return false; // of what was predicted: a large target has a small logarithm
        }

        @Override
        public boolean isLinear() {
            return false;
        }

        @Override
        public void link(int rows, int outputs, float[] logits) {
            for (int i = 0; i < rows * outputs; i++) {
                logits[i] = (float) StrictMath.expm1(logits[i]);
            }
        }

        @Override
        public void average(int rows, int outputs, float[][] networks, float[] into) {
            Averaging.exponentials(rows * outputs, networks, into);
        }

        @Override
        public @Nullable String targetProblem(float target) {
            return target >= 0 ? null : "at least 0";
        }

        @Override
        public double firstOutput(double meanTarget) {
            return StrictMath.log1p(meanTarget);
        }
    }

    /**
     * Another loss of targets scaled to mean 0 and deviation 1: {@code loss(z, (t - mean)/deviation)}, so that a learning
     * rate suits targets of any size. Predictions are {@code mean + deviation z}. The loss is in deviations, and so are its
     * arguments that have a unit, such as huber's delta.
     *
     * @param means of each target
     * @param deviations of each target, above 0
     */
    record Standardized(ValueLoss loss, List<Double> means, List<Double> deviations) implements ValueLoss {
        public Standardized {
            means = List.copyOf(means);
            deviations = List.copyOf(deviations);
            Require.that(
                    loss.isStandardizable(),
                    "targets can be standardized for losses whose predictions are the outputs themselves, but not for "
                            + Spec.name(loss));
            Require.that(
                    !means.isEmpty() && means.size() == deviations.size(),
                    "standardized needs as many means as deviations, and at least one, but has " + means.size()
                            + " and " + deviations.size());
            for (double deviation : deviations) {
                Require.positive(deviation, "each deviation of standardized");
            }
        }

        public Standardized() {
            this(new SquaredError(), List.of(0.0), List.of(1.0));
        }

        @Override
        public double of(float output, float target) {
            return loss.of(output, target);
        }

        @Override
        public double slope(float output, float target) {
            return loss.slope(output, target);
        }

        @Override
        public double lowest(float target) {
            return loss.lowest(target);
        }

        @Override
        public boolean squaresErrors() {
            return loss.squaresErrors();
        }

        @Override
        public boolean isStandardizable() {
            return false;
        }

        @Override
        public @Nullable String targetProblem(float target) {
            return loss.targetProblem(target);
        }

        @Override
        public float target(int place, float given) {
            return (float) scaled(place, given);
        }

        private double scaled(int place, double target) {
            return (target - means.get(place)) / deviations.get(place);
        }

        @Override
        public boolean fits(int outputs, int classes) {
            return classes == 0 && outputs == means.size();
        }

        @Override
        public void link(int rows, int outputs, float[] logits) {
            for (int i = 0; i < rows * outputs; i++) {
                logits[i] = (float) (means.get(i % outputs) + deviations.get(i % outputs) * logits[i]);
            }
        }

        @Override
        public float[] outputBias(int outputs, long rows, double[] classWeights, double[] meanTargets) {
            double[] scaled = new double[outputs];
            for (int j = 0; j < outputs; j++) {
                scaled[j] = scaled(j, meanTargets[j]);
            }
            return loss.outputBias(outputs, rows, classWeights, scaled);
        }
    }
}
