package dev.kindling.optim;

import dev.kindling.linalg.Require;
import java.io.Serializable;
import java.math.BigDecimal;

/** A length of training, its unit said: {@code steps(500)}, {@code epochs(5)}, {@code rest}. */
public sealed interface Span extends Serializable {

    /** The number of steps, in a run of this horizon. */
    double steps(Horizon horizon);

    /** So many steps. */
    record Steps(long count) implements Span {
        public Steps {
            Require.positive(count, "the number of steps");
        }

        @Override
        public double steps(Horizon horizon) {
            return count;
        }
    }

    /** So many epochs, perhaps a fraction: the decimal number as it is written, times the steps of an epoch. */
    record Epochs(double count) implements Span {
        public Epochs {
            Require.positive(count, "the number of epochs");
        }

        @Override
        public double steps(Horizon horizon) {
            // 1.1·10 in doubles is above 11: a warm-up of it would take 12 steps
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
