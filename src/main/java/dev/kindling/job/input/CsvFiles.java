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

    /** Files whose headers have the same names in the same order. */
    private record Part(List<String> names, List<String> paths) {}

    /** The parts with the values as they were written, also those of folders named COLUMN=VALUE. */
    public List<Dataset<Row>> texts() throws IOException {
        return parts().stream().map(this::read).toList();
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

    /** The names of the columns, as Spark would name them. */
    private List<String> names(CsvHead head) {
        Row values = reader(spark, options)
                .option("header", false)
                .csv(spark.createDataset(List.of(head.record), Encoders.STRING()))
                .first();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            String name = options.hasHeader() && !values.isNullAt(i) ? values.getString(i) : "";
            names.add(name.isEmpty() ? "_c" + i : name);
        }
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
        StructType types = new StructType();
        if (files.partitions().isEmpty()) {
            for (String name : part.names) {
                types = types.add(name, DataTypes.StringType);
            }
        } else {
            StructType found = reader.csv(paths).schema(); // Spark says where the folders' columns are
            types = InputFiles.texts(found, Set.of(found.fieldNames()));
        }
        return reader.schema(types.add(MALFORMED, DataTypes.StringType)).csv(paths);
    }
}
