package dev.kindling.train;

/** Training left the numbers behind: the loss became infinite or NaN. */
public final class DivergenceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DivergenceException(String message) {
        super(message);
    }
}
