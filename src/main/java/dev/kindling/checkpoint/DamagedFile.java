package dev.kindling.checkpoint;

/** A file that differs from what was written: it was cut short, was changed, or is of another kind. */
final class DamagedFile extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param message what is wrong, to follow the file's name: {@code ends early} */
    DamagedFile(String message) {
        super(message);
    }
}
