package dev.kindling.job.io;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.monotonically_increasing_id;

import dev.kindling.job.storage.Failure;
import dev.kindling.job.storage.Storage;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Require;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** A data set at a path, in one of four formats. */
public final class DataSource {
    /** The column that holds a CSV line with too few or too many values. */
    static final String MALFORMED = "kindling_malformed";

    private static final String VECTOR_SIZE = "numFeatures"; // an option and a metadata key of Spark's libsvm source
    private static final String BUNDLED = "bundled:";
    private static final List<String> BUNDLED_NAMES = List.of("breast_cancer", "diabetes", "digits");

    private final SparkSession spark;
    private final String given;
    private final Format format;
    private final @Nullable Storage storage; // null for bundled data

    /** A file format. */
    public enum Format {
        CSV,
        PARQUET,
        LIBSVM,
        IDX;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The format that the file's name suggests. */
        public static Format of(String name) {
            String plain = name.toLowerCase(Locale.ROOT).replaceFirst("\\.(gz|bz2|zst)$", "");
            if (plain.endsWith(".parquet")) {
                return PARQUET;
            }
            if (plain.endsWith(".libsvm") || plain.endsWith(".svm")) {
                return LIBSVM;
            }
            return plain.endsWith("ubyte") || plain.endsWith(".idx") ? IDX : CSV;
        }

        /** Whether the format itself defines the label column, {@code label}. */
        public boolean namesLabel() {
            return this == LIBSVM || this == IDX;
        }
    }

    /**
     * The data of a source.
     *
     * @param isText whether all columns are text that must be cast
     * @param count the number of rows if the format states it and cannot hold bad values; otherwise {@link #UNKNOWN}
     */
    public record Data(Dataset<Row> rows, boolean isText, long count) {
        static final long UNKNOWN = -1;

        Data(Dataset<Row> rows, boolean isText) {
            this(rows, isText, UNKNOWN);
        }

        /** The columns of the data, without those that reading added. */
        public StructType columns() {
            return new StructType(Arrays.stream(rows.schema().fields())
                    .filter(field -> !field.name().equals(MALFORMED))
                    .toArray(StructField[]::new));
        }

        /** The size of the vectors if the format states it, otherwise 0. */
        public int vectorSize() {
            for (StructField field : rows.schema().fields()) {
                if (field.metadata().contains(VECTOR_SIZE)) {
                    return Math.toIntExact(field.metadata().getLong(VECTOR_SIZE));
                }
            }
            return 0;
        }
    }

    private DataSource(SparkSession spark, String given, Format format, @Nullable Storage storage) {
        this.spark = spark;
        this.given = given;
        this.format = format;
        this.storage = storage;
    }

    /**
     * The source at a path.
     *
     * @param format null to choose it by the file's name
     * @throws InvalidInput if the path does not exist
     */
    public static DataSource of(SparkSession spark, String path, @Nullable Format format) throws IOException {
        if (path.startsWith(BUNDLED)) {
            Require.oneOf(path.substring(BUNDLED.length()), BUNDLED_NAMES, "bundled data set");
            return new DataSource(spark, path, Format.CSV, null);
        }
        Storage storage = Storage.of(spark, path);
        Require.that(storage.matches(), "there is no file or folder " + storage);
        return new DataSource(spark, path, format == null ? guess(storage) : format, storage);
    }

    /** Where data at a path are; null for those in the job jar. */
    public static @Nullable Storage place(SparkSession spark, String path) throws IOException {
        return path.startsWith(BUNDLED) ? null : Storage.of(spark, path);
    }

    private static Format guess(Storage storage) throws IOException {
        Format byName = Format.of(storage.name());
        if (byName == Format.CSV && storage.isFolder()) {
            return storage.names().stream()
                    .filter(name -> !name.startsWith("_") && !name.startsWith("."))
                    .findFirst()
                    .map(Format::of)
                    .orElse(byName);
        }
        return byName;
    }

    public Format format() {
        return format;
    }

    /** Reads training data: the types of CSV columns are inferred from their values. */
    public Data forTraining() throws IOException {
        return switch (format) {
            case CSV -> new Data(csv(true), false);
            case PARQUET -> new Data(parquet(), false);
            case LIBSVM -> new Data(libsvm(0), false);
            case IDX -> IdxFiles.read(spark, given, true);
        };
    }

