package dev.kindling.spark;

import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells how far a long pass over rows has come, a line every few seconds: how many rows, where the tasks run in this JVM; and
 * how many of the tasks have ended, which tells of those that read no rows too, such as merging.
 */
public final class RowProgress extends SparkListener {
    private static final Logger LOG = LoggerFactory.getLogger("dev.kindling.progress");

    /** The local property of Spark's by which tasks know their pass. */
    private static final String KEY = "kindling.progress";

    /** The passes of this JVM, by the value of that property. */
    private static final Map<String, LongAdder> ROWS = new ConcurrentHashMap<>();

    private final SparkContext context;
    private final String what;
    private final String id = UUID.randomUUID().toString();
    private final LongAdder rows = new LongAdder();
    private final long start = System.nanoTime();
    private final @Nullable String before;
    private final Set<Integer> stages = new HashSet<>();
    private int tasks;
    private int ended;
    private final Ticker ticker;

    RowProgress(SparkContext context, String what) {
        this.context = context;
        this.what = what;
        this.before = context.getLocalProperty(KEY);
        ROWS.put(id, rows);
        context.setLocalProperty(KEY, id);
        context.addSparkListener(this);
        this.ticker = new Ticker("kindling " + what, () -> LOG.info(line(context.isLocal())));
    }

    /**
     * The result of the work.
     *
     * @param what the jobs do that it starts in this thread, such as {@code packing}
     */
    public static <T> T during(SparkContext context, String what, Supplier<T> work) {
        RowProgress progress = new RowProgress(context, what);
        try {
            return work.get();
        } finally {
            progress.close();
        }
    }

    /** Where a task adds the rows that it has read. */
    public static LongAdder ofTask() {
        TaskContext task = TaskContext.get();
        String id = task == null ? null : task.getLocalProperty(KEY);
        LongAdder rows = id == null ? null : ROWS.get(id);
        return rows == null ? new LongAdder() : rows;
    }

    @Override
    public synchronized void onJobStart(SparkListenerJobStart start) {
        if (start.properties() != null && id.equals(start.properties().getProperty(KEY))) {
            start.stageInfos().foreach(stage -> {
                stages.add(stage.stageId());
                tasks += stage.numTasks();
                return null;
            });
        }
    }

    @Override
    public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
        ended += stages.contains(end.stageId()) ? 1 : 0;
    }

    synchronized String line(boolean inThisJvm) {
        long read = rows.sum();
        String speed = inThisJvm
                ? String.format(
                        Locale.ROOT, "%,d rows, %,.0f rows/s, ", read, read / ((System.nanoTime() - start) / 1e9))
                : "";
        return String.format(Locale.ROOT, "%s: %s%,d of %,d tasks", what, speed, ended, tasks);
    }

    void close() {
        ticker.close();
        ROWS.remove(id);
        context.setLocalProperty(KEY, before);
        context.removeSparkListener(this);
    }
}
