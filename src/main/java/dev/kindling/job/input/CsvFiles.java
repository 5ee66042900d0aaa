package dev.kindling.job.input;

import dev.kindling.linalg.InvalidInput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * CSV files, read by each file's own header: Spark matches all files by position with the header of the first. Files whose
 * headers have the same order are one data set, the part that one read of Spark's makes.
 */
public final class CsvFiles {
    /** The column that holds a line with too few or too many values. */
    public static final String MALFORMED = "kindling_malformed";

    private static final Pattern DECIMAL = Pattern.compile("[-+]?\\d*\\.\\d+([eE][-+]?\\d+)?");

    private final SparkSession spark;
    private final InputFiles files;
    private final CsvOptions options;

    public CsvFiles(SparkSession spark, InputFiles files, CsvOptions options) {
        this.spark = spark;
        this.files = files;
        this.options = options;
    }

    /** The parts with the values as they were written, also those of folders named COLUMN=VALUE. */
    public List<Dataset<Row>> texts() throws IOException {
        List<String[]> parts = parts();
        if (parts.isEmpty()) {
            throw empty();
        }
        StructType types = reader(spark, options)
                .options(files.options())
                .csv(parts.get(0))
                .schema();
        return read(parts, InputFiles.texts(types, Set.of(types.fieldNames())));
    }

    private InvalidInput empty() {
        return new InvalidInput(files + " must have a header line, but is empty");
    }

    /** Spark's reader with these options. */
    public static DataFrameReader reader(SparkSession spark, CsvOptions options) {
        DataFrameReader reader = spark.read()
                .option("header", options.hasHeader())
                .option("sep", String.valueOf(options.separator()))
                .option("encoding", options.charset().name())
                .option("quote", options.quote() == null ? "\"" : options.quote())
                .option("escape", String.valueOf(options.escapeCharacter()))
                .option("multiLine", options.readsWholeFiles())
                .option("ignoreLeadingWhiteSpace", true)
                .option("ignoreTrailingWhiteSpace", true)
                .option("columnPruning", false) // otherwise lines with too many values go unnoticed
                .option("columnNameOfCorruptRecord", MALFORMED);
        return options.nullValue() == null ? reader : reader.option("nullValue", options.nullValue());
    }

    /** The paths of each part. */
    private List<String[]> parts() throws IOException {
        List<CsvHead> heads = CsvHeads.of(spark, files, options);
        if (heads.isEmpty()) {
            return List.of();
        }
        CsvHead first = heads.get(0);
        if (!options.hasHeader()) {
            names(first);
            return List.<String[]>of(files.uris());
        }
        Map<String, List<String>> names = new HashMap<>(); // by the header, which mostly is one
        Map<List<String>, List<String>> parts = new LinkedHashMap<>(); // paths by the names
        for (CsvHead head : heads) {
            List<String> own = names.computeIfAbsent(head.record, record -> names(head));
            parts.computeIfAbsent(own, order -> new ArrayList<>()).add(InputFiles.escaped(new Path(head.file)));
            requireSame(first, parts.keySet().iterator().next(), head, own);
        }
        return parts.size() == 1
                ? List.<String[]>of(files.uris())
                : parts.values().stream()
                        .map(paths -> paths.toArray(new String[0]))
                        .toList();
    }

    /** The names of the columns, as Spark would name them. */
    private List<String> names(CsvHead head) {
        List<String> names = List.of(reader(spark, options)
                .csv(spark.createDataset(List.of(head.record), Encoders.STRING()))
                .columns());
        requireSeparated(head, names);
        if (options.hasHeader()) {
            requireNames(head, names);
        }
        return names;
    }

    private void requireSeparated(CsvHead head, List<String> names) {
        if (names.size() > 1 || options.delimiter() != null) {
            return;
        }
        for (String other : List.of(";", "\t", "|")) {
            if (head.record.contains(other)) {
                throw new InvalidInput(shown(head) + " must have values between commas, but begins with \"" + line(head)
                        + "\"; --delimiter '" + (other.equals("\t") ? "\\t" : other) + "' reads it");
            }
        }
    }

    private void requireNames(CsvHead head, List<String> names) {
        if (options.header() == null
                && names.stream().anyMatch(name -> DECIMAL.matcher(name).matches())) {
            throw new InvalidInput(
                    shown(head) + " must begin with a line of column names, but begins with \"" + line(head)
                            + "\"; --header false reads it without names, and --header true takes these for names");
        }
        Row own = reader(spark, options) // Spark renames what it takes for one name
                .option("header", false)
                .csv(spark.createDataset(List.of(head.record), Encoders.STRING()))
                .first();
        DistinctNames.require(IntStream.range(0, own.size())
                .filter(i -> !own.isNullAt(i))
                .mapToObj(own::getString)
                .toList());
    }

    private static void requireSame(CsvHead first, List<String> expected, CsvHead head, List<String> names) {
        if (!new HashSet<>(names).equals(new HashSet<>(expected))) {
            throw new InvalidInput(shown(head) + " must have the columns of " + shown(first) + ", \"" + line(first)
                    + "\", but begins with \"" + line(head) + "\"");
        }
    }

    private static String shown(CsvHead head) {
        return CsvHead.shown(new Path(head.file));
    }

    private static String line(CsvHead head) {
        return InvalidInput.value(RawLines.cut(head.record));
    }

    private List<Dataset<Row>> read(List<String[]> parts, StructType types) {
        List<Dataset<Row>> read = new ArrayList<>();
        for (String[] paths : parts) {
            StructType own = types;
            if (parts.size() > 1) {
                own = new StructType();
                for (String name : reader(spark, options)
                        .options(files.options())
                        .csv(paths)
                        .columns()) {
                    own = own.add(types.apply(name));
                }
            }
            read.add(reader(spark, options)
                    .options(files.options())
                    .schema(own.add(MALFORMED, DataTypes.StringType))
                    .csv(paths));
        }
        return read;
    }
}
