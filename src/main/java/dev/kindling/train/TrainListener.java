package dev.kindling.train;

import dev.kindling.checkpoint.Epoch;
import dev.kindling.checkpoint.TrainState;
import dev.kindling.data.Shards;
import dev.kindling.engine.ExecutionMode;
import dev.kindling.spark.ColumnNote;
import java.util.List;
import java.util.function.UnaryOperator;

/** Hears of a run's progress, on the driver, in the thread that trains. An exception that it throws ends the run. */
public interface TrainListener {

    /** Before {@link #started}: what a table vectorizer decided about the columns that it made the features of; empty without one. */
    default void columns(List<ColumnNote> notes) {}

    /** Before the first step. */
    default void started(RunConfig run, Shards shards, ExecutionMode place) {}

    /** When the run resumes from a checkpoint. */
    default void resumed(String checkpoint, TrainState state) {}

    /**
     * Before the first step, and after {@link #resumed} if the run resumes: for listeners that look at the parameters.
     * They must neither change nor keep the array.
     *
     * @param taken the steps of the epoch that were taken before the run was resumed in its middle; else 0
     */
    default void begun(float[] parameters, int taken) {}

    /** After each step or round of local steps. Never with L-BFGS, which has none. */
    default void stepped(Step step) {}

    /** After each epoch, validation included. */
    default void ended(Epoch epoch) {}

    /**
     * After each epoch, for listeners that look at the parameters. They must neither change nor keep the array. Calls
     * {@link #ended(Epoch)} unless it is overridden.
     */
    default void ended(Epoch epoch, float[] parameters) {
        ended(epoch);
    }

    /** After the last epoch. */
    default void finished(TrainState state) {}

    /** When a run that started ends with an exception, before {@link #closed()}. It must not throw. */
    default void failed(Throwable cause) {}

    /** After a run, however it ends: finished, failed or cancelled. For closing resources; it must not throw. */
    default void closed() {}

    /** A listener that passes everything on to these, in their order. */
    static TrainListener all(TrainListener... listeners) {
        return all(cause -> cause, listeners);
    }

    /**
     * The same, with another failure told.
     *
     * @param told what they are told of a failure
     */
    static TrainListener all(UnaryOperator<Throwable> told, TrainListener... listeners) {
        List<TrainListener> all = List.of(listeners);
        return new TrainListener() {
            @Override
            public void columns(List<ColumnNote> notes) {
                all.forEach(listener -> listener.columns(notes));
            }

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
                Throwable failure = told.apply(cause);
                all.forEach(listener -> listener.failed(failure));
            }

            @Override
            public void closed() {
                all.forEach(TrainListener::closed);
            }
        };
    }
}
