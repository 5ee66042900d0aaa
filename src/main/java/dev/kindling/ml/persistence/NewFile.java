package dev.kindling.ml.persistence;

import dev.kindling.linalg.InvalidInput;
import java.io.IOException;
import java.io.OutputStream;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** A file of an export, which appears under its name once it is complete. */
public final class NewFile {
    private NewFile() {}

    /** Writes the file's bytes. */
    public interface Content {
        void write(OutputStream out) throws IOException;
    }

    /**
     * Writes a new file.
     *
     * @param method that the path was given to, for the message
     * @throws InvalidInput if there is something of that name
     */
    public static void write(String method, String path, Configuration configuration, Content content)
            throws IOException {
        Path target = new Path(path);
        FileSystem files = target.getFileSystem(configuration);
        Path draft = files.makeQualified(target).suffix("-" + UUID.randomUUID() + ".draft");
        try {
            requireFree(method, files, target);
            try (OutputStream out = files.create(draft)) {
                content.write(out);
            }
            requireFree(method, files, target);
            if (!files.rename(draft, target)) {
                throw new IOException("cannot rename " + draft + " to " + target);
            }
        } finally {
            files.delete(draft, false); // after a failure
        }
    }

    private static void requireFree(String method, FileSystem files, Path target) throws IOException {
        if (files.exists(target)) {
            throw new InvalidInput(method + " must get the path of a new file, but " + target + " exists");
        }
    }
}
