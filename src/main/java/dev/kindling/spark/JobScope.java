package dev.kindling.spark;

import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkException;

/** Work whose Spark jobs end with it: a driver thread that is interrupted would leave its job running. */
public final class JobScope {
    private static final Pattern CANCELLED = Pattern.compile("Job \\d+ cancelled.*");

    private JobScope() {}

    /**
     * The work's result; where it throws, the jobs that it began in this thread are cancelled.
     *
     * @throws CancellationException where its thread was interrupted, which it then still is, or its job cancelled
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
            if (e instanceof InterruptedException) { // undeclared, as Scala's methods throw it
                Thread.currentThread().interrupt();
                throw cancellation("training was interrupted", e);
            }
            Optional<String> cancelled = cancelled(e);
            if (cancelled.isPresent()) {
                throw cancellation("training was cancelled: " + cancelled.get(), e);
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

    /** What Spark says of a job that was cancelled or went down with its context; empty where it was neither. */
    public static Optional<String> cancelled(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SparkException && cause.getMessage() != null) {
                var match = CANCELLED.matcher(cause.getMessage());
                if (match.find()) {
                    return Optional.of(match.group());
                }
            }
        }
        return Optional.empty();
    }

    /**
     * Gives back what work holds in Spark, whether its thread is interrupted before or meanwhile: Spark would throw and keep
     * it. To give back twice does no harm.
     */
    public static void release(SparkContext context, Runnable work) {
        if (context.isStopped()) {
            return; // it holds nothing any more
        }
        boolean interrupted = Thread.interrupted();
        boolean begun = false;
        try {
            while (true) {
                try {
                    work.run();
                    return;
                } catch (Throwable e) {
                    if (e instanceof InterruptedException) { // undeclared, as Scala's methods throw it
                        interrupted = true;
                        begun = true;
                    } else if (begun) {
                        return; // what was begun needs no second time
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
