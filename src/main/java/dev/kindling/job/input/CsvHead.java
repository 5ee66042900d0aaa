package dev.kindling.job.input;

import dev.kindling.linalg.InvalidInput;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.jspecify.annotations.Nullable;

/** The first record of a CSV file, or what is wrong with the file's first bytes. Plain and final, because tasks return it. */
final class CsvHead implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final int FIRST_BYTES = 1 << 16;
    private static final int MOST_BYTES = 1 << 24;
    private static final byte[] UTF_8_MARK = bytes(0xEF, 0xBB, 0xBF);

    final String file;
    final String record; // empty for a file without lines

    @Nullable
    final String problem;

    private CsvHead(String file, String record, @Nullable String problem) {
        this.file = file;
        this.record = record;
        this.problem = problem;
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    /** Reads a file's first record. */
    static CsvHead read(Path file, Configuration configuration, CsvOptions options) throws IOException {
        String shown = shown(file);
        CompressionCodec codec = new CompressionCodecFactory(configuration).getCodec(file);
        try (InputStream plain = file.getFileSystem(configuration).open(file)) {
            InputStream in;
            try {
                in = codec == null ? plain : codec.createInputStream(plain);
            } catch (RuntimeException | LinkageError e) { // thrown by codecs whose native library is missing
                return new CsvHead(
                        file.toString(),
                        "",
                        shown + " must be packed in a way that Hadoop can unpack here, but "
                                + codec.getDefaultExtension() + " needs a library that is missing (" + e.getMessage()
                                + "); unpack it, or pack it by gzip");
            }
            return read(file.toString(), shown, in, options);
        }
    }

    private static CsvHead read(String file, String shown, InputStream in, CsvOptions options) throws IOException {
        byte[] head = in.readNBytes(FIRST_BYTES);
        Signature signature = Signature.of(head);
        if (signature != null) {
            return new CsvHead(file, "", shown + " must be CSV text, but is " + signature.what() + signature.advice());
        }
        String encoding = options.encoding() == null ? otherEncoding(head) : null;
        if (encoding != null) {
            return new CsvHead(file, "", shown + " must be text in UTF-8, but " + encoding);
        }
        String record = firstRecord(text(head, options), options);
        while (record == null && head.length < MOST_BYTES) {
            byte[] more = in.readNBytes(head.length);
            if (more.length == 0) {
                break;
            }
            int length = head.length;
            head = Arrays.copyOf(head, length + more.length);
            System.arraycopy(more, 0, head, length, more.length);
            record = firstRecord(text(head, options), options);
        }
        if (record == null) {
            record = text(head, options).strip();
        }
        return new CsvHead(
                file, record, record.indexOf('\uFFFD') < 0 ? null : undecodable(shown, head, record, options));
    }

    /** Why bytes are no UTF-8: UTF-16 and UTF-32 begin with a mark, or have zeros in the place of most first bytes. */
    private static @Nullable String otherEncoding(byte[] head) {
        boolean wide = starts(head, 0xFF, 0xFE, 0, 0) || starts(head, 0, 0, 0xFE, 0xFF);
        if (wide || starts(head, 0xFF, 0xFE) || starts(head, 0xFE, 0xFF)) {
            String name = wide ? "UTF-32" : "UTF-16";
            return "begins with the mark of " + name + "; --encoding " + name + " reads it";
        }
        int[] zeros = new int[2]; // at even and at odd places
        for (int i = 0; i < head.length; i++) {
            zeros[i % 2] += head[i] == 0 ? 1 : 0;
        }
        for (int place = 0; place < 2; place++) {
            if (zeros[place] > head.length / 4 && zeros[1 - place] == 0) {
                return "has a zero in every other byte; --encoding UTF-16" + (place == 0 ? "BE" : "LE") + " reads it";
            }
        }
        return zeros[0] + zeros[1] == 0 ? null : "holds zero bytes, as binary files do";
    }

    private static boolean starts(byte[] head, int... mark) {
        return head.length >= mark.length && Arrays.equals(Arrays.copyOf(head, mark.length), bytes(mark));
    }

    private static String text(byte[] head, CsvOptions options) {
        boolean marked = starts(head, 0xEF, 0xBB, 0xBF);
        int skipped = marked ? UTF_8_MARK.length : 0;
        return new String(head, skipped, head.length - skipped, options.charset());
    }

    /** The first line that is not blank; null if the text ends before its end. Within quotes, lines may go on. */
    private static @Nullable String firstRecord(String text, CsvOptions options) {
        int start = 0;
        while (start < text.length() && Character.isWhitespace(text.charAt(start)) && text.charAt(start) != '\t') {
            start++;
        }
        boolean quoted = false;
        for (int i = start; i < text.length(); i++) {
            char character = text.charAt(i);
            if (options.readsWholeFiles() && character == options.quoteCharacter()) {
                quoted = !quoted;
            }
            if (!quoted && (character == '\n' || character == '\r')) {
                return text.substring(start, i);
            }
        }
        return null;
    }

    /** A character that Java puts where it cannot decode may also be in the file itself. */
    private static @Nullable String undecodable(String shown, byte[] head, String record, CsvOptions options) {
        Charset charset = options.charset();
        if (!charset.equals(StandardCharsets.UTF_8)) {
            return undecodable(shown, charset, record);
        }
        if (isInUtf8(head, record)) {
            return null;
        }
        String latin = new String(head, StandardCharsets.ISO_8859_1);
        return undecodable(shown, charset, Objects.requireNonNullElse(firstRecord(latin, options), latin));
    }

    private static boolean isInUtf8(byte[] head, String record) {
        String bytes = new String(head, StandardCharsets.ISO_8859_1);
        return bytes.contains(new String(record.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
    }

    /**
     * The sentence for text that is not in the character set.
     *
     * @param line the line, as ISO-8859-1 reads it if UTF-8 cannot
     */
    static String undecodable(String shown, Charset charset, String line) {
        return shown + " must be text in " + charset + ", but the line \"" + InvalidInput.value(RawLines.cut(line))
                + "\" is not; "
                + (charset.equals(StandardCharsets.UTF_8)
                        ? "--encoding ISO-8859-1 reads it like this"
                        : "--encoding names another character set");
    }

    /** Whether the bytes are UTF-8. */
    static boolean isUtf8(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /** The path for messages: without {@code file:}. */
    static String shown(Path file) {
        String scheme = file.toUri().getScheme();
        return scheme == null || scheme.equals("file") ? file.toUri().getPath() : file.toString();
    }
}
