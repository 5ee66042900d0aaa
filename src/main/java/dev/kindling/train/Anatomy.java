package dev.kindling.train;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Where the time of an epoch's steps went: milliseconds a step.
 *
 * @param schedule until all tasks had run and their answers were there, beyond {@code compute}
 * @param broadcast of the parameters
 * @param compute of the shards, where those that share a core come one after another
 * @param reduce the adding of the answers on the driver
 * @param update of the parameters
 */
public record Anatomy(double schedule, double broadcast, double compute, double reduce, double update) {

    /** The mean over the steps of some epochs, without the first where there are more, as it warms up. */
    public static Anatomy mean(List<Epoch> epochs) {
        List<Epoch> warm = epochs.subList(epochs.size() > 1 ? 1 : 0, epochs.size());
        return new Anatomy(
                mean(warm, Anatomy::schedule),
                mean(warm, Anatomy::broadcast),
                mean(warm, Anatomy::compute),
                mean(warm, Anatomy::reduce),
                mean(warm, Anatomy::update));
    }

    private static double mean(List<Epoch> epochs, ToDoubleFunction<Anatomy> part) {
        // an epoch that finds nothing left to do takes none
        double steps = Math.max(1, epochs.stream().mapToLong(Epoch::steps).sum());
        return epochs.stream()
                .mapToDouble(epoch -> part.applyAsDouble(epoch.anatomy()) * epoch.steps() / steps)
                .sum();
    }

    /** Of the whole step. */
    public double total() {
        return overhead() + compute + update;
    }

    /** What a step costs however few its rows are, but for the update. */
    double overhead() {
        return schedule + broadcast + reduce;
    }
}
