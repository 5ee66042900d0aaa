package dev.kindling.job.storage;

import java.io.IOException;

/** Writing a result failed: the disk is full, permission is denied, or the folder is gone. */
final class WriteException extends IOException {
    private static final long serialVersionUID = 1L;

    WriteException(String message, Throwable cause) {
        super(message, cause);
    }
}
