package dev.kindling.optim;

import dev.kindling.linalg.Require;
import java.io.Serializable;

/** The learning rate's course: a pure function from the step (counted from 0) to a factor of the learning rate. */
public sealed interface Schedule extends Serializable {

    /**
     * The factor at one step.
     *
     * @param step counted from 0
     * @param last the number of steps of the whole run, for schedules that were given no length
     * @return a factor of the learning rate
     */
    double at(long step, long last);

    /** Always 1. */
    record Constant() implements Schedule {
        @Override
        public double at(long step, long last) {
            return 1;
        }
    }

    /**
     * Half a cosine from 1 down to {@code floor} over {@code steps}, then {@code floor}: {@code floor + (1 - floor)·(1 +
     * cos(π·t/T))/2}. Loshchilov and Hutter, <a href="https://arxiv.org/abs/1608.03983">SGDR</a>, ICLR 2017, equation 5,
     * without restarts.
     *
     * @param steps T; 0 means until the end of the run
     * @param floor the last factor, in [0, 1]
     */
    record Cosine(long steps, double floor) implements Schedule {
        public Cosine {
            Require.nonNegative(steps, "the steps of cosine");
            Require.inRange(floor, 0, 1, "the floor of cosine, a factor of the learning rate,");
        }

        public Cosine() {
            this(0, 0);
        }

        @Override
        public double at(long step, long last) {
            long length = steps == 0 ? last : steps;
            if (step >= length) {
                return floor;
            }
            return floor + (1 - floor) * (1 + StrictMath.cos(Math.PI * step / length)) / 2;
        }
    }

    /**
     * A linear rise from {@code 1/steps} at step 0 to 1 at step {@code steps - 1}; from step {@code steps} on, what
     * {@code then} gives, counted from there. Goyal et al., <a href="https://arxiv.org/abs/1706.02677">Accurate, large
     * minibatch SGD</a>, 2017, section 2.2.
     */
    record Warmup(long steps, Schedule then) implements Schedule {
        public Warmup {
            Require.positive(steps, "the steps of warmup");
        }

        public Warmup(long steps) {
            this(steps, new Constant());
        }

        @Override
        public double at(long step, long last) {
            return step < steps ? (step + 1.0) / steps : then.at(step - steps, Math.max(0, last - steps));
        }
    }
}
