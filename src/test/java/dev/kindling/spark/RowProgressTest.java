package dev.kindling.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.LocalSpark;
import java.time.Duration;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

final class RowProgressTest {
    private static final JavaSparkContext SPARK =
            JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());

    private static void read(int rows) {
        SPARK.parallelize(IntStream.range(0, rows).boxed().toList(), 4)
                .foreach(row -> RowProgress.ofTask().increment());
    }

    private static void await(RowProgress progress, String line) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!progress.line(false).equals(line) && System.nanoTime() < end) {
            Thread.sleep(10); // Spark's events come later
        }
        assertThat(progress.line(false)).isEqualTo(line);
    }

    @Test
    void rowsAndTasksOfItsOwnJobsAreCounted() throws InterruptedException {
        RowProgress progress = new RowProgress(SPARK.sc(), "packing");
        try {
            read(1_000);
            Thread other = new Thread(() -> {
                SPARK.setLocalProperty("kindling.progress", null);
                read(100);
            });
            other.start();
            other.join();
            read(234);
            await(progress, "packing: 8 of 8 tasks");
            assertThat(progress.line(true)).matches("packing: 1,234 rows, [0-9,]+ rows/s, 8 of 8 tasks");
        } finally {
            progress.close();
        }
        read(5);
        assertThat(progress.line(true)).startsWith("packing: 1,234 rows, ");
    }

    @Test
    void aPassWithinAnotherCountsForItself() {
        int sum = RowProgress.during(SPARK.sc(), "outer", () -> {
            RowProgress inner = new RowProgress(SPARK.sc(), "inner");
            read(7);
            inner.close();
            assertThat(inner.line(true)).startsWith("inner: 7 rows");
            return 3;
        });
        assertThat(sum).isEqualTo(3);
        assertThat(SPARK.getLocalProperty("kindling.progress")).isNull();
    }
}
