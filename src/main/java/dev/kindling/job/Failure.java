package dev.kindling.job;

import dev.kindling.linalg.InvalidInput;
import dev.kindling.train.DivergenceException;
import java.io.FileNotFoundException;
import java.nio.file.AccessDeniedException;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.security.AccessControlException;
import org.apache.spark.sql.AnalysisException;

/** What went wrong, in one sentence, and whether the user can mend it. Spark wraps what tasks throw, often twice. */
record Failure(String sentence, boolean isBadInput, boolean isExpected) {

    static Failure of(Throwable thrown) {
        return of(thrown, false);
    }

    /** @param redacted whether to leave values of the data out of the sentence */
    static Failure of(Throwable thrown, boolean redacted) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (redacted && cause instanceof InvalidInput refused) {
                return new Failure(refused.redacted(), true, true);
            }
            if (isBadInput(cause)) {
                return new Failure(oneLine(cause), true, true);
            }
            if (cause instanceof DivergenceException) {
                return new Failure(oneLine(cause), false, true);
            }
        }
        return new Failure(oneLine(thrown), false, false);
    }

    private static boolean isBadInput(Throwable cause) {
        return cause instanceof InvalidInput
                || cause instanceof AnalysisException
                || cause instanceof FileNotFoundException
                || cause instanceof AccessDeniedException
                || cause instanceof AccessControlException
                || cause instanceof UnsupportedFileSystemException;
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
