package dev.kindling.engine;

/**
 * Where the time of an epoch's steps went, in milliseconds per step.
 *
 * @param schedule waiting until all tasks had run and their answers were there, beyond {@code compute}
 * @param broadcast sending the parameters
 * @param compute computing over the shards; those that share a core add up
 * @param reduce adding the answers on the driver
 * @param update updating the parameters
 */
public record StepTimes(double schedule, double broadcast, double compute, double reduce, double update) {

    /** The time of the whole step. */
    public double total() {
        return overhead() + compute + update;
    }

    /** What a step costs however few rows it has, apart from the update. */
    public double overhead() {
        return schedule + broadcast + reduce;
    }
}
