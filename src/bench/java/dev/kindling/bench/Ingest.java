package dev.kindling.bench;

import dev.kindling.job.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.commons.io.FileUtils;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Seconds of the command {@code train} from its start to its first epoch, and how often it reads each row, on CSV and on Parquet,
 * beside what Spark takes to read the same file with a given schema and to add up its columns; also in seconds of processor time,
 * which tell more where others use the machine. One column of texts, a label of two
 * classes, numbers otherwise. Arguments: the number of rows, the number of columns.
 */
public final class Ingest {
    private static final String BEGINNING = "training on";

    private final SparkSession spark;
    private final Path folder;
    private final StructType schema;

    private Ingest(SparkSession spark, Path folder, StructType schema) {
        this.spark = spark;
        this.folder = folder;
        this.schema = schema;
    }

    public static void main(String[] arguments) throws Exception {
        int rows = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 2_000_000;
        int columns = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 30;
        Path folder = Files.createTempDirectory("ingest");
        try (SparkSession spark = Session.local(2)) {
            StructType schema = schema(columns);
            String csv = folder.resolve("table.csv").toString();
            String parquet = folder.resolve("table.parquet").toString();
            write(Path.of(csv), rows, columns);
            Ingest ingest = new Ingest(spark, folder, schema);
            ingest.csv(csv).write().parquet(parquet);
            Path few = folder.resolve("few.csv");
            write(few, 2000, 10);
            new Ingest(spark, folder, schema(10)).train(few.toString()); // warms up
            Table table = new Table(
                    String.format(Locale.ROOT, "%,d rows of %,d columns", rows, columns),
                    "Kindling s",
                    "Spark s",
                    "ratio",
                    "Kindling CPU s",
                    "Spark CPU s",
                    "ratio",
                    "reads");
            for (String path : List.of(csv, parquet)) {
                double cpu = Times.processorSeconds();
                double others = Times.seconds(
                        () -> sums(path.equals(csv) ? ingest.csv(path) : spark.read().parquet(path)));
                double othersCpu = Times.processorSeconds() - cpu;
                Cost own = ingest.train(path);
                table.add(
                        path.equals(csv) ? "CSV" : "Parquet",
                        own.seconds,
                        others,
                        own.seconds / others,
                        own.processorSeconds,
                        othersCpu,
                        own.processorSeconds / othersCpu,
                        (double) own.reads / rows);
            }
            table.print();
        } finally {
            FileUtils.deleteDirectory(folder.toFile());
        }
    }

    private static StructType schema(int columns) {
        StructType schema = new StructType();
        for (int i = 0; i < columns - 2; i++) {
            schema = schema.add("n" + i, DataTypes.DoubleType);
        }
        return schema.add("city", DataTypes.StringType).add("label", DataTypes.IntegerType);
    }

    /** The same rows in each run. */
    private static void write(Path path, int rows, int columns) throws IOException {
        List<String> cities = List.of("Athens", "Berlin", "Dublin", "Lisbon", "Madrid", "Oslo", "Paris", "Prague", "Rome");
        SplittableRandom random = new SplittableRandom(7);
        try (Writer file = Files.newBufferedWriter(path)) {
            file.write(String.join(",", schema(columns).fieldNames()) + "\n");
            for (int row = 0; row < rows; row++) {
                StringBuilder line = new StringBuilder();
                long sum = 0;
                for (int i = 0; i < columns - 2; i++) {
                    int value = random.nextInt(-99_999, 100_000);
                    sum += i < 5 ? value : 0;
                    line.append(value / 10_000.0).append(',');
                }
                int city = random.nextInt(cities.size());
                boolean positive = sum + random.nextInt(100_000) > 50_000 - 10_000 * city;
                file.write(line.append(cities.get(city)).append(positive ? ",1\n" : ",0\n").toString());
            }
        }
    }

    private Dataset<Row> csv(String path) {
        return spark.read().option("header", true).schema(schema).csv(path);
    }

    private static void sums(Dataset<Row> rows) {
        Column[] sums = Arrays.stream(rows.columns())
                .filter(name -> !name.equals("city"))
                .map(functions::sum)
                .toArray(Column[]::new);
        rows.agg(functions.count("city"), sums).collect();
    }

    /** What is done up to the first epoch, and the number of rows read from files. */
    private record Cost(double seconds, double processorSeconds, long reads) {}

    private Cost train(String path) {
        Reads reads = new Reads();
        spark.sparkContext().addSparkListener(reads);
        Beginning beginning = new Beginning();
        Configurator.setLevel("dev.kindling", Level.INFO);
        Logger progress = (Logger) LogManager.getLogger("dev.kindling.progress");
        beginning.start();
        progress.addAppender(beginning);
        long start = System.nanoTime();
        double cpu = Times.processorSeconds();
        int code = Main.commandLine()
                .setOut(new PrintWriter(Writer.nullWriter()))
                .execute(
                        "train",
                        "--train",
                        path,
                        "--label",
                        "label",
                        "--model",
                        folder.resolve("model").toString(),
                        "--overwrite",
                        "--test-fraction",
                        "0.2",
                        "--epochs",
                        "1");
        progress.removeAppender(beginning);
        spark.sparkContext().removeSparkListener(reads);
        if (code != 0) {
            throw new IllegalStateException("train must end with 0, but ended with " + code);
        }
        return new Cost((beginning.nanos - start) / 1e9, beginning.processorSeconds - cpu, reads.records.get());
    }

    /** The time of the line that says that training begins. */
    private static final class Beginning extends AbstractAppender {
        private volatile long nanos;
        private volatile double processorSeconds;

        Beginning() {
            super("beginning", null, null, true, Property.EMPTY_ARRAY);
        }

        @Override
        public void append(LogEvent event) {
            if (event.getMessage().getFormattedMessage().startsWith(BEGINNING)) {
                nanos = System.nanoTime();
                processorSeconds = Times.processorSeconds();
            }
        }
    }

    /** The number of rows read from files; of what is cached, blocks count as rows. */
    private static final class Reads extends SparkListener {
        private final AtomicLong records = new AtomicLong();

        @Override
        public void onTaskEnd(SparkListenerTaskEnd end) {
            if (end.taskMetrics() != null) {
                records.addAndGet(end.taskMetrics().inputMetrics().recordsRead());
            }
        }
    }
}
