package dev.kindling.optim;

import dev.kindling.linalg.Require;
import java.io.Serializable;
import java.util.List;

/**
 * The schedule of the learning rate: a pure function from the step t, counted from 0, to a factor of the learning rate.
 * Lengths state their unit; T is a length in steps.
 */
public sealed interface Schedule extends Serializable {

    /** The factor at a step, which is counted from 0 and may be fractional. */
    double at(double step, Horizon horizon);

    /** Always 1. */
    record Constant() implements Schedule {
        @Override
        public double at(double step, Horizon horizon) {
            return 1;
        }
    }

    /** {@code factor^⌊t/T⌋}: one drop every T steps. PyTorch's StepLR. */
    record StepDecay(Span every, double factor) implements Schedule {
        public StepDecay {
            Require.inRange(factor, 0, 1, "the factor of stepDecay");
        }

        public StepDecay(Span every) {
            this(every, 0.1);
        }

        @Override
        public double at(double step, Horizon horizon) {
            return StrictMath.pow(factor, Math.floor(ratio(step, every, horizon)));
        }
    }

    /** {@code factor^(t/T)}; above 1 it grows. Keras' ExponentialDecay; PyTorch's ExponentialLR with T one epoch. */
    record Exponential(Span every, double factor) implements Schedule {
        public Exponential {
            Require.nonNegative(factor, "the factor of exponential");
        }

        public Exponential(Span every) {
            this(every, 0.1);
        }

        @Override
        public double at(double step, Horizon horizon) {
            return StrictMath.pow(factor, ratio(step, every, horizon));
        }
    }

    /** {@code 1/(1 + decay·t/T)}. Keras' InverseTimeDecay. */
    record InverseTime(Span every, double decay) implements Schedule {
        public InverseTime {
            Require.nonNegative(decay, "the decay of inverseTime");
        }

        public InverseTime(Span every) {
            this(every, 1);
        }

        @Override
        public double at(double step, Horizon horizon) {
            return 1 / (1 + decay * ratio(step, every, horizon));
        }
    }

    /** {@code floor + (1 - floor)·(1 - t/T)^power}, then {@code floor}. PyTorch's PolynomialLR has floor 0. */
    record Polynomial(Span length, double power, double floor) implements Schedule {
        public Polynomial {
            Require.positive(power, "the power of polynomial");
            requireFloor(floor, "polynomial");
        }

        public Polynomial() {
            this(new Span.Rest(), 1, 0);
        }

        @Override
        public double at(double step, Horizon horizon) {
            return floor + (1 - floor) * StrictMath.pow(1 - Math.min(1, ratio(step, length, horizon)), power);
        }
    }

    /**
     * Half a cosine from 1 down to {@code floor}, then {@code floor}: {@code floor + (1 - floor)·(1 + cos(π·t/T))/2}.
     * Loshchilov and Hutter, <a href="https://arxiv.org/abs/1608.03983">SGDR</a>, ICLR 2017, equation 5, without
     * restarts.
     *
     * @param floor the last factor, in [0, 1]
     */
    record Cosine(Span length, double floor) implements Schedule {
        public Cosine {
            requireFloor(floor, "cosine");
        }

        public Cosine() {
            this(new Span.Rest(), 0);
        }

        @Override
        public double at(double step, Horizon horizon) {
            return between(1, floor, Math.min(1, ratio(step, length, horizon)));
        }
    }

    /**
     * 1 up to the fraction {@code flat} of T, then half a cosine down to 0: flat-cos of Holzmüller, Grinsztajn and Steinwart,
     * <a href="https://arxiv.org/abs/2407.04491">Better by default</a>, NeurIPS 2024, for dropout and weight decay.
     *
     * @param flat in [0, 1]
     */
    record FlatCosine(Span length, double flat) implements Schedule {
        public FlatCosine {
            Require.inRange(flat, 0, 1, "the flat of flatCosine");
        }

        public FlatCosine() {
            this(new Span.Rest(), 0.5);
        }

        @Override
        public double at(double step, Horizon horizon) {
            double ratio = Math.min(1, ratio(step, length, horizon));
            return ratio <= flat ? 1 : between(1, 0, (ratio - flat) / (1 - flat));
        }
    }

    /**
     * {@code (1 - cos(2π·log2(1 + (2^cycles - 1)·t/T)))/2}: {@code cycles} waves from 0 up to 1 and down again, each twice as
     * long as the one before. With 4 it is coslog4 of Holzmüller, Grinsztajn and Steinwart,
     * <a href="https://arxiv.org/abs/2407.04491">Better by default</a>, NeurIPS 2024, equation 2.
     */
    record CosLog(Span length, int cycles) implements Schedule {
        public CosLog {
            Require.that(
                    cycles >= 1 && cycles <= 30, "the cycles of cosLog must be between 1 and 30, but are " + cycles);
        }

        public CosLog() {
            this(new Span.Rest(), 4);
        }

        @Override
        public double at(double step, Horizon horizon) {
            double ratio = Math.min(1, ratio(step, length, horizon));
            double waves = StrictMath.log(1 + ((1 << cycles) - 1) * ratio) / StrictMath.log(2);
            return (1 - StrictMath.cos(2 * Math.PI * waves)) / 2;
        }
    }

