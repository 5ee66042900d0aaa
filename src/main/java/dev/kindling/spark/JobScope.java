package dev.kindling.spark;

import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkException;

/**
 * Work whose Spark jobs end when it ends. Spark leaves the job of an interrupted driver thread running; this class
 * cancels it.
 */
public final class JobScope {
    private static final Pattern CANCELLED = Pattern.compile("Job \\d+ cancelled.*");
    private static final Pattern OF_STOPPED =
            Pattern.compile("stopped SparkContext|SparkContext (has been|was) (shutdown|shut down|stopped)");
    private static final String STOPPED = "the SparkContext was stopped";

    private JobScope() {}

    /**
     * The result of the work. If the work throws, the jobs that it started in this thread are cancelled.
     *
     * @throws CancellationException if its thread was interrupted (the interrupt flag stays set) or its job was
     *     cancelled
     */
    public static <T> T run(SparkContext context, Supplier<T> work) {
        String tag = "kindling-" + UUID.randomUUID();
        context.addJobTag(tag);
        try {
            return work.get();
        } catch (Throwable e) {
            if (!context.isStopped()) {
                context.cancelJobsWithTag(tag);
            }
            if (e instanceof InterruptedException) { // undeclared, because Scala methods throw it
                Thread.currentThread().interrupt();
                throw cancellation("training was interrupted", e);
            }
            Optional<String> cancelled = cancelled(e);
            if (cancelled.isPresent()) {
                throw cancellation("training was cancelled: " + cancelled.get(), e);
            }
            // a stopped context fails in many ways, but an exception of ours has a reason of its own
            if (context.isStopped() && !e.getClass().getName().startsWith("dev.kindling.")) {
                throw cancellation("training was cancelled: " + STOPPED, e);
            }
            throw e;
        } finally {
            context.removeJobTag(tag);
        }
    }

    private static CancellationException cancellation(String sentence, Throwable cause) {
        CancellationException exception = new CancellationException(sentence);
        exception.initCause(cause);
        return exception;
    }

    /** Why Spark cancelled a job, or that its context was stopped; empty for any other failure. */
    public static Optional<String> cancelled(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            String message = cause.getMessage();
            if (message == null) {
                continue;
            }
            Matcher match = CANCELLED.matcher(message);
            if (cause instanceof SparkException && match.find()) {
                return Optional.of(match.group());
            }
            if (cause instanceof IllegalStateException
                    && OF_STOPPED.matcher(message).find()) {
                return Optional.of(STOPPED);
            }
        }
        return Optional.empty();
    }

    /**
     * Releases what the work holds in Spark, even if its thread is or gets interrupted; Spark alone would throw and
     * keep it. Releasing twice is harmless.
     */
    public static void release(SparkContext context, Runnable work) {
        if (context.isStopped()) {
            return; // a stopped context holds nothing
        }
        boolean interrupted = Thread.interrupted();
        boolean begun = false;
        try {
            while (true) {
                try {
                    work.run();
                    return;
                } catch (Throwable e) {
                    if (e instanceof InterruptedException) { // undeclared, because Scala methods throw it
                        interrupted = true;
                        begun = true;
                    } else if (begun) {
                        return; // the interrupted attempt had released it
                    } else {
                        throw e;
                    }
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
