package dev.kindling.job.input;

import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import com.univocity.parsers.csv.UnescapedQuoteHandling;
import dev.kindling.table.cache.BlockBuilder;
import dev.kindling.table.cache.BlockRow;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/**
 * Reads lines of CSV into blocks, with the values of Spark's reader: lines that are plain are cut here, eight bytes at a time, without an
 * object for each value, and all others by the parser that Spark uses.
 */
final class CsvLines implements FlatMapFunction<Iterator<Row>, BlockRow> {
    private static final long serialVersionUID = 1L;
    private static final int ASCII = 0x80;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L; // a 1 in each of eight bytes
    private static final long UPPERMOST = 0x8080808080808080L; // their uppermost bits
    private static final long LOWER = ~UPPERMOST; // their other bits
    private static final int MOST_COLUMNS = 20_480;

    /** A number for the file if the line is of its first part, which begins with the header. */
    private static final String BEGINS = "if(_metadata.file_block_start = 0, xxhash64(_metadata.file_path), null)";

    private final CsvOptions options;
    private final int columns; // before that of malformed lines

    private CsvLines(CsvOptions options, int columns) {
        this.options = options;
        this.columns = columns;
    }

    /** Whether lines can be found in bytes, and values in a line. */
    static boolean canRead(CsvOptions options) {
        return !options.readsWholeFiles()
                && options.charset().equals(StandardCharsets.UTF_8)
                && options.separator() < ASCII
                && (options.separator() > ' ' || options.separator() == '\t');
    }

    /**
     * The rows of files that have these columns in this order, and a last one for a line with too few or too many values.
     *
     * @param columns the number of columns
     */
    static JavaRDD<BlockRow> read(SparkSession spark, InputFiles files, CsvOptions options, int columns) {
        return spark.read()
                .options(files.options())
                .text(files.uris())
                .selectExpr("cast(value as binary)", BEGINS)
                .toJavaRDD()
                .mapPartitions(new CsvLines(options, columns));
    }

    /** The parser that Spark uses, with the settings of {@link CsvFiles#reader} and Spark's defaults. */
    static CsvParser parser(CsvOptions options) {
        CsvParserSettings settings = new CsvParserSettings();
        settings.getFormat().setDelimiter(options.separator());
        settings.getFormat().setQuote(options.quoteCharacter());
        settings.getFormat().setQuoteEscape(options.escapeCharacter());
        settings.setCommentProcessingEnabled(false);
        settings.setIgnoreLeadingWhitespaces(true);
        settings.setIgnoreTrailingWhitespaces(true);
        settings.setReadInputOnSeparateThread(false);
        settings.setMaxColumns(MOST_COLUMNS);
        settings.setMaxCharsPerColumn(-1); // any number
        settings.setNullValue(options.nullValue() == null ? "" : options.nullValue());
        settings.setEmptyValue("");
        settings.setUnescapedQuoteHandling(UnescapedQuoteHandling.STOP_AT_DELIMITER);
        return new CsvParser(settings);
    }

    @Override
    public Iterator<BlockRow> call(Iterator<Row> lines) {
        Cutter cutter = new Cutter(options, columns);
        return new Iterator<>() {
            private @Nullable Object begun; // the file whose header was passed over
            private byte @Nullable [] line;

            @Override
            public boolean hasNext() {
                while (line == null && lines.hasNext()) {
                    Row next = lines.next();
                    byte[] bytes = next.getAs(0);
                    if (isBlank(bytes)) {
                        continue;
                    }
                    if (options.hasHeader() && !next.isNullAt(1) && !next.get(1).equals(begun)) {
                        begun = next.get(1);
                    } else {
                        line = bytes;
                    }
                }
                return line != null;
            }

            @Override
            public BlockRow next() {
                if (!hasNext() || line == null) {
                    throw new NoSuchElementException();
                }
                cutter.line = line;
                line = null;
                return cutter;
            }
        };
    }

    private static boolean isBlank(byte[] line) {
        for (byte character : line) {
            if (character < 0 || character > ' ') {
                return false;
            }
        }
        return true;
    }

    /** Cuts one line after another. */
    private static final class Cutter implements BlockRow {
        private final CsvOptions options;
        private final byte separator;
        private final byte quote; // the separator if it is not in ASCII
        private final byte escape; // likewise
        private final boolean inAscii; // whether both are
        private final int columns;
        private final int[] from;
        private final int[] to;
        private int found; // values of the line by now
        private int begin; // of the next one
        private final String nullValue;
        private final byte[] nullBytes;
        private @Nullable CsvParser parser; // once there was a line that is not plain
        byte[] line = {};

