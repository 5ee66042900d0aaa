package dev.kindling.job.io;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.monotonically_increasing_id;

import dev.kindling.job.input.CsvFiles;
import dev.kindling.job.input.CsvOptions;
import dev.kindling.job.input.CsvTypes;
import dev.kindling.job.input.Format;
import dev.kindling.job.input.InputFiles;
import dev.kindling.job.input.LibsvmLines;
import dev.kindling.job.input.RawLines;
import dev.kindling.job.input.ReadProgress;
import dev.kindling.job.storage.Failure;
import dev.kindling.job.storage.Storage;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Require;
import dev.kindling.table.cache.CachedTable;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** A data set at a path, in one of four formats. */
public final class DataSource {
    private static final String VECTOR_SIZE = "numFeatures"; // an option and a metadata key of Spark's libsvm source
    private static final String BUNDLED = "bundled:";
    private static final List<String> BUNDLED_NAMES = List.of("breast_cancer", "diabetes", "digits");
    private static final String FILE = "kindling_file";
    private static final String START = "kindling_start";
    private static final String ROW = "kindling_row";

    private final SparkSession spark;
    private final String given;
    private final Format format;
    private final @Nullable InputFiles files; // null for bundled data
    private final CsvOptions csv;

    /**
     * The data of a source.
     *
     * @param csv how CSV was read; null for other formats
     * @param isText whether all columns are text that must be cast
     * @param partitions the number of columns that are no values of a line, but names of folders
     * @param count the number of rows if the format states it and cannot hold bad values; otherwise {@link #UNKNOWN}
     * @param cached what the rows are read from once they have been read; null if they are not cached
     * @param labels a row for each different value of the label, without other columns' values; null if they are many or a line is malformed
     */
    public record Data(
            Dataset<Row> rows,
            @Nullable CsvOptions csv,
            boolean isText,
            int partitions,
            long count,
            @Nullable CachedTable cached,
            @Nullable Data labels) {
        static final long UNKNOWN = -1;

        Data(Dataset<Row> rows, long count) {
            this(rows, null, false, 0, count, null, null);
        }

        private Data select(Column[] typed, @Nullable Data labels) {
            return new Data(rows.select(typed), csv, false, partitions, count, cached, labels);
        }

        /** The columns of the data, without those that reading added. */
        public StructType columns() {
            return new StructType(Arrays.stream(rows.schema().fields())
                    .filter(field -> !field.name().equals(CsvFiles.MALFORMED))
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

    private DataSource(SparkSession spark, String given, Format format, @Nullable InputFiles files, CsvOptions csv) {
        this.spark = spark;
        this.given = given;
        this.format = format;
        this.files = files;
        this.csv = csv;
    }

    /**
     * The source at a path.
     *
     * @param format null to choose it by the files
     * @throws InvalidInput if the path does not exist, or if CSV's options are given for another format
     */
    public static DataSource of(SparkSession spark, String path, @Nullable Format format, CsvOptions csv)
            throws IOException {
        if (path.startsWith(BUNDLED)) {
            Require.oneOf(path.substring(BUNDLED.length()), BUNDLED_NAMES, "bundled data set");
            requireNone(csv, path + " is none");
            return new DataSource(spark, path, Format.CSV, null, csv);
        }
        InputFiles files = Storage.of(spark, path).inputFiles();
        Format chosen = format == null ? files.guess() : format;
        if (chosen != Format.CSV) {
            requireNone(csv, files + " is read as " + chosen);
        }
        return new DataSource(spark, path, chosen, files, csv);
    }

    private static void requireNone(CsvOptions csv, String instead) {
        Require.that(
                csv.given().isEmpty(),
                String.join(", ", csv.given()) + " must be given for CSV files only, but " + instead);
    }

    /** Where data at a path are; null for those in the job jar. */
    public static @Nullable Storage place(SparkSession spark, String path) throws IOException {
        return path.startsWith(BUNDLED) ? null : Storage.of(spark, path);
    }

    public Format format() {
        return format;
    }

    /**
     * Reads training data.
     *
     * @param typed the CSV columns whose types are inferred from their values; others are texts, unless there is a decimal mark
     */
    public Data forTraining(Set<String> typed) throws IOException {
        cutEvenly();
        return switch (format) {
            case CSV -> typed(data(csv(false), false, typed), typed);
            case PARQUET -> data(CachedTable.of(parquet(), files().bytes()), false, typed);
            case LIBSVM -> data(CachedTable.of(libsvm(0), files().bytes()), false, typed);
            case IDX -> IdxFiles.read(spark, given, true);
        };
    }

    /**
     * Reads data for a model that knows the kinds of its columns: CSV columns are text, rows are in a stable order.
     *
     * @param vectorSize the model's number of features if it was trained on a single vector column; otherwise 0
     */
    public Data forModel(int vectorSize, boolean labelled) throws IOException {
        cutEvenly();
        return switch (format) {
            case CSV -> data(csv(true), true, Set.of());
            case PARQUET -> data(inOrder(parquetWithTextPartitions()), false, Set.of());
            case LIBSVM -> data(inOrder(libsvm(vectorSize)), false, Set.of());
            case IDX -> IdxFiles.read(spark, given, labelled);
        };
    }

    private CachedTable inOrder(Dataset<Row> rows) {
        return CachedTable.of(inOrder(List.of(rows)), files().bytes());
    }

    private void cutEvenly() {
        if (files != null) {
            files.cutEvenly(spark);
        }
    }

    /** @param label the column whose different values are collected; several are not */
    private Data data(CachedTable cached, boolean isText, Set<String> label) throws IOException {
        try (ReadProgress progress =
                ReadProgress.of(spark.sparkContext(), toString(), files == null ? 0 : files.bytes())) {
            reading(() -> {
                Set<String> collected = new HashSet<>(label);
                collected.add(CsvFiles.MALFORMED);
                cached.fill(format == Format.CSV ? RawLines.doubtful(csv) : List.of(), collected);
                return progress;
            });
        }
        CsvOptions options = format == Format.CSV ? csv : null;
        int folders = files == null ? 0 : files.partitions().size();
        Dataset<Row> labels =
                label.size() == 1 ? cached.different(label.iterator().next(), CsvFiles.MALFORMED) : null;
        Data few = labels == null ? null : new Data(labels, options, isText, folders, Data.UNKNOWN, null, null);
        return new Data(cached.dataset(), options, isText, folders, Data.UNKNOWN, cached, few);
    }

    private Data typed(Data texts, Set<String> columns) throws IOException {
        Set<String> folders = files == null ? Set.of() : files.partitions();
        Data few = csv.decimal() == null ? texts.labels() : null;
        Column[] typed = reading(
                () -> new CsvTypes((few == null ? texts : few).rows(), toString(), folders, csv).typed(columns));
        return texts.select(typed, few == null ? null : few.select(typed, null));
    }

    private InputFiles files() {
        return Objects.requireNonNull(files, "only CSV is bundled");
    }

    /** Looks again at files with values that look doubtful. */
    void requireSound() throws IOException {
        if (files != null) {
            reading(() -> {
                RawLines.requireSound(spark, files, csv);
                return files;
            });
        }
    }

    /** @param inOrder whether the rows of several files must come in the order of their paths */
    private CachedTable csv(boolean inOrder) throws IOException {
        if (files == null) {
            Dataset<String> lines = bundled();
            StructType schema = CsvFiles.reader(spark, csv).csv(lines).schema();
            return CachedTable.of(CsvFiles.reader(spark, csv).schema(schema).csv(lines), 0);
        }
        CsvFiles read = new CsvFiles(spark, files, csv);
        return reading(() -> read.table(inOrder, inOrder ? DataSource::inOrder : DataSource::union));
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
        return reading(() -> spark.read().options(files().options()).parquet(files().uris()));
    }

    /** A few folders may look like numbers where all did not: {@code code=01} is no 1 if another is {@code code=1A}. */
    private Dataset<Row> parquetWithTextPartitions() throws IOException {
        StructType schema = parquet().schema();
        StructType texts = InputFiles.texts(schema, files().partitions());
        return reading(
                () -> spark.read().options(files().options()).schema(texts).parquet(files().uris()));
    }

    private Dataset<Row> libsvm(int vectorSize) throws IOException {
        int size = reading(() ->
                LibsvmLines.largestIndex(spark.read().textFile(files().uris()).toJavaRDD(), toString()));
        Require.that(Math.max(size, vectorSize) > 0, this + " must have rows with index:value pairs, but has none");
        Require.that(
                vectorSize == 0 || size <= vectorSize,
                this + " must have indices up to " + vectorSize + ", the number of features of the model, but has "
                        + size);
        return spark.read()
                .format("libsvm")
                .option(VECTOR_SIZE, Math.max(size, vectorSize))
                .load(files().uris());
    }

    private static Dataset<Row> union(List<Dataset<Row>> parts) {
        return parts.stream().reduce(Dataset::unionByName).orElseThrow();
    }

    /**
     * Sorts several files by name and position, because Spark orders files by size and splits them by the number of
     * cores.
     */
    private static Dataset<Row> inOrder(List<Dataset<Row>> parts) {
        if (parts.size() == 1 && parts.get(0).inputFiles().length < 2) {
            return parts.get(0);
        }
        List<Dataset<Row>> placed = parts.stream()
                .map(part -> part.withColumn(FILE, col("_metadata.file_path"))
                        .withColumn(START, col("_metadata.file_block_start"))
                        .withColumn(ROW, monotonically_increasing_id()))
                .toList();
        return union(placed).orderBy(FILE, START, ROW).drop(FILE, START, ROW);
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
        return files == null ? given : files.toString();
    }
}
