package dev.kindling.linalg;

/**
 * Something the user gave and must mend: an option, a column, a row, a file. The message is one sentence in the user's
 * words that says what must hold and what came; it is shown without a stack trace. It holds no value of the data but the
 * one at fault, and {@link #redacted} not even that.
 */
public final class InvalidInput extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    // Unicode sets these two aside for use within a program. They go with a sentence through whatever adds to it.
    private static final char BEGIN = '\uFDD0';
    private static final char END = '\uFDD1';
    private static final String MARKS = "[" + BEGIN + END + "]";

    private final String redacted;

    /**
     * Refuses an input.
     *
     * @param message one sentence: what must hold, and what came; what comes from the data's rows as a {@link #value}
     */
    public InvalidInput(String message) {
        super(message.replaceAll(MARKS, ""));
        this.redacted = message.replaceAll("(?s)" + BEGIN + ".*?" + END, "(redacted)");
    }

    /** A value of the data, for a message: marked as one until the exception is made. */
    public static String value(Object value) {
        return BEGIN + value.toString().replaceAll(MARKS, "") + END;
    }

    /** The message without values of the data. */
    public String redacted() {
        return redacted;
    }
}
