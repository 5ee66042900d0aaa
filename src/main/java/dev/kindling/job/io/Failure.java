package dev.kindling.job.io;

import dev.kindling.linalg.InvalidInput;
import dev.kindling.spark.JobScope;
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

/** What went wrong, in one sentence, and whether the user can mend it. Spark wraps what tasks throw, often twice. */
public record Failure(String sentence, boolean isBadInput, boolean isExpected) {

    public static Failure of(Throwable thrown) {
        return of(thrown, false);
    }

    /**
     * What a command says of an exception.
     *
     * @param redacted whether to leave values of the data out of the sentence
     */
    public static Failure of(Throwable thrown, boolean redacted) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (isTold(cause)) {
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

    /** Whether it is in our own words, and no mistake of the user's. */
    private static boolean isTold(Throwable cause) {
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

    /** How the run was stopped from outside; empty where it was not. */
    static Optional<String> cancelled(Throwable thrown) {
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

    /** What a file system had to say: the innermost cause of its kind; empty where something else went wrong. */
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

    /** The message's first line: Spark appends query plans. */
    static String oneLine(Throwable thrown) {
        String message = thrown.getMessage();
        if (message == null || message.isBlank()) {
            return thrown.getClass().getSimpleName();
        }
        return message.strip().lines().findFirst().orElse("");
    }

    /** The sentence of the innermost cause. */
    static String rootSentence(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return oneLine(root);
    }
}
