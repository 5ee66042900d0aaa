package dev.kindling.train.ensemble;

import dev.kindling.checkpoint.Epoch;
import dev.kindling.checkpoint.TrainState;
import dev.kindling.data.Shards;
import dev.kindling.engine.ExecutionMode;
import dev.kindling.spark.ColumnNote;
import dev.kindling.train.RunConfig;
import dev.kindling.train.Step;
import dev.kindling.train.TrainListener;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Why training failed, for the first member's listener and the caller alike. A member that fails ends the others, whose own
 * failure is only that they were cancelled.
 */
public final class FirstFailure {
    private final AtomicReference<@Nullable Throwable> first = new AtomicReference<>();

    /** A listener of a member that nobody looks at. */
    public TrainListener ofOther() {
        return new TrainListener() {
            @Override
            public void failed(Throwable cause) {
                earliest(cause);
            }
        };
    }

    /** The failure that came first: this one, if there was none before. */
    Throwable earliest(Throwable cause) {
        Throwable earlier = first.compareAndExchange(null, cause);
        return earlier == null ? cause : earlier;
    }

    /** The listener, which hears of whatever failed first. */
    public TrainListener of(TrainListener listener) {
        return new TrainListener() {
            @Override
            public void columns(List<ColumnNote> notes) {
                listener.columns(notes);
            }

            @Override
            public void started(RunConfig run, Shards shards, ExecutionMode place) {
                listener.started(run, shards, place);
            }

            @Override
            public void resumed(String checkpoint, TrainState state) {
                listener.resumed(checkpoint, state);
            }

            @Override
            public void begun(float[] parameters, int taken) {
                listener.begun(parameters, taken);
            }

            @Override
            public void stepped(Step step) {
                listener.stepped(step);
            }

            @Override
            public void ended(Epoch epoch, float[] parameters) {
                listener.ended(epoch, parameters);
            }

            @Override
            public void finished(TrainState state) {
                listener.finished(state);
            }

            @Override
            public void failed(Throwable cause) {
                listener.failed(earliest(cause));
            }

            @Override
            public void closed() {
                listener.closed();
            }
        };
    }
}
