package dev.kindling.job.input;

import static org.apache.spark.sql.functions.col;

import dev.kindling.linalg.InvalidInput;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the lines of CSV files as they were written. Spark's reader puts U+FFFD for what it cannot decode, and takes a value
 * whose closing quote is on the next line for a whole one: both leave values that merely look doubtful, and the lines tell.
 */
public final class RawLines implements FlatMapFunction<Iterator<Row>, String> {
    private static final long serialVersionUID = 1L;
    private static final int SHOWN = 60;
    private static final String ESCAPE = "; --escape '\\' reads a quote after a backslash";
    private static final String MULTI_LINE = "; --multi-line reads line breaks within quotes";

    private final CsvOptions options;

    private RawLines(CsvOptions options) {
        this.options = options;
    }

    /** Whether a value that was read asks for a look at the lines. */
    public static boolean isDoubtful(String value, CsvOptions options) {
        return value.indexOf('\uFFFD') >= 0 || value.indexOf(options.quoteCharacter()) >= 0;
    }

    /** The characters of such values. */
    public static List<String> doubtful(CsvOptions options) {
        return List.of("\uFFFD", String.valueOf(options.quoteCharacter()));
    }

    /**
     * Refuses files whose lines cannot be what was read.
     *
     * @throws InvalidInput with the file, the line and the option that reads it
     */
    public static void requireSound(SparkSession spark, InputFiles files, CsvOptions options) {
        if (options.readsWholeFiles() && !options.charset().equals(StandardCharsets.UTF_8)) {
            return; // lines cannot be found in bytes
        }
        List<String> problems = spark.read()
                .options(files.options())
                .text(files.uris())
                .select(col("value").cast("binary"), col("_metadata.file_path"))
                .toJavaRDD()
                .mapPartitions(new RawLines(options))
                .take(1);
        if (!problems.isEmpty()) {
            throw new InvalidInput(problems.get(0));
        }
    }

    @Override
    public Iterator<String> call(Iterator<Row> lines) {
        List<String> problems = new ArrayList<>();
        while (lines.hasNext() && problems.isEmpty()) {
            Row line = lines.next();
            String problem = problem(line.getAs(0), line.getString(1));
            if (problem != null) {
                problems.add(problem);
            }
        }
        return problems.iterator();
    }

    private @Nullable String problem(byte[] bytes, String uri) {
        String file = CsvHead.shown(new Path(URI.create(uri)));
        if (options.charset().equals(StandardCharsets.UTF_8) && !CsvHead.isUtf8(bytes)) {
            return CsvHead.undecodable(file, StandardCharsets.UTF_8, new String(bytes, StandardCharsets.ISO_8859_1));
        }
        String line = new String(bytes, options.charset());
        if (line.indexOf('\uFFFD') >= 0 && !options.charset().equals(StandardCharsets.UTF_8)) {
            return CsvHead.undecodable(file, options.charset(), line);
        }
        String hint = options.multiLine() ? "" : hint(line, options);
        return hint.isEmpty()
                ? null
                : "each row of " + file + " must be one line with quotes that end, but one is not: \""
                        + InvalidInput.value(cut(line)) + "\"" + hint;
    }

    /** The option that reads a line, if quotes in it do not end as they should; otherwise empty. */
    public static String hint(String line, CsvOptions options) {
        char quote = options.quoteCharacter();
        char escape = options.escapeCharacter();
        boolean inside = false;
        boolean begins = true; // a value
        for (int i = 0; i < line.length(); i++) {
            char character = line.charAt(i);
            char next = i + 1 < line.length() ? line.charAt(i + 1) : 0;
            if (inside && escape != quote && character == escape) {
                i++;
            } else if (inside && character == quote) {
                if (escape == quote && next == quote) {
                    i++;
                } else if (escape == quote && line.charAt(i - 1) == '\\' && !endsValue(line, i + 1, options)) {
                    return ESCAPE;
                } else {
                    inside = false;
                }
            } else if (begins && character == quote && quote != 0) {
                inside = true;
            }
            begins = !inside && (character == options.separator() || (begins && character == ' '));
        }
        if (!inside || options.multiLine()) {
            return "";
        }
        return escape == quote && line.contains("\\" + quote) ? ESCAPE : MULTI_LINE;
    }

    private static boolean endsValue(String line, int from, CsvOptions options) {
        int place = from;
        while (place < line.length() && line.charAt(place) == ' ') {
            place++;
        }
        return place == line.length() || line.charAt(place) == options.separator();
    }

    /** A text of the data, short enough for a message. */
    public static String cut(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    }
}
