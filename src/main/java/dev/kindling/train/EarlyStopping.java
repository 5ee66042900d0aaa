package dev.kindling.train;

import dev.kindling.linalg.Require;
import dev.kindling.loss.Monitor;
import java.io.Serializable;

/**
 * Stops a run when the monitored figure has not improved on its best by more than {@code minDelta} for {@code patience}
 * epochs. It is that of the validation rows or, without any, of the training rows.
 *
 * @param patience in epochs; 0 never stops
 * @param monitor what epochs are compared by, whether or not the run ever stops early
 */
public record EarlyStopping(int patience, double minDelta, Monitor monitor) implements Serializable {
    public static final EarlyStopping NEVER = new EarlyStopping(0, 0);

    public EarlyStopping {
        Require.that(patience >= 0, "the patience of early stopping must not be negative, but is " + patience);
        Require.that(
                minDelta >= 0 && minDelta < Double.POSITIVE_INFINITY,
                "the tolerance of early stopping must be finite and not negative, but is " + minDelta);
    }

    /** By the loss. */
    public EarlyStopping(int patience, double minDelta) {
        this(patience, minDelta, Monitor.LOSS);
    }

    boolean stops(int epochsSinceBest) {
        return patience > 0 && epochsSinceBest >= patience;
    }
}
