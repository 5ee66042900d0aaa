package dev.kindling.train.scale;

import dev.kindling.data.Shards;
import dev.kindling.linalg.Require;
import dev.kindling.optim.FirstOrder;
import dev.kindling.optim.OuterOptimizer;
import dev.kindling.spark.JobScope;
import dev.kindling.spec.Spec;
import dev.kindling.train.RunConfig;
import dev.kindling.train.TrainListener;
import dev.kindling.train.Trainer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.TreeSet;
import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How long epochs of a run would take on other numbers of executors, predicted from parts measured on the cluster at hand. */
public final class ScalePlan {
    /** The most executors that are predicted. */
    public static final int MOST_EXECUTORS = 256;

    /** A Spark property, also read as a thread's local property: about the seconds to measure for. */
    public static final String SECONDS = "spark.kindling.planSeconds";

    private static final double USUAL_SECONDS = 60;

    static final List<Integer> LOCAL_STEPS = List.of(1, 16, 64);

    /** Seconds a byte of a network that could not be measured: 1 Gbit/s. */
    private static final double USUAL_LINK = 8e-9;

    /** Seconds a byte that cannot be told from none: 5 GB/s. */
    private static final double TOO_FAST = 0.2e-9;

    private static final Logger LOG = LoggerFactory.getLogger("dev.kindling.progress");

    private final ScaleModel model;
    private final ClusterSize cluster;
    private final double step; // seconds of one at hand
    private final double parts; // their sum
    private final OptionalDouble threads; // the same in threads of this JVM
    private final double seconds; // that measuring took
    private final int most;

    private ScalePlan(
            ScaleModel model,
            ClusterSize cluster,
            double step,
            double parts,
            OptionalDouble threads,
            double seconds,
            int most) {
        this.model = model;
        this.cluster = cluster;
        this.step = step;
        this.parts = parts;
        this.threads = threads;
        this.seconds = seconds;
        this.most = most;
    }

    /**
     * Takes steps on the cluster at hand for about a minute (property {@link #SECONDS}), and predicts from their parts. Nothing is kept of what they
     * learn.
     *
     * @param initial parameters to begin with; null for fresh ones
     * @param members networks that the run trains at once
     * @param most executors to predict
     * @throws dev.kindling.linalg.InvalidInput if the run takes no steps on batches
     */
    public static ScalePlan of(Shards shards, RunConfig run, float @Nullable [] initial, int members, int most) {
        requireCount(most);
        Require.that(
                run.rule().optimizer() instanceof FirstOrder,
                Spec.name(run.rule().optimizer()) + " takes no steps on batches, whose time could be predicted");
        RunConfig stepping = run.withOptions(run.options().withLocalSteps(1, new OuterOptimizer.Average()));
        Trainer trainer = new Trainer(stepping, new TrainListener() {});
        JavaSparkContext context =
                JavaSparkContext.fromSparkContext(shards.rdd().context());
        double pace = seconds(context) / USUAL_SECONDS;
        ClusterSize cluster = ClusterSize.of(context);
        LOG.info("measuring steps, jobs and messages on {}", cluster);
        long start = System.nanoTime();
        return JobScope.run(context.sc(), () -> {
            StepProbe steps = new StepProbe(shards, stepping, trainer, initial, pace);
            OptionalDouble threads = steps.threads();
            StepProbe.Found found = steps.jobs();
            Wire wire = new NetworkProbe(context, cluster, pace).measure();
            RunShape one = RunShape.of(run, shards.rows(), 1, found.touches());
            double parts = new ScaleModel(wire, found.compute(), one, cluster.cores())
                    .of(cluster.executors(), shards.count(), 1)
                    .round();
            wire = wire.longer(found.whole() - parts);
            if (cluster.local()) {
                wire = wire.over(USUAL_LINK);
            }
            ScaleModel model = new ScaleModel(wire, found.compute(), one.withMembers(members), cluster.cores());
            return new ScalePlan(model, cluster, found.whole(), parts, threads, Repeated.since(start), most);
        });
    }

    private static double seconds(JavaSparkContext context) {
        String local = context.getLocalProperty(SECONDS);
        double seconds =
                local == null ? context.getConf().getDouble(SECONDS, USUAL_SECONDS) : Double.parseDouble(local);
        return Require.positive(seconds, SECONDS);
    }

    /** Refuses a number of executors that is not predicted. */
    public static void requireCount(int executors) {
        Require.inRange(executors, 1, MOST_EXECUTORS, "the number of executors to predict for");
    }

    /**
     * Predicted seconds of an epoch, without validation.
     *
     * @throws dev.kindling.linalg.InvalidInput if {@code executors} is not in [1, {@link #MOST_EXECUTORS}], or {@code
     *     localSteps} is not positive
     */
    public double secondsPerEpoch(int executors, int localSteps) {
        requireCount(executors);
        Require.positive(localSteps, "localSteps");
        return model.of(executors, localSteps).epoch();
    }