    /**
     * Reads data for a model that knows the kinds of its columns: CSV columns are text, rows are in a stable order.
     *
     * @param vectorSize the model's number of features if it was trained on a single vector column; otherwise 0
     */
    public Data forModel(int vectorSize, boolean labelled) throws IOException {
        return switch (format) {
            case CSV -> new Data(inOrder(csv(false)), true);
            case PARQUET -> new Data(inOrder(parquet()), false);
            case LIBSVM -> new Data(inOrder(libsvm(vectorSize)), false);
            case IDX -> IdxFiles.read(spark, given, labelled);
        };
    }

    private String uri() {
        return storage == null ? given : storage.uri();
    }

    private Dataset<Row> csv(boolean typed) throws IOException {
        StructType schema =
                reading(() -> csv(csvReader().option("inferSchema", typed)).schema());
        Require.that(!schema.isEmpty(), this + " must have a header line, but is empty");
        requireDistinctHeader();
        return csv(csvReader().schema(schema.add(MALFORMED, DataTypes.StringType)));
    }

    /** Spark's reader would rename what it takes for one name. */
    private void requireDistinctHeader() throws IOException {
        Row header = reading(() -> csv(csvReader().option("header", false)).first());
        List<String> names = new ArrayList<>();
        for (int i = 0; i < header.size(); i++) {
            if (!header.isNullAt(i)) {
                names.add(header.getString(i));
            }
        }
        InputColumns.requireDistinct(names);
    }

    private Dataset<Row> csv(DataFrameReader reader) throws IOException {
        return storage == null ? reader.csv(bundled()) : reader.csv(uri());
    }

    private DataFrameReader csvReader() {
        return spark.read()
                .option("header", true)
                .option("escape", "\"") // RFC 4180: a quote inside quotes is doubled
                .option("ignoreLeadingWhiteSpace", true)
                .option("ignoreTrailingWhiteSpace", true)
                .option("columnPruning", false) // otherwise lines with too many values go unnoticed
                .option("columnNameOfCorruptRecord", MALFORMED);
    }

    private Dataset<String> bundled() throws IOException {
        String resource = "/dev/kindling/" + given.substring(BUNDLED.length()) + ".csv.gz";
        try (InputStream in = DataSource.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException("the jar lacks " + resource);
            }
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(new GZIPInputStream(in), StandardCharsets.UTF_8));
            return spark.createDataset(lines.lines().toList(), Encoders.STRING());
        }
    }

    private Dataset<Row> parquet() throws IOException {
        return reading(() -> spark.read().parquet(uri()));
    }

    private Dataset<Row> libsvm(int vectorSize) throws IOException {
        int size = reading(
                () -> LibsvmLines.largestIndex(spark.read().textFile(uri()).toJavaRDD(), this));
        Require.that(Math.max(size, vectorSize) > 0, this + " must have rows with index:value pairs, but has none");
        Require.that(
                vectorSize == 0 || size <= vectorSize,
                this + " must have indices up to " + vectorSize + ", the number of features of the model, but has "
                        + size);
        return spark.read()
                .format("libsvm")
                .option(VECTOR_SIZE, Math.max(size, vectorSize))
                .load(uri());
    }

    /**
     * Sorts several files by name and position, because Spark orders files by size and splits them by the number of
     * cores.
     */
    private Dataset<Row> inOrder(Dataset<Row> rows) {
        if (rows.inputFiles().length < 2) {
            return rows;
        }
        return rows.orderBy(
                col("_metadata.file_path"), col("_metadata.file_block_start"), monotonically_increasing_id());
    }

    /** Runs a read, and reports unreadable data as a user error. */
    <T> T reading(Reading<T> reading) throws IOException {
        try {
            return reading.read();
        } catch (Exception e) {
            if (Failure.of(e).isBadInput() || Failure.cancelled(e).isPresent()) {
                throw e;
            }
            throw new InvalidInput(
                    this + " must be readable as " + format + ", but: " + InvalidInput.value(Failure.rootSentence(e)));
        }
    }

    /** A read. */
    interface Reading<T> {
        T read() throws IOException;
    }

    /** The path as the user wrote it. */
    @Override
    public String toString() {
        return storage == null ? given : storage.toString();
    }
}
