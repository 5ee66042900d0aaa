package dev.kindling.job.storage;

import dev.kindling.linalg.InvalidInput;
import dev.kindling.spark.JobScope;
import dev.kindling.spark.ResourceLimit;
import dev.kindling.train.DivergenceException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.ObjectStreamException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.security.AccessControlException;
import org.apache.spark.sql.AnalysisException;

/** A failure in one sentence, and whether it is a user error. Spark wraps exceptions of tasks, often twice. */
public record Failure(String sentence, boolean isBadInput, boolean isExpected) {

    public static Failure of(Throwable thrown) {
        return of(thrown, false);
    }

    /**
     * The message of a command for an exception.
     *
     * @param redacted whether to leave data values out of the sentence
     */
    public static Failure of(Throwable thrown, boolean redacted) {
        Optional<String> limit = ResourceLimit.of(thrown);
        if (limit.isPresent()) {
            return new Failure(limit.get(), true, true);
        }
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (isReported(cause)) {
                return new Failure(oneLine(cause), false, true);
            }
            if (redacted && cause instanceof InvalidInput refused) {
                return new Failure(refused.redacted(), true, true);
            }
            if (isBadInput(cause)) {
                return new Failure(oneLine(cause), true, true);
            }
        }
        return cancelled(thrown)
                .or(() -> storageFault(thrown).map(fault -> "reading or writing failed: " + oneLine(fault)))
                .map(sentence -> new Failure(sentence, false, true))
                .orElseGet(() -> new Failure(oneLine(thrown), false, false));
    }

    /** Whether the message is Kindling's own and not about a user error. */
    private static boolean isReported(Throwable cause) {
        return cause instanceof WriteException
                || cause instanceof UncheckedIOException
                || cause instanceof DivergenceException
                || cause instanceof CancellationException;
    }

    private static boolean isBadInput(Throwable cause) {
        return cause instanceof InvalidInput
                || cause instanceof AnalysisException
                || cause instanceof FileNotFoundException
                || cause instanceof AccessDeniedException
                || cause instanceof AccessControlException
                || cause instanceof UnsupportedFileSystemException;
    }

    /** Why the run was stopped from outside; empty if it was not. */
    public static Optional<String> cancelled(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof CancellationException) {
                return Optional.of(oneLine(cause));
            }
            if (cause instanceof InterruptedException) {
                return Optional.of("the run was interrupted");
            }
        }
        return JobScope.cancelled(thrown).map(why -> "the run was cancelled: " + why);
    }

    /** The innermost exception of a file system; empty if the failure has another cause. */
    static Optional<Throwable> storageFault(Throwable thrown) {
        if (cancelled(thrown).isPresent()) {
            return Optional.empty();
        }
        Throwable fault = null;
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof InvalidInput) {
                return Optional.empty();
            }
            boolean isStorage = cause instanceof IOException && !(cause instanceof ObjectStreamException);
            if (isStorage || cause instanceof FSError) {
                fault = cause;
            }
        }
        return Optional.ofNullable(fault);
    }

    /** The first line of the message: Spark appends query plans. */
    static String oneLine(Throwable thrown) {
        String message = thrown.getMessage();
        if (message == null || message.isBlank()) {
            return thrown.getClass().getSimpleName();
        }
        return message.strip().lines().findFirst().orElse("");
    }

    /** The first line of the innermost cause's message. */
    public static String rootSentence(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return oneLine(root);
    }
}
