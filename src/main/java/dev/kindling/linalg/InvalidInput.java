package dev.kindling.linalg;

/** Input that breaks a stated rule; the message says in one sentence what must hold and what came. */
public final class InvalidInput extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    /** Makes one with a sentence for the user. */
    public InvalidInput(String message) {
        super(message);
    }
}
