package dev.kindling.linalg;

/**
 * Something the user gave and must mend: an option, a column, a row, a file. The message is one sentence in the user's
 * words that says what must hold and what came; it is shown without a stack trace.
 */
public final class InvalidInput extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /**
     * Refuses an input.
     *
     * @param message one sentence: what must hold, and what came
     */
    public InvalidInput(String message) {
        super(message);
    }
}
