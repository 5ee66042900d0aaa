package dev.kindling.train;

/** Told of a run's progress, on the driver, in the thread that trains. What it throws ends the run. */
public interface TrainListener {

    /** Before the first step. */
    default void started(Trainer trainer, Shards shards, Place place) {}

    /** Where the run goes on from a checkpoint. */
    default void resumed(String checkpoint, TrainState state) {}

    /** After each epoch, validation included. */
    default void ended(Epoch epoch) {}

    /** After the last epoch. */
    default void finished(TrainState state) {}
}
