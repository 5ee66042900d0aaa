package dev.kindling.job.storage;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.util.ShutdownHookManager;

/**
 * The end of the JVM by a signal while a command runs. First Spark's hook stops the context, so that the command fails; then
 * this one waits until the command has deleted what it wrote by half; then Hadoop closes the file systems.
 */
public final class Termination {
    private static final int PRIORITY = FileSystem.SHUTDOWN_HOOK_PRIORITY + 5; // Spark's is 30 above Hadoop's
    private static final int PATIENCE = 20; // seconds

    private final CountDownLatch ended = new CountDownLatch(1);

    public Termination() {
        ShutdownHookManager.get().addShutdownHook(this::await, PRIORITY);
    }

    private void await() {
        try {
            ended.await(PATIENCE, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the JVM is ending. */
    public static boolean isInProgress() {
        return ShutdownHookManager.get().isShutdownInProgress();
    }

    public void commandEnded() {
        ended.countDown();
    }
}
