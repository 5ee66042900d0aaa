package dev.kindling.linalg;

/** What a user must mend: one sentence that says what must hold and what came. */
public final class InvalidInput extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public InvalidInput(String message) {
        super(message);
    }
}