        Cutter(CsvOptions options, int columns) {
            this.options = options;
            this.separator = (byte) options.separator();
            this.columns = columns;
            this.from = new int[columns];
            this.to = new int[columns];
            this.nullValue = options.nullValue() == null ? "" : options.nullValue();
            this.nullBytes = nullValue.getBytes(StandardCharsets.UTF_8);
            quote = options.quoteCharacter() < ASCII ? (byte) options.quoteCharacter() : separator;
            escape = options.escapeCharacter() < ASCII ? (byte) options.escapeCharacter() : separator;
            inAscii = options.quoteCharacter() < ASCII && options.escapeCharacter() < ASCII;
        }

        @Override
        public void addTo(BlockBuilder block) {
            if (!cut()) {
                parse(new String(line, StandardCharsets.UTF_8), block);
                return;
            }
            for (int j = 0; j < columns; j++) {
                if (isNull(from[j], to[j])) {
                    block.addNull(j);
                } else {
                    block.addText(j, line, from[j], to[j]);
                }
            }
            block.addNull(columns);
        }

        /**
         * Finds the values of a line without quotes, escapes and control characters that has as many as there are columns. Where not
         * all of these are in ASCII, takes lines in ASCII only.
         */
        private boolean cut() {
            byte[] bytes = line;
            found = 0;
            begin = 0;
            long others = 0; // has the uppermost bit of a byte where some character is not in ASCII
            int i = 0;
            for (; i <= bytes.length - Long.BYTES; i += Long.BYTES) {
                long eight = (long) LONGS.get(bytes, i);
                long separators = where(eight, separator);
                if ((marked(eight) & ~separators) != 0) {
                    return false;
                }
                others |= eight;
                for (; separators != 0; separators &= separators - 1) {
                    if (!end(i + Long.numberOfTrailingZeros(separators) / Byte.SIZE)) {
                        return false;
                    }
                }
            }
            for (; i < bytes.length; i++) {
                long one = bytes[i] & 0xffL;
                others |= one;
                if (bytes[i] == separator ? !end(i) : (marked(one) & ASCII) != 0) {
                    return false;
                }
            }
            boolean isAscii = (others & UPPERMOST) == 0;
            return end(bytes.length) && found == columns && (isAscii || (inAscii && CsvHead.isUtf8(bytes)));
        }

        /** The uppermost bit of those of eight bytes that are control characters, quotes or escapes in ASCII. */
        private long marked(long eight) {
            long control = ~((eight & LOWER) + (0x80 - ' ') * ONES) & ~eight & UPPERMOST;
            return control | where(eight, quote) | where(eight, escape);
        }

        /** The uppermost bit of those of eight bytes that are a given one. */
        private static long where(long eight, byte one) {
            long other = eight ^ (one & 0xffL) * ONES;
            return ~((other & LOWER) + LOWER | other) & UPPERMOST;
        }

        /** Ends a value, without spaces around it. Returns whether it is one of the columns'. */
        private boolean end(int place) {
            if (found == columns) {
                return false;
            }
            int first = begin;
            int after = place;
            while (first < after && line[first] == ' ') {
                first++;
            }
            while (first < after && line[after - 1] == ' ') {
                after--;
            }
            from[found] = first;
            to[found++] = after;
            begin = place + 1;
            return true;
        }

        private boolean isNull(int start, int end) {
            return start == end || Arrays.equals(line, start, end, nullBytes, 0, nullBytes.length);
        }

        private void parse(String text, BlockBuilder block) {
            CsvParser known = parser == null ? parser(options) : parser;
            parser = known;
            String[] values = known.parseLine(text);
            int found = values == null ? 0 : values.length;
            for (int j = 0; j < columns; j++) {
                if (j >= found || values[j] == null || values[j].equals(nullValue)) {
                    block.addNull(j);
                } else {
                    addText(block, j, values[j]);
                }
            }
            if (found == columns) {
                block.addNull(columns);
            } else {
                addText(block, columns, text);
            }
        }

        private static void addText(BlockBuilder block, int column, String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            block.addText(column, bytes, 0, bytes.length);
        }
    }
}