    ScaleModel model() {
        return model;
    }

    /** What was measured, the tables, and what limits, in lines of text. */
    @Override
    public String toString() {
        List<String> lines = new ArrayList<>();
        measured(lines);
        TreeSet<Integer> rounds = new TreeSet<>(LOCAL_STEPS);
        rounds.add(model.run().localSteps());
        lines.add("");
        lines.add("predicted seconds an epoch, without validation, with " + cluster.cores()
                + (cluster.cores() == 1 ? " core" : " cores") + " of its own for each executor:");
        StringBuilder head = new StringBuilder(format("%10s%10s", "executors", "shards"));
        rounds.forEach(each -> head.append(format("%15s", each == 1 ? "1 local step" : each + " local steps")));
        lines.add(head.toString());
        for (int executors : executors()) {
            StringBuilder line = new StringBuilder(format("%10d%10d", executors, executors * cluster.cores()));
            rounds.forEach(each -> line.append(format("%15s", number(secondsPerEpoch(executors, each)))));
            lines.add(line.toString());
        }
        lines.add("");
        lines.add("milliseconds of a round, by its parts:");
        lines.add(format(
                "%10s%12s%10s%10s%10s%10s%10s%10s",
                "executors", "local steps", "schedule", "sent", "returned", "compute", "driver", "round"));
        for (int executors : executors()) {
            for (int each : rounds) {
                Prediction round = model.of(executors, each);
                lines.add(format(
                        "%10d%12d%10s%10s%10s%10s%10s%10s",
                        executors,
                        each,
                        number(1e3 * round.schedule()),
                        number(1e3 * round.sent()),
                        number(1e3 * round.returned()),
                        number(1e3 * round.compute()),
                        number(1e3 * round.driver()),
                        number(1e3 * round.round())));
            }
        }
        lines.add("");
        lines.addAll(Limit.of(model, executors()));
        return String.join("\n", lines);
    }

    private void measured(List<String> lines) {
        Wire wire = model.wire();
        Compute compute = model.compute();
        lines.add(format("measured in %.0f s on %s:", seconds, cluster));
        lines.add(format(
                "  a job takes %s ms, and %s ms of the driver for each task%s",
                number(1e3 * wire.job()),
                number(1e3 * wire.task()),
                cluster.local() ? "; within one JVM, and a cluster's jobs take longer" : ""));
        lines.add(
                cluster.local()
                        ? format(
                                "  the network is not measured, as there is none: 1 Gbit/s is taken; run it on two executors"
                                        + " or more to measure theirs")
                        : format(
                                "  the driver's link sends %s and receives %s",
                                speed(wire.out().each()), speed(wire.back().each())));
        lines.add(format(
                "  a step takes a core %s ms and %s µs for each row, and the driver %s ms; a local step takes a"
                        + " core %.2f of that and %s ms more",
                number(1e3 * compute.step()),
                number(1e6 * compute.row()),
                number(1e3 * compute.update()),
                compute.warm(),
                number(1e3 * compute.local())));
        RunShape run = model.run();
        if (run.isPart(1)) {
            lines.add(format(
                    "  a step touches %,.0f of the %,d rows of the first weights; only those travel%s",
                    run.touches().numbers(run.stepRows()),
                    run.touches().all(),
                    run.touches().isPartOfRounds()
                            ? ""
                            : ", but with local steps all do, because the optimizer moves all"));
        }
        lines.add(format(
                "  here a step took %s ms; from the parts it is predicted as %s ms, and the difference is taken for the job's",
                number(1e3 * step), number(1e3 * parts)));
        threads.ifPresent(each -> lines.add(format(
                "  threads of this JVM, without a job for each step, take %s ms: %s s an epoch",
                number(1e3 * each), number(model.run().steps() * each))));
    }

    /** 1, 2, 4 and so on up to the most, and the most itself. */
    private List<Integer> executors() {
        TreeSet<Integer> numbers = new TreeSet<>();
        for (int each = 1; each < most; each *= 2) {
            numbers.add(each);
        }
        numbers.add(most);
        return List.copyOf(numbers);
    }

    /** @param each seconds a byte */
    private static String speed(double each) {
        return each < TOO_FAST ? "faster than can be measured" : format("%.0f MB/s", 1e-6 / each);
    }

    /** Three digits that count. */
    private static String number(double value) {
        double size = Math.abs(value);
        return format(size >= 99.95 ? "%,.0f" : size >= 9.995 ? "%.1f" : size >= 0.9995 ? "%.2f" : "%.3f", value);
    }

    private static String format(String pattern, Object... arguments) {
        return String.format(Locale.ROOT, pattern, arguments);
    }
}
