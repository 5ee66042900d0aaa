package dev.kindling.train;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Timer;
import dev.kindling.checkpoint.Epoch;
import dev.kindling.checkpoint.TrainState;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.apache.spark.SparkContext;
import org.apache.spark.metrics.MetricsSystem;
import org.apache.spark.metrics.source.Source;

/** Publishes a run in Spark's metrics system, and so to the sinks of the application, from its beginning to its end. */
final class RunMetrics implements AutoCloseable {
    private final MetricsSystem system;
    private final Runs runs;
    private final long rows; // of an epoch
    private final long steps; // of an epoch
    private int taken; // steps of the current epoch that are recorded
    private long noted; // when they were recorded, by System.nanoTime
    private volatile int epoch;
    private volatile double loss = Double.NaN;

    private RunMetrics(MetricsSystem system, Runs runs, long rows, long steps) {
        this.system = system;
        this.runs = runs;
        this.rows = rows;
        this.steps = steps;
    }

    /** Publishes a run with that many rows and steps per epoch. */
    static RunMetrics open(SparkContext context, long rows, long steps) {
        MetricsSystem system = context.env().metricsSystem();
        synchronized (system) {
            Runs runs = Runs.in(system);
            RunMetrics run = new RunMetrics(system, runs, rows, steps);
            runs.running.add(run);
            if (runs.running.size() == 1) {
                system.registerSource(runs);
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
        synchronized (system) {
            runs.running.remove(this);
            if (runs.running.isEmpty()) {
                system.removeSource(runs);
            }
        }
    }

    /**
     * The driver's source {@code kindling}, registered while a run exists. Its names are the same for every run, because
     * dashboards need that, so concurrent runs share it. {@code step} (the time of a step; of local steps, the mean in a
     * round) and {@code rows} (their rate) cover all runs. {@code loss} (over the epoch's steps so far) and {@code epoch}
     * are those of the run that began last. {@code runs} is the number of runs.
     */
    private static final class Runs implements Source {
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

        /** The registered source, or a new one. */
        static Runs in(MetricsSystem system) {
            var known = system.getSourcesByName(NAME).iterator();
            return known.hasNext() && known.next() instanceof Runs runs ? runs : new Runs();
        }

        private Gauge<Double> latest(ToDoubleFunction<RunMetrics> value) {
            return () -> {
                Object[] all = running.toArray();
                return all.length == 0 ? Double.NaN : value.applyAsDouble((RunMetrics) all[all.length - 1]);
            };
        }

        @Override
        public String sourceName() {
            return NAME;
        }

        @Override
        public MetricRegistry metricRegistry() {
            return registry;
        }
    }
}
