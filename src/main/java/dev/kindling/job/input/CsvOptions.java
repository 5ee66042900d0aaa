package dev.kindling.job.input;

import dev.kindling.linalg.Require;
import java.io.Serializable;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How CSV is written. What is null was not given: then it is RFC 4180 in UTF-8 with a header line and decimal points,
 * and what looks different is refused.
 *
 * @param delimiter the character between values; {@code \t} or {@code tab} is a tab
 * @param encoding the name of a character set
 * @param quote the character around values; empty for none
 * @param escape the character before a quote within quotes
 * @param multiLine whether values within quotes may hold line breaks
 * @param nullValue the text of a missing value, besides the empty one
 * @param decimal the decimal mark of numbers
 * @param header whether files begin with a line of names
 */
public record CsvOptions(
        @Nullable String delimiter,
        @Nullable String encoding,
        @Nullable String quote,
        @Nullable String escape,
        boolean multiLine,
        @Nullable String nullValue,
        @Nullable DecimalMark decimal,
        @Nullable Boolean header)
        implements Serializable {
    public static final CsvOptions NONE = new CsvOptions(null, null, null, null, false, null, null, null);

    public CsvOptions {
        if (delimiter != null) {
            delimiter = delimiter.equals("\\t") || delimiter.equals("tab") ? "\t" : delimiter;
            requireCharacter("--delimiter", delimiter);
        }
        if (encoding != null) {
            requireEncoding(encoding);
        }
        if (quote != null && !quote.isEmpty()) {
            requireCharacter("--quote", quote);
        }
        if (escape != null) {
            requireCharacter("--escape", escape);
        }
        String separator = delimiter == null ? "," : delimiter;
        Require.that(
                !separator.equals(quote == null ? "\"" : quote) && !separator.equals(escape),
                "--delimiter must differ from --quote and --escape, but one of them is \"" + separator + "\" too");
    }

    private static void requireCharacter(String option, String value) {
        Require.that(
                value.length() == 1 && !value.equals("\n") && !value.equals("\r"),
                option + " must be one character, but is \"" + value + "\"");
    }

    private static void requireEncoding(String encoding) {
        boolean known;
        try {
            known = Charset.isSupported(encoding);
        } catch (IllegalCharsetNameException e) {
            known = false;
        }
        Require.that(
                known,
                "--encoding must be the name of a character set, such as UTF-8, ISO-8859-1 or UTF-16, but is \""
                        + encoding + "\"");
    }

    /** The options that were given. */
    public List<String> given() {
        List<String> names = new ArrayList<>();
        add(names, "--delimiter", delimiter);
        add(names, "--encoding", encoding);
        add(names, "--quote", quote);
        add(names, "--escape", escape);
        add(names, "--multi-line", multiLine ? true : null);
        add(names, "--null-value", nullValue);
        add(names, "--decimal", decimal);
        add(names, "--header", header);
        return names;
    }

    private static void add(List<String> names, String name, @Nullable Object value) {
        if (value != null) {
            names.add(name);
        }
    }

    Charset charset() {
        return encoding == null ? StandardCharsets.UTF_8 : Charset.forName(encoding);
    }

    char separator() {
        return delimiter == null ? ',' : delimiter.charAt(0);
    }

    /** The quote, or NUL for none. */
    char quoteCharacter() {
        return quote == null ? '"' : quote.isEmpty() ? 0 : quote.charAt(0);
    }

    /** The escape; by default a quote within quotes is doubled. */
    char escapeCharacter() {
        return escape == null ? quoteCharacter() : escape.charAt(0);
    }

    boolean hasHeader() {
        return header == null || header;
    }

    /** Whether a file must be read as a whole: Spark looks for lines in bytes, and in UTF-16 finds none. */
    boolean readsWholeFiles() {
        return multiLine || !Arrays.equals("\n".getBytes(charset()), new byte[] {'\n'});
    }
}
