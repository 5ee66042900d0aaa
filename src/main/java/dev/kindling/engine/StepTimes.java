package dev.kindling.engine;

/**
 * Where the time of an epoch's steps went: milliseconds a step.
 *
 * @param schedule until all tasks had run and their answers were there, beyond {@code compute}
 * @param broadcast of the parameters
 * @param compute of the shards, where those that share a core come one after another
 * @param reduce the adding of the answers on the driver
 * @param update of the parameters
 */
public record StepTimes(double schedule, double broadcast, double compute, double reduce, double update) {

    /** Of the whole step. */
    public double total() {
        return overhead() + compute + update;
    }

    /** What a step costs however few its rows are, but for the update. */
    public double overhead() {
        return schedule + broadcast + reduce;
    }
}
