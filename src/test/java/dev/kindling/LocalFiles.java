package dev.kindling;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;

/**
 * Hadoop's local file system, without the process that it starts for each permission, {@code chmod} to set it and {@code ls} to
 * read it, where its native library is missing: a saved pipeline has hundreds.
 */
public final class LocalFiles extends LocalFileSystem {
    public LocalFiles() {
        super(new Raw());
    }

    /** Without checksums. */
    public static class Raw extends RawLocalFileSystem {
        @Override
        public void setPermission(Path path, FsPermission permission) throws IOException {
            Files.setPosixFilePermissions(
                    pathToFile(path).toPath(),
                    PosixFilePermissions.fromString(
                            new FsPermission((short) (permission.toShort() & 0777)).toString()));
        }

        @Override
        public FileStatus getFileStatus(Path path) throws IOException {
            FileStatus status = super.getFileStatus(path);
            try {
                PosixFileAttributes read = Files.readAttributes(pathToFile(path).toPath(), PosixFileAttributes.class);
                return new FileStatus(
                        status.getLen(),
                        status.isDirectory(),
                        status.getReplication(),
                        status.getBlockSize(),
                        status.getModificationTime(),
                        status.getAccessTime(),
                        FsPermission.valueOf("-" + PosixFilePermissions.toString(read.permissions())),
                        read.owner().getName(),
                        read.group().getName(),
                        status.getPath());
            } catch (NoSuchFileException gone) {
                throw (IOException) new FileNotFoundException(path.toString()).initCause(gone);
            }
        }

        @Override
        public FileStatus[] listStatus(Path path) throws IOException {
            return pathToFile(path).isFile() ? new FileStatus[] {getFileStatus(path)} : super.listStatus(path);
        }
    }
}
