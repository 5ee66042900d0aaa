package dev.kindling.job.input;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A format that files of its kind begin with the same bytes of.
 *
 * @param bytes what such files begin with: one character a byte
 * @param what the format, with its article
 * @param advice what to do instead
 */
record Signature(Pattern bytes, String what, String advice) {
    /** How Parquet files begin. */
    static final String PARQUET = "PAR1";

    private static final String REWRITE = "; write it as CSV or Parquet";
    private static final String UNPACK = "; unpack it";

    private static final List<Signature> KNOWN = List.of(
            new Signature(PARQUET, "a Parquet file", "; --format parquet reads it"),
            new Signature("ORC", "an ORC file", REWRITE),
            new Signature("Obj\1", "an Avro file", REWRITE),
            new Signature("SEQ[\4-\6]", "a Hadoop sequence file", REWRITE),
            new Signature("ARROW1|FEA1", "an Arrow file", REWRITE),
            new Signature("\u0089HDF", "an HDF5 file", REWRITE),
            new Signature("\u0093NUMPY", "a NumPy file", REWRITE),
            new Signature("SQLite format 3", "an SQLite database", REWRITE),
            new Signature("%PDF", "a PDF file", REWRITE),
            new Signature("\u00D0\u00CF\u0011\u00E0", "an Excel file", "; save it as CSV"),
            new Signature("PK\3\4.{26}(xl/|_rels/|docProps/|\\[Content_Types\\])", "an Excel file", "; save it as CSV"),
            new Signature("PK\3\4", "a ZIP archive", UNPACK),
            new Signature("\u001F\u008B", "packed by gzip", "; add .gz to its name"),
            new Signature("BZh[1-9]1AY", "packed by bzip2", "; add .bz2 to its name"),
            new Signature("\\(\u00B5/\u00FD", "packed by zstd", UNPACK),
            new Signature("\u00FD7zXZ", "packed by xz", UNPACK),
            new Signature("7z\u00BC\u00AF", "a 7-Zip archive", UNPACK),
            new Signature("\\s*(\\[\\s*)?\\{\\s*(\"|\\})", "JSON", REWRITE),
            new Signature("\\s*<(?i:\\?xml|!doctype|html)", "XML or HTML", REWRITE));

    private Signature(String bytes, String what, String advice) {
        this(Pattern.compile(bytes, Pattern.DOTALL), what, advice);
    }

    /** The format that a file begins like; null if it may be plain text. */
    static @Nullable Signature of(byte[] head) {
        String text = new String(head, StandardCharsets.ISO_8859_1);
        return KNOWN.stream()
                .filter(known -> known.bytes.matcher(text).lookingAt())
                .findFirst()
                .orElse(null);
    }
}
