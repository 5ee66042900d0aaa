package dev.kindling.train.scale;

import dev.kindling.checkpoint.TrainState;
import dev.kindling.data.Shards;
import dev.kindling.engine.GradientSum;
import dev.kindling.engine.LocalSteps;
import dev.kindling.engine.RunSetup;
import dev.kindling.engine.ShardEngine;
import dev.kindling.engine.ShardRequest;
import dev.kindling.engine.ShardWork;
import dev.kindling.engine.TouchedPart;
import dev.kindling.linalg.Kernels;
import dev.kindling.nn.embedding.TouchedRows;
import dev.kindling.optim.Horizon;
import dev.kindling.optim.UpdateRule;
import dev.kindling.spark.OneJvm;
import dev.kindling.train.RunConfig;
import dev.kindling.train.TouchedSteps;
import dev.kindling.train.Trainer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.DoubleSupplier;
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

    private static final int MOST_ROUND = 512; // steps of a round that is predicted, about, with larger batches too
    private static final int LEAST_SHARE = 256; // shares of a step that executors get, about

    private final Shards shards;
    private final RunConfig run;
    private final RunSetup setup;
    private final JavaSparkContext context;
    private final TrainState state;
    private final double pace;

    /**
     * Measures nothing yet.
     *
     * @param run whose rounds are single steps
     * @param pace times as long as usual
     */
    StepProbe(Shards shards, RunConfig run, Trainer trainer, float @Nullable [] initial, double pace) {
        this.pace = pace;
        this.shards = shards;
        this.run = run;
        this.setup = trainer.setup(shards.moments(false), null);
        this.context = JavaSparkContext.fromSparkContext(shards.rdd().context());
        this.state = new TrainState(
                run.rule().optimizer(),
                run.options().outerOptimizer(),
                initial == null ? trainer.firstParameters(shards) : initial.clone(),
                false);
    }

    /**
     * What was found.
     *
     * @param whole seconds of a step in all, with its share of asking what steps touch
     */
    record Found(Compute compute, Touches touches, double whole) {}

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
            Steps here = new Steps(work, run.options().batchSize(), 1);
            here.warmUp();
            Repeated.byTurns(pace * SECONDS, here.whole);
            return OptionalDouble.of(here.whole.median());
        }
    }

    private ShardWork open() {
        return new ShardWork(
                ShardEngine.open(shards.rdd(), shards, run.options().aggregationDepth()), setup);
    }

    private Found measure(ShardWork work) {
        int batch = run.options().batchSize();
        Steps here = new Steps(work, batch, 1);
        boolean fewer = batch / FEWER >= shards.count(); // of which a shard has a row at least
        Steps there = fewer
                ? new Steps(work, batch, FEWER)
                : new Steps(work, Math.min(shards.rows(), (long) FEWER * batch), 1);
        int count = Math.min(LOCAL_STEPS, here.steps);
        Repeated local = Repeated.of(count < 2 ? () -> 0 : new Local(work, count, here.steps));
        Asking asking = new Asking(work, here.steps);
        float[] from = new float[Math.max(LEAST_PASS, state.parameters.length)];
        float[] to = new float[from.length];
        Repeated pass = Repeated.seconds(() -> Kernels.add(from.length, from, 0, to, 0));
        here.warmUp();
        Repeated.byTurns(pace * SECONDS, here.whole, there.whole, local, pass);
        if (here.touched != null) {
            Repeated.byTurns(pace * SECONDS, asking.whole);
        }
        double gradient = here.shard.median();
        Compute line = there.rows < here.rows
                ? Compute.of(there.rows, there.shard.median(), here.rows, gradient)
                : there.rows > here.rows
                        ? Compute.of(here.rows, gradient, there.rows, there.shard.median())
                        : Compute.of(0, 0, here.rows, gradient);
        Compute compute = line.with(
                gradient, count < 2 ? 0 : local.median() / count, here.update.median(), pass.median() / from.length);
        return here.touched == null
                ? new Found(compute, Touches.NONE, here.whole.median())
                : new Found(compute, asking.touches(), here.whole.median() + asking.whole.median() / asking.count);
    }

    /** Steps over batches of a size; in seconds the whole, its slowest shard and its update. */
    private final class Steps {
        final int steps; // of an epoch
        final int share; // a step takes that part of its batch, and moves what the whole batch touches
        final double rows; // of a shard
        final Repeated whole;
        final Sample shard = new Sample();
        final Sample update = new Sample();
        final @Nullable TouchedSteps touched; // null: steps take the whole network
        private long taken;

        Steps(ShardWork work, long batch, int share) {
            this.steps = (int) ((shards.rows() + batch - 1) / batch);
            this.share = share;
            this.rows = (double) shards.rows() / steps / share / shards.count();
            this.whole = Repeated.of(() -> step(work));
            this.touched = TouchedSteps.of(work, run, shards).orElse(null);
        }

        /** Until the JVMs have compiled what a step takes: for some portions, steps have not become faster. */
        void warmUp() {
            long start = System.nanoTime();
            double best = Double.POSITIVE_INFINITY;
            int without = 0; // portions since the best
            while (Repeated.since(start) < pace * WARM_UP
                    || (without < PORTIONS && Repeated.since(start) < pace * LONGEST)) {
                double now = portion();
                without = now < FASTER * best ? 0 : without + 1;
                best = Math.min(best, now);
            }
        }

        /** The median of some seconds, which do not count. */
        private double portion() {
            Repeated.byTurns(pace * PORTION, whole);
            double median = whole.median();
            whole.forget();
            shard.forget();
            update.forget();
            return median;
        }

        /** Seconds of a step, without asking what it touches. */
        private double step(ShardWork work) {
            Horizon horizon = horizon(steps);
            state.step = taken++ % (long) horizon.steps(); // the run, again and again
            state.epoch = (int) (state.step / steps);
            state.taken = (int) (state.step % steps);
            ShardRequest request = new ShardRequest.Gradient(state.epoch, share * state.taken, share * steps);
            if (touched != null) {
                touched.ask(state, steps);
            }
            long start = System.nanoTime();
            TouchedPart part = touched == null ? null : touched.begin(state, steps);
            double begun = Repeated.since(start);
            GradientSum sum = touched == null
                    ? work.sum(request, state.parameters)
                    : work.sum(request, part, touched.parameters());
            long summed = System.nanoTime();
            if (sum.weight > 0) {
                move(sum, horizon);
            }
            shard.add(sum.longestNanos / 1e9);
            update.add(begun + Repeated.since(summed));
            return Repeated.since(start);
        }

        private void move(GradientSum sum, Horizon horizon) {
            UpdateRule rule = run.rule();
            double rate = rule.rate(state.step, horizon);
            if (touched != null) {
                touched.apply(state, sum, rate, horizon);
                return;
            }
            rule.apply(
                    run.network().layout(),
                    sum.weight,
                    rate,
                    state.step,
                    horizon,
                    state.parameters,
                    sum.gradient,
                    state.slots);
        }
    }

    private Horizon horizon(int steps) {
        return new Horizon(steps, (double) steps * run.options().epochs());
    }

    private RunConfig withLocalSteps(int count) {
        return run.withOptions(run.options().withLocalSteps(count, run.options().outerOptimizer()));
    }

    /** Rounds of local steps; in seconds, their slowest shard. */
    private final class Local implements DoubleSupplier {
        private final ShardWork work;
        private final LocalSteps request;
        private final @Nullable TouchedPart part;
        private final float[] together;

        Local(ShardWork work, int count, int steps) {
            this.work = work;
            this.request = new LocalSteps(run.rule(), horizon(steps), 1, 0, 0, 0, count, steps);
            TouchedSteps touched =
                    TouchedSteps.of(work, withLocalSteps(count), shards).orElse(null);
            state.epoch = 0;
            state.taken = 0;
            this.part = touched == null ? null : touched.begin(state, steps);
            float[] parameters = touched == null ? state.parameters : touched.parameters();
            this.together = Arrays.copyOf(parameters, request.length(parameters.length));
        }

        @Override
        public double getAsDouble() {
            return work.sum(request, part, together).longestNanos / 1e9;
        }
    }

    /** What steps touch, and the jobs that ask for it. */
    private final class Asking {
        final int count; // of steps that are asked for together
        final Repeated whole;
        private final ShardWork work;
        private final int steps; // of an epoch
        private final Sample mark = new Sample();
        private final Sample join = new Sample();

        Asking(ShardWork work, int steps) {
            this.work = work;
            this.steps = steps;
            this.count = Math.min(steps, TouchedSteps.ahead(shards.nonzeros() * shards.rows() / steps));
            this.whole = Repeated.seconds(() -> ask(1, count, steps));
        }

        private GradientSum ask(int every, int times, int of) {
            work.meter().start();
            GradientSum sum = work.sum(new ShardRequest.Touched(0, 0, every, times, of), new float[0]);
            mark.add(sum.longestNanos / 1e9);
            join.add(work.meter().perStep(1).reduce() / 1e3);
            return sum;
        }

        /** By rows, how much they touch: of a share of a step up to many steps. */
        private Map<Double, Double> found() {
            Map<Double, Double> found = new HashMap<>();
            for (int share = 1; share <= LEAST_SHARE && share * (long) steps <= shards.rows(); share *= 2) {
                found.put((double) shards.rows() / steps / share, numbers(1, share * steps));
            }
            for (int every = 2; every <= MOST_ROUND && every <= steps; every *= 2) {
                found.put((double) shards.rows() * every / steps, numbers(every, steps));
            }
            return found;
        }

        private double numbers(int every, int of) {
            return ask(every, 1, of).touched[0].length;
        }

        Touches touches() {
            double marked = mark.median() / ((double) shards.rows() / steps * count / shards.count());
            double joined = join.median();
            Map<Double, Double> found = found();
            TouchedRows rows = run.network().touched(new int[0]).orElseThrow();
            Touches touches = new Touches(
                    rows.wholeRows(),
                    rows.width(),
                    shards.nonzeros(),
                    TouchedSteps.below(run, shards),
                    TouchedSteps.below(withLocalSteps(2), shards),
                    marked,
                    0,
                    found);
            double numbers = touches.numbers((double) shards.rows() / steps / shards.count()) * count * shards.count();
            return touches.joinedIn(joined / numbers);
        }
    }
}
