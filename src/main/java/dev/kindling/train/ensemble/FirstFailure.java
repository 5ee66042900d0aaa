package dev.kindling.train.ensemble;

import dev.kindling.train.TrainListener;
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
        return TrainListener.all(this::earliest, listener);
    }
}
