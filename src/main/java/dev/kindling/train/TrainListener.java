package dev.kindling.train;

import dev.kindling.checkpoint.Epoch;
import dev.kindling.checkpoint.TrainState;
import dev.kindling.data.Shards;
import dev.kindling.engine.ExecutionMode;
import java.util.List;

/** Told of a run's progress, on the driver, in the thread that trains. What it throws ends the run. */
public interface TrainListener {

    /** Before the first step. */
    default void started(RunConfig run, Shards shards, ExecutionMode place) {}

    /** Where the run goes on from a checkpoint. */
    default void resumed(String checkpoint, TrainState state) {}

    /**
     * Before the first step, after {@link #resumed} where the run goes on: for listeners that look at the parameters, which
     * they must neither change nor keep.
     *
     * @param taken the steps of the first epoch that the run took before it was resumed within it; else 0
     */
    default void begun(float[] parameters, int taken) {}

    /** After each step or round of local steps; of L-BFGS, which has none, never. */
    default void stepped(Step step) {}

    /** After each epoch, validation included. */
    default void ended(Epoch epoch) {}

    /**
     * After each epoch, for listeners that look at the parameters, which they must neither change nor keep; the same as
     * {@link #ended(Epoch)} where it is not overridden.
     */
    default void ended(Epoch epoch, float[] parameters) {
        ended(epoch);
    }

    /** After the last epoch. */
    default void finished(TrainState state) {}

    /** Where a run that started ends by an exception, before {@link #closed()}; it must not throw. */
    default void failed(Throwable cause) {}

    /** After a run that started, however it ends: done, failed or cancelled. For what is to be closed; it must not throw. */
    default void closed() {}

    /** One that tells all of these, in their order. */
    static TrainListener all(TrainListener... listeners) {
        List<TrainListener> all = List.of(listeners);
        return new TrainListener() {
            @Override
            public void started(RunConfig run, Shards shards, ExecutionMode place) {
                all.forEach(listener -> listener.started(run, shards, place));
            }

            @Override
            public void resumed(String checkpoint, TrainState state) {
                all.forEach(listener -> listener.resumed(checkpoint, state));
            }

            @Override
            public void begun(float[] parameters, int taken) {
                all.forEach(listener -> listener.begun(parameters, taken));
            }

            @Override
            public void stepped(Step step) {
                all.forEach(listener -> listener.stepped(step));
            }

            @Override
            public void ended(Epoch epoch, float[] parameters) {
                all.forEach(listener -> listener.ended(epoch, parameters));
            }

            @Override
            public void finished(TrainState state) {
                all.forEach(listener -> listener.finished(state));
            }

            @Override
            public void failed(Throwable cause) {
                all.forEach(listener -> listener.failed(cause));
            }

            @Override
            public void closed() {
                all.forEach(TrainListener::closed);
            }
        };
    }
}