    /**
     * Cosines one after another, each from its height down to {@code floor}. The first one takes {@code length}; each
     * next one is {@code growth} times as long and {@code shrink} times as high. Loshchilov and Hutter 2017, equation
     * 5. Keras' CosineDecayRestarts has both factors, PyTorch's CosineAnnealingWarmRestarts the first.
     */
    record CosineRestarts(Span length, double growth, double shrink, double floor) implements Schedule {
        public CosineRestarts {
            Require.that(
                    growth >= 1 && growth < Double.POSITIVE_INFINITY,
                    "the growth of cosineRestarts must be finite and at least 1, but is " + growth);
            Require.inRange(shrink, 0, 1, "the shrink of cosineRestarts");
            requireFloor(floor, "cosineRestarts");
        }

        public CosineRestarts(Span length) {
            this(length, 1, 1, 0);
        }

        @Override
        public double at(double step, Horizon horizon) {
            double period = Math.max(1, length.steps(horizon));
            double restart = Math.floor(step / period);
            double into = step - restart * period;
            if (growth > 1) {
                // n restarts end after period·(growthⁿ - 1)/(growth - 1) steps; the logarithm may be off by one
                double grown = Math.min(Double.MAX_VALUE, step / period * (growth - 1));
                restart = Math.floor(StrictMath.log1p(grown) / StrictMath.log1p(growth - 1));
                // if, not while: for a count so large that adding 1 does not change it, a loop would never end
                if (begin(period, restart) > step) {
                    restart--;
                } else if (begin(period, restart + 1) <= step) {
                    restart++;
                }
                into = step - begin(period, restart);
            }
            double height = StrictMath.pow(shrink, restart);
            double ratio = into / (period * StrictMath.pow(growth, restart));
            return floor + (1 - floor) * height * (1 + StrictMath.cos(Math.PI * ratio)) / 2;
        }

        private double begin(double period, double restart) {
            return period * (StrictMath.pow(growth, restart) - 1) / (growth - 1);
        }
    }

    /**
     * A linear rise from {@code 1/T} at step 0 to 1 at step T - 1; from step T on, the schedule {@code then}, with its
     * steps counted from T. Goyal et al., <a href="https://arxiv.org/abs/1706.02677">Accurate, large minibatch SGD</a>,
     * 2017, section 2.2.
     */
    record Warmup(Span length, Schedule then) implements Schedule {
        public Warmup(Span length) {
            this(length, new Constant());
        }

        @Override
        public double at(double step, Horizon horizon) {
            double steps = Math.ceil(length.steps(horizon));
            return step < steps ? Math.min(1, (step + 1) / steps) : then.at(step - steps, horizon.after(steps));
        }
    }

    /**
     * Half a cosine up from {@code start} to 1 over the first fraction {@code warm} of T - 1 steps, then half a cosine
     * down to {@code floor} over the rest. Smith and Topin,
     * <a href="https://arxiv.org/abs/1708.07120">Super-Convergence</a>, 2018; the numbers are those of PyTorch's
     * OneCycleLR, whose max_lr is the learning rate here. The momentum does not change.
     */
    record OneCycle(Span length, double warm, double start, double floor) implements Schedule {
        public OneCycle {
            Require.that(warm > 0 && warm < 1, "the warm of oneCycle must be between 0 and 1, but is " + warm);
            requireFloor(start, "oneCycle");
            requireFloor(floor, "oneCycle");
        }

        public OneCycle() {
            this(new Span.Rest(), 0.3, 1.0 / 25, 1.0 / 25 / 1e4);
        }

        @Override
        public double at(double step, Horizon horizon) {
            double steps = Math.max(1, length.steps(horizon));
            double top = warm * steps - 1;
            if (step <= top) {
                return between(start, 1, top <= 0 ? 1 : step / top);
            }
            return between(1, floor, Math.min(1, (step - top) / (steps - 1 - top)));
        }
    }

    /**
     * {@code factors[i]} up to the step at {@code boundaries[i]}, then the last factor. Keras' PiecewiseConstantDecay,
     * PyTorch's MultiStepLR. All boundaries have one unit, so that their order can be checked.
     */
    record Piecewise(List<Span> boundaries, List<Double> factors) implements Schedule {
        public Piecewise {
            boundaries = List.copyOf(boundaries);
            factors = List.copyOf(factors);
            Require.that(
                    factors.size() == boundaries.size() + 1,
                    "piecewise needs one factor more than boundaries, but has " + boundaries.size() + " boundaries and "
                            + factors.size() + " factors");
            for (double factor : factors) {
                Require.nonNegative(factor, "each factor of piecewise");
            }
            Horizon any = new Horizon(1, 1);
            for (int i = 1; i < boundaries.size(); i++) {
                Span before = boundaries.get(i - 1);
                Span here = boundaries.get(i);
                Require.that(
                        before.getClass() == here.getClass() && before.steps(any) < here.steps(any),
                        "the boundaries of piecewise must rise and have one unit, but are " + boundaries);
            }
        }

        @Override
        public double at(double step, Horizon horizon) {
            int piece = 0;
            while (piece < boundaries.size() && step >= boundaries.get(piece).steps(horizon)) {
                piece++;
            }
            return factors.get(piece);
        }
    }

    /** {@code t/T}; a T of 0 steps is over at once. */
    private static double ratio(double step, Span length, Horizon horizon) {
        double steps = length.steps(horizon);
        return steps > 0 ? step / steps : 1;
    }

    /** Half a cosine from one value at ratio 0 to another at ratio 1. */
    private static double between(double from, double to, double ratio) {
        // at the end, exactly the requested value
        return ratio >= 1 ? to : to + (from - to) * (1 + StrictMath.cos(Math.PI * ratio)) / 2;
    }

    private static void requireFloor(double floor, String schedule) {
        Require.inRange(floor, 0, 1, "each end of " + schedule + ", a factor of the learning rate,");
    }
}
