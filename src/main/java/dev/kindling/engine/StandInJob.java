package dev.kindling.engine;

import dev.kindling.spark.JobScope;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkJobInfo;
import org.apache.spark.SparkStageInfo;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.JavaSparkStatusTracker;
import org.apache.spark.api.java.function.VoidFunction;
import org.jspecify.annotations.Nullable;

/**
 * A Spark job that stands for a run whose sums the driver's threads compute: it shows the run in the UI, and cancelling it
 * cancels the run. Its one task does nothing and must keep nobody waiting. So it ends as soon as another job waits for a
 * slot, a listener's own job on {@code local[1]} for example, and the job is submitted again; until it gets a slot, it waits in
 * Spark's queue and can still be cancelled.
 */
final class StandInJob implements AutoCloseable {
    private static final int POLL_MILLIS = 50;

    private static final Map<String, StandInJob> OPEN = new ConcurrentHashMap<>();
    private static final Set<Integer> JOBS = ConcurrentHashMap.newKeySet(); // of all stand-ins

    private final String run = UUID.randomUUID().toString();
    private final JavaSparkContext context;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable CancellationException cancelled;

    private StandInJob(JavaSparkContext context) {
        this.context = context;
    }

    /** Submits the job, with the job group, tags and description of this thread. */
    static StandInJob open(JavaSparkContext context) {
        StandInJob standIn = new StandInJob(context);
        OPEN.put(standIn.run, standIn);
        // a thread inherits the local properties of the one that makes it
        Thread submitter = new Thread(standIn::submit, "kindling-stand-in");
        submitter.setDaemon(true);
        submitter.start();
        return standIn;
    }

    private void submit() {
        try {
            while (closed.getCount() > 0) {
                JavaFutureAction<Void> job = context.parallelize(List.of(run), 1)
                        .setName("kindling training")
                        .foreachAsync(new Await());
                JOBS.addAll(job.jobIds());
                try {
                    job.get();
                } finally {
                    job.jobIds().forEach(JOBS::remove);
                }
            }
        } catch (InterruptedException e) {
            cancelled = new CancellationException("training was interrupted");
        } catch (ExecutionException e) {
            String why = JobScope.cancelled(e).map(said -> ": " + said).orElse("");
            cancelled = new CancellationException("training was cancelled" + why);
        } catch (RuntimeException e) { // of a context that was stopped
            cancelled = new CancellationException("training was cancelled");
            cancelled.initCause(e);
        }
    }

    /**
     * Ends the run where its job was cancelled.
     *
     * @throws CancellationException where it was
     */
    void requireNotCancelled() {
        CancellationException failure = cancelled;
        if (failure != null && closed.getCount() > 0) {
            throw failure;
        }
    }

    @Override
    public void close() {
        closed.countDown();
        OPEN.remove(run);
    }

    /** A job other than the stand-ins that has tasks to run and runs none; -1 without one. */
    private int waiting() {
        JavaSparkStatusTracker tracker = context.statusTracker();
        for (int id : tracker.getActiveJobIds()) {
            SparkJobInfo job = JOBS.contains(id) ? null : tracker.getJobInfo(id);
            if (job != null && waits(tracker, job)) {
                return id;
            }
        }
        return -1;
    }

    private static boolean waits(JavaSparkStatusTracker tracker, SparkJobInfo job) {
        boolean left = false;
        for (int id : job.stageIds()) {
            SparkStageInfo stage = tracker.getStageInfo(id);
            if (stage != null) {
                if (stage.numActiveTasks() > 0) {
                    return false;
                }
                left |= stage.numCompletedTasks() < stage.numTasks();
            }
        }
        return left;
    }

    /** Runs until the run has ended, the task is killed or another job waits. */
    private static final class Await implements VoidFunction<String> {
        private static final long serialVersionUID = 1L;

        @Override
        public void call(String run) throws InterruptedException {
            StandInJob standIn = OPEN.get(run);
            int before = -1;
            while (standIn != null && !standIn.closed.await(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                if (TaskContext.get().isInterrupted()) {
                    return;
                }
                // seen twice: the status of a job that starts lags behind
                int waiting = standIn.waiting();
                if (waiting >= 0 && waiting == before) {
                    return;
                }
                before = waiting;
            }
        }
    }
}
