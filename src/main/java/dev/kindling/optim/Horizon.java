package dev.kindling.optim;

import java.io.Serializable;

/**
 * What a schedule knows of the run.
 *
 * @param stepsPerEpoch the number of steps in each epoch
 * @param steps the number of steps of the whole run, or of what is left of it
 */
public record Horizon(long stepsPerEpoch, double steps) implements Serializable {

    /** What is left once so many steps are over. */
    Horizon after(double taken) {
        return new Horizon(stepsPerEpoch, Math.max(0, steps - taken));
    }
}
