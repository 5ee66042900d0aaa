package dev.kindling.job;

import dev.kindling.LocalFiles;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.security.AccessControlException;

/** Local files under {@code faulty:}, on a disk that fails as it is told. */
public final class FaultyFileSystem extends LocalFiles.Raw {
    static final String SCHEME = "faulty";

    /** What goes wrong from now on. */
    enum Fault {
        NONE,
        /** The disk is full, and the file system says so by an exception, as most do. */
        FULL,
        /** The disk is full, and the file system says so by an error, as Hadoop's local one does. */
        FULL_LOCALLY,
        /** What is written disappears before it can be renamed. */
        VANISHED,
        NO_RENAME,
        NO_CREATE,
        NO_FOLDER
    }

    private static volatile Fault fault = Fault.NONE;
    private static volatile String victim = "";
    private static long room;
    private static long written;

    static void heal() {
        fault = Fault.NONE;
    }

    /** The disk is full after so many bytes. */
    static synchronized void fill(Fault full, long bytes) {
        room = bytes;
        fault = full;
    }

    /** @param name of the file or folder that a draft cannot become */
    static void fail(Fault how, String name) {
        victim = name;
        fault = how;
    }

    /** The bytes written since this was last asked. */
    static synchronized long written() {
        long bytes = written;
        written = 0;
        return bytes;
    }

    /** Whether so many more bytes find room. */
    private static synchronized boolean take(long bytes) {
        written += bytes;
        room -= bytes;
        return room >= 0 || fault != Fault.FULL && fault != Fault.FULL_LOCALLY;
    }

    private void refuse(byte[] bytes) throws IOException {
        if (fault == Fault.FULL) {
            throw new IOException("No space left on device");
        }
        try (OutputStream full = super.createOutputStreamWithMode(new Path("/dev/full"), true, null)) {
            full.write(bytes);
        }
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    @Override
    public URI getUri() {
        return URI.create(SCHEME + ":///");
    }

    @Override
    protected OutputStream createOutputStreamWithMode(Path file, boolean append, FsPermission permission)
            throws IOException {
        if (fault == Fault.NO_CREATE) {
            throw new AccessControlException("Permission denied: " + file);
        }
        return new FilterOutputStream(super.createOutputStreamWithMode(file, append, permission)) {
            @Override
            public void write(int value) throws IOException {
                write(new byte[] {(byte) value}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int from, int count) throws IOException {
                if (!take(count)) {
                    refuse(bytes);
                }
                out.write(bytes, from, count);
            }
        };
    }

    @Override
    public boolean mkdirs(Path folder, FsPermission permission) throws IOException {
        return fault != Fault.NO_FOLDER && super.mkdirs(folder, permission);
    }

    @Override
    public boolean mkdirs(Path folder) throws IOException {
        return fault != Fault.NO_FOLDER && super.mkdirs(folder);
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        if (to.getName().equals(victim) && from.getName().endsWith(".draft")) {
            if (fault == Fault.NO_RENAME) {
                return false;
            }
            if (fault == Fault.VANISHED) {
                delete(from, true);
            }
        }
        return super.rename(from, to);
    }
}
