package dev.kindling.job.input;

import dev.kindling.linalg.InvalidInput;
import dev.kindling.table.cache.CachedTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
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

    /** Files whose headers have the same names in the same order. */
    private record Part(List<String> names, List<String> paths) {}

    /**
     * The values as they were written, also those of folders named COLUMN=VALUE.
     *
     * @param inOrder whether the rows of several files must come in the order of their paths
     * @param joined makes one data set of those that Spark reads
     */
    public CachedTable table(boolean inOrder, Function<List<Dataset<Row>>, Dataset<Row>> joined) throws IOException {
        List<Part> parts = parts();
        boolean asLines = parts.size() == 1
                && files.partitions().isEmpty()
                && (!inOrder || files.files().size() == 1)
                && CsvLines.canRead(options);
        if (!asLines) {
            return CachedTable.of(joined.apply(parts.stream().map(this::read).toList()), files.bytes());
        }
        List<String> names = parts.get(0).names;
        return CachedTable.of(spark, schema(names), CsvLines.read(spark, files, options, names.size()), files.bytes());
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

    private List<Part> parts() throws IOException {
        List<CsvHead> heads = CsvHeads.of(spark, files, options);
        if (heads.isEmpty()) {
            throw new InvalidInput(files + " must have a header line, but is empty");
        }
        List<String> all = List.of(files.uris());
        CsvHead first = heads.get(0);
        if (!options.hasHeader()) {
            return List.of(new Part(names(first), all));
        }
        Map<String, List<String>> names = new HashMap<>(); // by the header, which mostly is one
        Map<List<String>, List<String>> paths = new LinkedHashMap<>(); // by the names
        for (CsvHead head : heads) {
            List<String> own = names.computeIfAbsent(head.record, record -> names(head));
            paths.computeIfAbsent(own, order -> new ArrayList<>()).add(InputFiles.escaped(new Path(head.file)));
            requireSame(first, paths.keySet().iterator().next(), head, own);
        }
        return paths.entrySet().stream()
                .map(part -> new Part(part.getKey(), paths.size() == 1 ? all : part.getValue()))
                .toList();
    }

    /** The names of the columns, as Spark names them: {@code _c1} for none, {@code x0, X2} for {@code x} and {@code X}. */
    private List<String> names(CsvHead head) {
        String[] values = CsvLines.parser(options).parseLine(head.record);
        List<String> names = new ArrayList<>();
        Set<String> seen = new HashSet<>(); // in lower case
        Set<String> repeated = new HashSet<>();
        for (String value : values) {
            boolean isNamed = options.hasHeader() && value != null && !value.equals(options.nullValue());
            String name = isNamed ? value : "";
            names.add(name);
            if (!seen.add(lower(name))) {
                repeated.add(lower(name));
            }
        }
        for (int i = 0; i < values.length; i++) {
            String name = names.get(i);
            if (name.isEmpty()) {
                names.set(i, "_c" + i);
            } else if (repeated.contains(lower(name))) {
                names.set(i, name + i);
            }
        }
        requireSeparated(head, names);
        if (options.hasHeader()) {
            requireNames(head, names);
        }
        return names;
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
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
        DistinctNames.require(names);
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

    private Dataset<Row> read(Part part) {
        DataFrameReader reader = reader(spark, options).options(files.options());
        String[] paths = part.paths.toArray(new String[0]);
        if (files.partitions().isEmpty()) {
            return reader.schema(schema(part.names)).csv(paths);
        }
        StructType found = reader.csv(paths).schema(); // Spark says where the folders' columns are
        return reader.schema(schema(List.of(found.fieldNames()))).csv(paths);
    }

    private static StructType schema(List<String> names) {
        StructType schema = new StructType();
        for (String name : names) {
            schema = schema.add(name, DataTypes.StringType);
        }
        return schema.add(MALFORMED, DataTypes.StringType);
    }
}
