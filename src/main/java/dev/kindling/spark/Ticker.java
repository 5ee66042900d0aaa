package dev.kindling.spark;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Does something every few seconds, in a thread of its own, until it is closed. */
public final class Ticker implements AutoCloseable {
    private static final long FIRST = 1; // seconds
    private static final long NEXT = 3; // seconds

    private final ScheduledExecutorService clock;

    /** @param name of the thread */
    public Ticker(String name, Runnable work) {
        clock = Executors.newSingleThreadScheduledExecutor(run -> {
            Thread thread = new Thread(run, name);
            thread.setDaemon(true);
            return thread;
        });
        ScheduledFuture<?> unused = clock.scheduleAtFixedRate(work, FIRST, NEXT, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
