package dev.kindling.optim;

import dev.kindling.linalg.Require;
import java.io.Serializable;
import java.math.BigDecimal;

/** A length of training with its unit: {@code steps(500)}, {@code epochs(5)}, {@code rest}. */
public sealed interface Span extends Serializable {

    /** The number of steps in a run of this horizon. */
    double steps(Horizon horizon);

    /** A number of steps. */
    record Steps(long count) implements Span {
        public Steps {
            Require.positive(count, "the number of steps");
        }

        @Override
        public double steps(Horizon horizon) {
            return count;
        }
    }

    /** A number of epochs, possibly fractional: the decimal number as written, times the steps of an epoch. */
    record Epochs(double count) implements Span {
        public Epochs {
            Require.positive(count, "the number of epochs");
        }

        @Override
        public double steps(Horizon horizon) {
            // in doubles, 1.1·10 is above 11: such a warm-up would take 12 steps
            return BigDecimal.valueOf(count)
                    .multiply(BigDecimal.valueOf(horizon.stepsPerEpoch()))
                    .doubleValue();
        }
    }

    /** Until the end of the run. */
    record Rest() implements Span {
        @Override
        public double steps(Horizon horizon) {
            return horizon.steps();
        }
    }
}
