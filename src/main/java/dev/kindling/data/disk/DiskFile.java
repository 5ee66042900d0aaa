package dev.kindling.data.disk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.spark.SparkConf;

/**
 * A file to keep bytes in that the heap has no room for. It has no name once it is open, so its space is free again as soon as
 * nothing refers to the bytes, also if the JVM is killed.
 */
public final class DiskFile implements AutoCloseable {
    private final Path folder;
    private final FileChannel channel;
    private long end;

    private DiskFile(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    /** The folder of Spark's own temporary files, in a local master's JVM. */
    public static String folder(SparkConf conf) {
        String given = System.getenv("SPARK_LOCAL_DIRS");
        String folders = given == null ? conf.get("spark.local.dir", System.getProperty("java.io.tmpdir")) : given;
        return folders.split(",", 2)[0];
    }

    /** A new file in a folder. */
    public static DiskFile in(String folder) {
        Path in = Path.of(folder);
        try {
            Path file = Files.createTempFile(Files.createDirectories(in), "kindling-", ".rows");
            FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
            Files.delete(file);
            return new DiskFile(in, channel);
        } catch (IOException e) {
            throw unusable(in, e);
        }
    }

    /** Writes bytes to the file, and returns them as they lie there. They stay after the file is closed. */
    public ByteBuffer keep(ByteBuffer bytes) {
        long start = end;
        int size = bytes.remaining();
        try {
            // by writing, not by the map: a full disk is an exception here, but kills the JVM there
            while (bytes.hasRemaining()) {
                end += channel.write(bytes, end);
            }
            return channel.map(FileChannel.MapMode.READ_ONLY, start, size).order(bytes.order());
        } catch (IOException e) {
            throw unusable(folder, e);
        }
    }

    private static UncheckedIOException unusable(Path folder, IOException e) {
        return new UncheckedIOException(
                "rows that memory cannot hold must be written to " + folder + ", the folder of spark.local.dir, but: "
                        + e.getMessage(),
                e);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw unusable(folder, e);
        }
    }
}
