package dev.kindling.job.input;

import dev.kindling.spark.Ticker;
import java.util.Iterator;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.fs.GlobalStorageStatistics;
import org.apache.hadoop.fs.StorageStatistics;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says that large data are read, or data that take long, and how far, a line every few seconds. In one JVM Hadoop counts the
 * bytes as they are read; elsewhere the tasks that have ended tell.
 */
public final class ReadProgress extends SparkListener implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("dev.kindling.progress");
    private static final long LARGE = 50_000_000; // bytes
    private static final double SOON = 0.05; // of the bytes: before, the speed says little of the time left
    private static final double LONG = 5; // seconds: of small data, nothing is told before

    private final SparkContext context;
    private final String source;
    private final long bytes;
    private final long start = System.nanoTime();
    private final long before = inThisJvm();
    private final AtomicLong ofTasks = new AtomicLong();
    private final Ticker ticker;

    private ReadProgress(SparkContext context, String source, long bytes) {
        this.context = context;
        this.source = source;
        this.bytes = bytes;
        this.ticker = new Ticker("kindling reading", this::tell);
    }

    /**
     * Begins to tell; closing ends it.
     *
     * @param bytes of the data; 0 if that is not known
     */
    public static ReadProgress of(SparkContext context, String source, long bytes) {
        if (bytes >= LARGE) {
            LOG.info(String.format(Locale.ROOT, "reading %s: %,.0f MB", source, bytes / 1e6));
        }
        ReadProgress progress = new ReadProgress(context, source, bytes);
        context.addSparkListener(progress);
        return progress;
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
        if (end.taskMetrics() != null) {
            ofTasks.addAndGet(end.taskMetrics().inputMetrics().bytesRead());
        }
    }

    private static long inThisJvm() {
        long read = 0;
        Iterator<StorageStatistics> systems = GlobalStorageStatistics.INSTANCE.iterator();
        while (systems.hasNext()) {
            Long own = systems.next().getLong("bytesRead");
            read += own == null ? 0 : own;
        }
        return read;
    }

    private void tell() {
        double seconds = (System.nanoTime() - start) / 1e9;
        if (bytes >= LARGE || seconds >= LONG) {
            long read = context.isLocal() ? inThisJvm() - before : ofTasks.get();
            LOG.info(line(source, read, bytes, seconds));
        }
    }

    /** Parquet's columns are fetched at once, long before all of their rows are decoded: the bytes say no more when that ends. */
    static String line(String source, long read, long bytes, double seconds) {
        if (bytes < LARGE) {
            return String.format(Locale.ROOT, "reading %s: %.0f s so far", source, seconds);
        }
        if (read >= bytes) {
            return String.format(
                    Locale.ROOT,
                    "reading %s: all %,.0f MB fetched, decoding rows, %.0f s so far",
                    source,
                    bytes / 1e6,
                    seconds);
        }
        double speed = Math.max(1, read / seconds);
        long left = Math.round((bytes - read) / speed);
        return String.format(
                Locale.ROOT,
                "reading %s: %,.0f of %,.0f MB (%.0f %%), %.0f MB/s%s",
                source,
                read / 1e6,
                bytes / 1e6,
                100.0 * read / bytes,
                speed / 1e6,
                read < SOON * bytes ? "" : String.format(Locale.ROOT, ", ETA %d:%02d", left / 60, left % 60));
    }

    @Override
    public void close() {
        ticker.close();
        context.removeSparkListener(this);
    }
}
