package dev.kindling.linalg;

/**
 * A user error: an option, a column, a row or a file that the user must fix. The message is one sentence in the user's
 * words that says what must hold and what was given; it is shown without a stack trace. The only value of the data in
 * it is the faulty one, and {@link #redacted} leaves that out too.
 */
public final class InvalidInput extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    // Unicode reserves these two characters for internal use. They mark values within a message, through whatever adds
    // to it.
    private static final char BEGIN = '\uFDD0';
    private static final char END = '\uFDD1';
    private static final String MARKS = "[" + BEGIN + END + "]";

    private final String redacted;

    /**
     * Rejects an input.
     *
     * @param message one sentence: what must hold, and what was given; pass anything from the data's rows through
     *     {@link #value}
     */
    public InvalidInput(String message) {
        super(message.replaceAll(MARKS, ""));
        this.redacted = message.replaceAll("(?s)" + BEGIN + ".*?" + END, "(redacted)");
    }

    /** Marks a value of the data within a message, until the exception is created. */
    public static String value(Object value) {
        return BEGIN + value.toString().replaceAll(MARKS, "") + END;
    }

    /** The message without values of the data. */
    public String redacted() {
        return redacted;
    }
}
