package dev.kindling.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.InOneJvm;
import dev.kindling.LocalSpark;
import dev.kindling.table.cache.CachedTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How often the commands read their data, by the records that Spark's own task metrics count. */
@Tag("end-to-end")
final class IngestTest {
    private static final int ROWS = 6000;

    private final Shell shell = new Shell();

    @TempDir
    Path folder;

    /** Numbers, a category, dates and a label. */
    private Path csv() throws IOException {
        Random random = new Random(1);
        List<String> lines = new ArrayList<>(List.of("a,b,city,day,y"));
        for (int i = 0; i < ROWS; i++) {
            double a = random.nextGaussian();
            lines.add(a + "," + i % 700 + "," + List.of("Rome", "Oslo").get(i % 2) + "," + (1 + i % 28) + "/12/2020,"
                    + (a + i % 2 > 0.5 ? "yes" : "no"));
        }
        return Files.write(folder.resolve("table.csv"), lines);
    }

    private Path parquet() throws IOException {
        Path path = folder.resolve("table.parquet");
        LocalSpark.session()
                .read()
                .option("header", true)
                .option("inferSchema", true)
                .csv(csv().toString())
                .repartition(3)
                .write()
                .parquet(path.toString());
        return path;
    }

    /** The records that the command read from files. */
    private long records(Object... arguments) throws Exception {
        SparkContext context = LocalSpark.session().sparkContext();
        AtomicLong records = new AtomicLong();
        SparkListener listener = new SparkListener() {
            @Override
            public void onTaskEnd(SparkListenerTaskEnd end) {
                if (end.taskMetrics() != null) {
                    records.addAndGet(end.taskMetrics().inputMetrics().recordsRead());
                }
            }
        };
        context.addSparkListener(listener);
        try {
            assertThat(shell.run(arguments)).as(shell.err()).isZero();
            context.listenerBus().waitUntilEmpty();
            assertThat(context.getPersistentRDDs().values().mkString()).doesNotContain(CachedTable.NAME);
        } finally {
            context.removeSparkListener(listener);
        }
        return records.get();
    }

    private long train(Path data, Object... more) throws Exception {
        List<Object> arguments = new ArrayList<>(List.of("train", "--train", data, "--label", "y"));
        arguments.addAll(List.of("--hidden", 4, "--epochs", 2, "--overwrite", "--model", folder.resolve("model")));
        arguments.addAll(Arrays.asList(more));
        return records(arguments.toArray());
    }

    /** Blocks of what is cached count as records too; there are few. */
    private static void assertReadOnce(long records) {
        assertThat(records).isBetween((long) ROWS, ROWS + ROWS / 10L);
    }

    @Test
    void trainReadsEachRowOnceWhateverItsOptions() throws Exception {
        Path report = folder.resolve("report.html");
        Path metrics = folder.resolve("metrics.json");
        for (Path data : List.of(csv(), parquet())) {
            assertReadOnce(train(data));
            assertReadOnce(train(
                    data,
                    "--test-fraction",
                    0.25,
                    "--validation-fraction",
                    0.2,
                    "--standardize",
                    "--report",
                    report,
                    "--metrics",
                    metrics,
                    "--scale",
                    "quantile"));
        }
    }

    @Tag("one-line")
    @InOneJvm
    @Test
    void theOtherCommandsReadEachRowOnce() throws Exception {
        Path data = csv();
        train(data);
        Path model = folder.resolve("model");
        assertReadOnce(records("evaluate", "--model", model, "--data", data));
        assertReadOnce(records("predict", "--model", model, "--data", data, "--output", folder.resolve("out.csv")));
        assertReadOnce(records("lr-range", "--train", data, "--label", "y", "--hidden", 4));
    }

    @Tag("one-line")
    @InOneJvm
    @Test
    void twentyThousandClassesTrain() throws Exception {
        List<String> lines = new ArrayList<>(List.of("a,b,y"));
        for (int i = 0; i < 22_000; i++) {
            lines.add(i % 20_000 / 1000 + "," + i % 1000 + "," + i % 20_000);
        }
        Path data = Files.write(folder.resolve("classes.csv"), lines);
        Path test = Files.write(folder.resolve("some.csv"), lines.subList(0, 2000));
        Path metrics = folder.resolve("metrics.json");
        train(data, "--task", "classification", "--test", test, "--epochs", 1, "--metrics", metrics);
        assertThat(Files.readString(metrics)).contains("perClass").doesNotContain("confusion");
        assertThat(shell.out()).doesNotContain("confusion");
    }
}
