package dev.kindling.optim;

import java.io.Serializable;

/**
 * The length of a run, as schedules see it.
 *
 * @param stepsPerEpoch the number of steps in each epoch
 * @param steps the number of steps of the whole run, or of the rest of it
 */
public record Horizon(long stepsPerEpoch, double steps) implements Serializable {

    /** The horizon after the given number of steps. */
    Horizon after(double taken) {
        return new Horizon(stepsPerEpoch, Math.max(0, steps - taken));
    }
}
