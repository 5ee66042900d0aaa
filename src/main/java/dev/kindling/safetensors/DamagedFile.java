package dev.kindling.safetensors;

/** A file that differs from what was written: it was cut short, was changed, or is of another kind. */
public final class DamagedFile extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param message what is wrong, to follow the file's name: {@code ends early} */
    public DamagedFile(String message) {
        super(message);
    }
}
