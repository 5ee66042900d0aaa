package dev.kindling.train.scale;

import dev.kindling.data.Shards;
import dev.kindling.engine.GradientSum;
import dev.kindling.engine.LocalSteps;
import dev.kindling.engine.RunSetup;
import dev.kindling.engine.ShardEngine;
import dev.kindling.engine.ShardRequest;
import dev.kindling.engine.ShardWork;
import dev.kindling.linalg.Kernels;
import dev.kindling.optim.Horizon;
import dev.kindling.optim.Slots;
import dev.kindling.optim.UpdateRule;
import dev.kindling.spark.OneJvm;
import dev.kindling.train.RunConfig;
import dev.kindling.train.Trainer;
import java.util.Arrays;
import java.util.OptionalDouble;
import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;

/** Measures steps of a run as they are: over its shards, by the engine that trains. What they learn is thrown away. */
final class StepProbe {
    private static final double WARM_UP = 10; // seconds at least
    private static final double LONGEST = 45;
    private static final double PORTION = 2;
    private static final int PORTIONS = 4;
    private static final double FASTER = 0.95; // times as long as in the best portion before
    private static final double SECONDS = 6;
    private static final int LOCAL_STEPS = 16;
    private static final int FEWER = 8; // times fewer rows, or more where there are too few
    private static final int LEAST_PASS = 1 << 16; // floats, so that a pass takes long enough to be measured

    private final Shards shards;
    private final RunConfig run;
    private final RunSetup setup;
    private final JavaSparkContext context;
    private final float[] parameters;
    private final Slots slots;
    private long taken; // steps

    StepProbe(Shards shards, RunConfig run, Trainer trainer, float @Nullable [] initial) {
        this.shards = shards;
        this.run = run;
        this.setup = trainer.setup(shards.moments(false), null);
        this.context = JavaSparkContext.fromSparkContext(shards.rdd().context());
        this.parameters = initial == null ? trainer.firstParameters(shards) : initial.clone();
        this.slots = new Slots(run.rule().optimizer(), parameters.length);
    }

    /** @param whole seconds of a step in all */
    record Found(Compute compute, double whole) {}

    /** Measures steps that are Spark jobs. */
    Found jobs() {
        String before = context.getLocalProperty(OneJvm.PROPERTY);
        context.setLocalProperty(OneJvm.PROPERTY, "false");
        try (ShardWork work = open()) {
            return measure(work);
        } finally {
            context.setLocalProperty(OneJvm.PROPERTY, before);
        }
    }

    /** Seconds of a step in threads of this JVM; empty where steps are jobs. */
    OptionalDouble threads() {
        if (!context.isLocal()) {
            return OptionalDouble.empty();
        }
        try (ShardWork work = open()) {
            if (work.place().jobs()) {
                return OptionalDouble.empty();
            }
            Steps here = new Steps(work, run.options().batchSize());
            here.warmUp();
            Repeated.byTurns(SECONDS, here.whole);
            return OptionalDouble.of(here.whole.median());
        }
    }

    private ShardWork open() {
        return new ShardWork(
                ShardEngine.open(shards.rdd(), shards, run.options().aggregationDepth()), setup);
    }

    private Found measure(ShardWork work) {
        int batch = run.options().batchSize();
        Steps here = new Steps(work, batch);
        Steps there = new Steps(work, other(batch));
        int count = Math.min(LOCAL_STEPS, here.steps);
        Repeated local = Repeated.of(() -> count < 2 ? 0 : local(work, count, here.steps));
        float[] from = new float[Math.max(LEAST_PASS, parameters.length)];
        float[] to = new float[from.length];
        Repeated pass = Repeated.seconds(() -> Kernels.add(from.length, from, 0, to, 0));
        here.warmUp();
        Repeated.byTurns(SECONDS, here.whole, there.whole, local, pass);
        double gradient = here.shard.median();
        Compute line = there.rows < here.rows
                ? Compute.of(there.rows, there.shard.median(), here.rows, gradient)
                : there.rows > here.rows
                        ? Compute.of(here.rows, gradient, there.rows, there.shard.median())
                        : Compute.of(0, 0, here.rows, gradient);
        Compute compute = line.with(
                gradient, count < 2 ? 0 : local.median() / count, here.update.median(), pass.median() / from.length);
        return new Found(compute, here.whole.median());
    }

    /** Another size of batches, for which a shard has a row at least. */
    private int other(int batch) {
        return batch / FEWER >= shards.count() ? batch / FEWER : (int) Math.min(shards.rows(), (long) FEWER * batch);
    }

    /** Steps over batches of a size; in seconds the whole, its slowest shard and its update. */
    private final class Steps {
        final int steps; // of an epoch
        final double rows; // of a shard
        final Repeated whole;
        final Figures shard = new Figures();
        final Figures update = new Figures();

        Steps(ShardWork work, int batch) {
            steps = (int) ((shards.rows() + batch - 1) / batch);
            rows = (double) shards.rows() / steps / shards.count();
            whole = Repeated.seconds(() -> step(work));
        }

        /** Until the JVMs have compiled what a step takes: for some portions, steps have not become faster. */
        void warmUp() {
            long start = System.nanoTime();
            double best = Double.POSITIVE_INFINITY;
            int without = 0; // portions since the best
            while (Repeated.since(start) < WARM_UP || (without < PORTIONS && Repeated.since(start) < LONGEST)) {
                double now = portion();
                without = now < FASTER * best ? 0 : without + 1;
                best = Math.min(best, now);
            }
        }

        /** The median of some seconds, which do not count. */
        private double portion() {
            Repeated.byTurns(PORTION, whole);
            double median = whole.median();
            whole.forget();
            shard.forget();
            update.forget();
            return median;
        }

        private void step(ShardWork work) {
            Horizon horizon = horizon(steps);
            long at = taken++ % (long) horizon.steps(); // the run, again and again
            ShardRequest request = new ShardRequest.Gradient((int) (at / steps), (int) (at % steps), steps);
            GradientSum sum = work.sum(request, parameters);
            long summed = System.nanoTime();
            UpdateRule rule = run.rule();
            if (sum.weight > 0) {
                rule.apply(
                        run.network().layout(),
                        sum.weight,
                        rule.rate(at, horizon),
                        at,
                        horizon,
                        parameters,
                        sum.gradient,
                        slots);
            }
            shard.add(sum.longestNanos / 1e9);
            update.add(Repeated.since(summed));
        }
    }

    private Horizon horizon(int steps) {
        return new Horizon(steps, (double) steps * run.options().epochs());
    }

    /** Seconds of the slowest shard for some local steps. */
    private double local(ShardWork work, int count, int steps) {
        LocalSteps request = new LocalSteps(run.rule(), horizon(steps), 1, 0, 0, 0, count, steps);
        float[] together = Arrays.copyOf(parameters, request.length(parameters.length));
        return work.sum(request, together).longestNanos / 1e9;
    }
}
