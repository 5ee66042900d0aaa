package dev.kindling.train;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Timer;
import dev.kindling.checkpoint.Epoch;
import dev.kindling.checkpoint.TrainState;
import dev.kindling.spark.DriverMetrics;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.apache.spark.SparkContext;

/** Publishes a run in Spark's metrics system, and so to the sinks of the application, from its beginning to its end. */
final class RunMetrics implements AutoCloseable {
    private final SparkContext context;
    private final Runs runs;
    private final long rows; // of an epoch
    private final long steps; // of an epoch
    private int taken; // steps of the current epoch that are recorded
    private long noted; // when they were recorded, by System.nanoTime
    private volatile int epoch;
    private volatile double loss = Double.NaN;

    private RunMetrics(SparkContext context, Runs runs, long rows, long steps) {
        this.context = context;
        this.runs = runs;
        this.rows = rows;
        this.steps = steps;
    }

    /** Publishes a run with that many rows and steps per epoch. */
    static RunMetrics open(SparkContext context, long rows, long steps) {
        synchronized (RunMetrics.class) {
            Runs runs = Runs.in(context);
            RunMetrics run = new RunMetrics(context, runs, rows, steps);
            runs.running.add(run);
            if (runs.running.size() == 1) {
                DriverMetrics.publish(context, Runs.NAME, runs.registry, runs);
            }
            return run;
        }
    }

    /** Before the steps of an epoch, or of the rest of it. */
    void beginEpoch(TrainState state) {
        epoch = state.epoch + 1;
        taken = state.taken;
        noted = System.nanoTime();
    }

    /** After a step, or a round of local ones. */
    void step(TrainState state) {
        long now = System.nanoTime();
        runs.step.update((now - noted) / (state.taken - taken), TimeUnit.NANOSECONDS);
        runs.rows.mark(rows * state.taken / steps - rows * taken / steps);
        loss = state.sums.loss / state.sums.weight; // NaN until a row has a weight
        taken = state.taken;
        noted = now;
    }

    /** After an epoch. */
    void endEpoch(Epoch ended) {
        if (taken == 0) { // L-BFGS, whose epoch is one step
            runs.step.update((long) (ended.trainingSeconds() * 1e9), TimeUnit.NANOSECONDS);
            runs.rows.mark(rows);
        }
        loss = ended.trainingLoss();
    }

    @Override
    public void close() {
        synchronized (RunMetrics.class) {
            runs.running.remove(this);
            if (runs.running.isEmpty()) {
                DriverMetrics.withdraw(context, Runs.NAME);
            }
        }
    }

    /**
     * The driver's source {@code kindling}, registered while a run exists. Its names are the same for every run, because
     * dashboards need that, so concurrent runs share it. {@code step} (the time of a step; of local steps, the mean in a
     * round) and {@code rows} (their rate) cover all runs. {@code loss} (over the epoch's steps so far) and {@code epoch}
     * are those of the run that began last. {@code runs} is the number of runs.
     */
    private static final class Runs {
        private static final String NAME = "kindling";

        private final MetricRegistry registry = new MetricRegistry();
        private final Timer step = registry.timer("step");
        private final com.codahale.metrics.Meter rows = registry.meter("rows");
        private final List<RunMetrics> running = new CopyOnWriteArrayList<>();

        private Runs() {
            registry.register("loss", latest(run -> run.loss));
            registry.register("epoch", latest(run -> run.epoch));
            registry.register("runs", (Gauge<Integer>) running::size);
        }

        /** Those that are published, or new ones. */
        static Runs in(SparkContext context) {
            return DriverMetrics.published(context, NAME).orElse(null) instanceof Runs runs ? runs : new Runs();
        }

        private Gauge<Double> latest(ToDoubleFunction<RunMetrics> value) {
            return () -> {
                Object[] all = running.toArray();
                return all.length == 0 ? Double.NaN : value.applyAsDouble((RunMetrics) all[all.length - 1]);
            };
        }
    }
}
