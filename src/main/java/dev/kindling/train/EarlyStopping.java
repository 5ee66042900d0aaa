package dev.kindling.train;

import dev.kindling.linalg.Require;
import java.io.Serializable;

/**
 * Stops a run when the monitored loss has not improved on its best by more than {@code minDelta} for {@code patience}
 * epochs. The monitored loss is the validation loss or, without validation rows, the training loss.
 *
 * @param patience in epochs; 0 never stops
 */
public record EarlyStopping(int patience, double minDelta) implements Serializable {
    public static final EarlyStopping NEVER = new EarlyStopping(0, 0);

    public EarlyStopping {
        Require.that(patience >= 0, "the patience of early stopping must not be negative, but is " + patience);
        Require.that(
                minDelta >= 0 && minDelta < Double.POSITIVE_INFINITY,
                "the tolerance of early stopping must be finite and not negative, but is " + minDelta);
    }

    boolean stops(int epochsSinceBest) {
        return patience > 0 && epochsSinceBest >= patience;
    }
}
