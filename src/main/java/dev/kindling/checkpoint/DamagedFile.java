package dev.kindling.checkpoint;

/** A file that is not what was written: cut short, changed, or of another kind. */
final class DamagedFile extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param message how one sees it, after the file's name: {@code ends early} */
    DamagedFile(String message) {
        super(message);
    }
}
