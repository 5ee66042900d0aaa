package dev.kindling.job.io;

import java.io.IOException;

/** A result that was begun could not be written: the disk is full, permission is denied, or its place is gone. */
final class WriteException extends IOException {
    private static final long serialVersionUID = 1L;

    WriteException(String message, Throwable cause) {
        super(message, cause);
    }
}
