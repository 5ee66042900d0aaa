package dev.kindling.ml.persistence;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A model on the disk of a Spark Connect server, which since Spark 4.1 saves each fit there ({@code MLWriter.saveToLocal}) and reads
 * it back when it has left the cache. Its parts are plain files that no executor writes: the weights are little-endian float32.
 */
final class LocalModel {
    private static final int BUFFER = 1 << 16; // bytes; a multiple of a float's

    private LocalModel() {}

    /** Whether Spark saves in this way: it has written the metadata as one file where it otherwise writes a folder. */
    static boolean isAt(String path) {
        return Files.isRegularFile(Path.of(path + "/metadata"));
    }

    static void write(String path, String network, float[] parameters) {
        ByteBuffer bytes = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
        try (OutputStream out = Files.newOutputStream(Path.of(path + ModelWriter.WEIGHTS))) {
            Files.writeString(Path.of(path + ModelWriter.NETWORK), network);
            for (int from = 0; from < parameters.length; from += BUFFER / Float.BYTES) {
                int count = Math.min(BUFFER / Float.BYTES, parameters.length - from);
                bytes.asFloatBuffer().put(parameters, from, count);
                out.write(bytes.array(), 0, count * Float.BYTES);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(String path, String part) throws IOException {
        return Files.readString(Path.of(path + part));
    }

    static float[] parameters(String path, int count) throws IOException {
        float[] parameters = new float[count];
        ByteBuffer bytes = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
        try (DataInputStream in = new DataInputStream(Files.newInputStream(Path.of(path + ModelWriter.WEIGHTS)))) {
            for (int from = 0; from < count; from += BUFFER / Float.BYTES) {
                int read = Math.min(BUFFER / Float.BYTES, count - from);
                in.readFully(bytes.array(), 0, read * Float.BYTES);
                bytes.asFloatBuffer().get(parameters, from, read);
            }
        }
        return parameters;
    }
}
