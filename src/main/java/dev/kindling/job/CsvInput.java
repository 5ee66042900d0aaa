package dev.kindling.job;

import dev.kindling.job.input.CsvOptions;
import dev.kindling.job.input.DecimalMark;
import dev.kindling.linalg.InvalidInput;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say how CSV is written. */
final class CsvInput {
    @Option(
            names = "--delimiter",
            paramLabel = "C",
            description = "CSV: the character between values; \\t or tab: a tab. Default: ,")
    @Nullable
    private String delimiter;

    @Option(
            names = "--encoding",
            paramLabel = "NAME",
            description = "CSV: the character set, such as ISO-8859-1 or UTF-16. Default: UTF-8")
    @Nullable
    private String encoding;

    @Option(
            names = "--quote",
            paramLabel = "C",
            description = "CSV: the character around values that hold others; '': none. Default: \"")
    @Nullable
    private String quote;

    @Option(
            names = "--escape",
            paramLabel = "C",
            description =
                    "CSV: the character before a quote within quotes, such as \\. Default: the quote, which is doubled")
    @Nullable
    private String escape;

    @Option(
            names = "--multi-line",
            description = "CSV: values within quotes may hold line breaks; one task reads a file")
    private boolean multiLine;

    @Option(
            names = "--null-value",
            paramLabel = "TEXT",
            description = "CSV: the text of a missing value, such as NA, besides the empty one")
    @Nullable
    private String nullValue;

    @Option(
            names = "--decimal",
            paramLabel = "C",
            description =
                    "CSV: the decimal mark of numbers, . or ,; the other mark, spaces and ' may then separate thousands."
                            + " Default: . and no such marks")
    @Nullable
    private String decimal;

    @Option(
            names = "--header",
            arity = "1",
            paramLabel = "BOOLEAN",
            description =
                    "CSV: whether files begin with column names; false: columns are named _c0, _c1, … Default: true")
    @Nullable
    private Boolean header;

    CsvOptions options() {
        return new CsvOptions(delimiter, encoding, quote, escape, multiLine, nullValue, mark(), header);
    }

    private @Nullable DecimalMark mark() {
        if (decimal == null) {
            return null;
        }
        for (DecimalMark mark : DecimalMark.values()) {
            if (decimal.equals(mark.toString())) {
                return mark;
            }
        }
        throw new InvalidInput("--decimal must be . or , but is \"" + decimal + "\"");
    }
}
