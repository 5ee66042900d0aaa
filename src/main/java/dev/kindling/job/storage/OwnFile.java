package dev.kindling.job.storage;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** A kind of single file that commands write, and how one is told from the files of others before it is replaced. */
public enum OwnFile {
    FIGURES("a JSON file of Kindling's figures", "\\{\\s*\"(rows|healthy|metric|suggested|advice|loss)\".*"),
    PAGE("a page of Kindling's", ".*<meta name=\"generator\" content=\"Kindling\">.*"),
    OPTIONS("a file of Kindling's options", "# Found by kindling search.*"),
    PREDICTIONS("the output of kindling predict", "([^\\n]*,)?prediction(,probability|,\"?probability_[^\\n]*)?\\n.*"),
    ONNX("a model that Kindling exported to ONNX", "\\x08\\x08\\x12\\x08kindling.*"),
    SAFETENSORS(
            "a model that Kindling exported to safetensors", ".{1,8}\\{\"__metadata__\":\\{\"kindling\\.format\".*");

    private static final byte[] GZIP = {0x1f, (byte) 0x8b};
    private static final int BEGINNING = 1 << 20; // bytes: predictions have the names of all columns first

    private final String article;
    private final Pattern beginning;

    OwnFile(String article, String beginning) {
        this.article = article;
        this.beginning = Pattern.compile(beginning, Pattern.DOTALL);
    }

    String article() {
        return article;
    }

    /** Whether the file was written by a command, or is empty. */
    boolean isWritten(Storage file) throws IOException {
        if (file.bytes() == 0) {
            return true;
        }
        try {
            return beginning.matcher(beginningOf(file)).matches();
        } catch (EOFException | ZipException damaged) {
            return false;
        }
    }

    /** Decompressed if it is gzipped. */
    private static String beginningOf(Storage file) throws IOException {
        try (PushbackInputStream in = new PushbackInputStream(file.open(), 2)) {
            byte[] magic = in.readNBytes(2);
            in.unread(magic);
            InputStream plain = Arrays.equals(magic, GZIP) ? new GZIPInputStream(in) : in;
            return new String(plain.readNBytes(BEGINNING), StandardCharsets.UTF_8);
        }
    }
}
