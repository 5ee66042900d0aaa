package dev.kindling.bench;

import dev.kindling.StandaloneCluster;
import dev.kindling.checkpoint.Epoch;
import dev.kindling.data.Shards;
import dev.kindling.engine.StepTimes;
import dev.kindling.nn.Network;
import dev.kindling.train.RunConfig;
import dev.kindling.train.TrainListener;
import dev.kindling.train.Trainer;
import dev.kindling.train.scale.ScalePlan;
import dev.kindling.train.scale.SharedCores;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * Seconds an epoch as {@code --dry-run-scale} predicts them from two executors, beside those that training then takes on 1, 2
 * and 4: a standalone cluster in this machine, over its loopback and, for root, over links held at 100 Mbit/s and 1 Gbit/s
 * both ways. Executors have one core each; more of them than this machine has cores share those, which the prediction is
 * told; and the parts of both. Arguments: [link ...], of {@code loopback}, {@code 1gbit}, {@code 100mbit}.
 */
public final class Planner {
    private static final Path FOLDER = Path.of("target", "benchmark", "planner").toAbsolutePath();
    private static final String LOOPBACK = "loopback";
    private static final String INSIDE = "inside"; // the driver's namespace
    private static final int[] EXECUTORS = {2, 1, 4}; // the first is planned from
    private static final int[] LOCAL_STEPS = {1, 16};
    private static final int NARROW = 98; // 10,000 parameters, whose jobs take the time
    private static final int WIDE = 2_283; // 235,000 parameters, whose bytes do
    private static final int BATCH = 512;
    private static final int STEPS = 32;
    private static final double WARM_UP = 15; // seconds
    private static final double MEASURED = 5; // seconds, or three epochs

    private Planner() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length > 0 && arguments[0].equals(INSIDE)) {
            StandaloneCluster.Hosts hosts = new StandaloneCluster.Hosts() {
                @Override
                public String address(int worker) {
                    return Namespaces.address(worker);
                }

                @Override
                public List<String> on(int worker) {
                    return worker == Namespaces.DRIVER ? List.of() : Namespaces.on(worker);
                }
            };
            try (StandaloneCluster cluster = new StandaloneCluster(FOLDER, most(), Map.of(), hosts)) {
                measure(arguments[1], cluster, Namespaces.address(Namespaces.DRIVER));
            }
            return;
        }
        List<String> links = arguments.length > 0 ? List.of(arguments) : List.of(LOOPBACK, "1gbit", "100mbit");
        for (String link : links) {
            if (link.equals(LOOPBACK)) {
                try (StandaloneCluster cluster = new StandaloneCluster(FOLDER, most(), Map.of())) {
                    measure(link, cluster, "127.0.0.1");
                }
            } else if (Namespaces.possible()) {
                Namespaces hosts = new Namespaces(most(), link);
                try (hosts) {
                    inside(link);
                }
            } else {
                System.out.println(link + " needs root, ip and tc: left out");
            }
        }
    }

    private static int most() {
        return Arrays.stream(EXECUTORS).max().orElseThrow();
    }

    /** Runs this in the driver's namespace. */
    private static void inside(String link) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(Namespaces.on(Namespaces.DRIVER));
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Planner.class.getName(), INSIDE, link));
        int code = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (code != 0) {
            throw new IllegalStateException("the run over " + link + " ended with " + code);
        }
    }

    private static void measure(String link, StandaloneCluster cluster, String driver) throws Exception {
        double cores = Peak.cores();
        System.out.printf("this machine computes like %.2f cores%n", cores);
        Map<Integer, ScalePlan> plans = new HashMap<>(); // by width
        Table table = new Table(
                "link", "parameters", "executors", "local steps", "predicted s", "measured s", "predicted / measured");
        Table parts = new Table(
                "ms a step: parameters",
                "executors",
                "local steps",
                "Spark predicted",
                "measured",
                "compute predicted",
                "measured",
                "driver predicted",
                "measured");
        for (int executors : EXECUTORS) {
            SparkConf conf = Session.conf(cluster)
                    .set("spark.driver.host", driver)
                    .set("spark.driver.bindAddress", driver)
                    .set("spark.executor.memory", "1g")
                    .set("spark.cores.max", String.valueOf(executors))
                    .set("spark.default.parallelism", String.valueOf(executors));
            try (SparkSession spark = Session.of(conf)) {
                JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
                try (Shards shards = Noise.pack(context, STEPS * BATCH, executors)) {
                    for (int width : link.equals(LOOPBACK) ? new int[] {NARROW, WIDE} : new int[] {WIDE}) {
                        RunConfig run = Noise.run(Noise.network(width), shards, 1, BATCH);
                        ScalePlan plan = plans.computeIfAbsent(
                                width, each -> plan(shards, run));
                        for (int steps : LOCAL_STEPS) {
                            SharedCores.Parts predicted = SharedCores.of(plan, EXECUTORS[0], executors, steps, cores);
                            List<Epoch> epochs = train(shards, width, steps);
                            double measured = seconds(epochs);
                            String parameters =
                                    String.format("%,d", run.network().parameterCount());
                            table.add(
                                    link,
                                    parameters,
                                    executors,
                                    steps,
                                    predicted.epoch(),
                                    measured,
                                    predicted.epoch() / measured);
                            StepTimes times = Epoch.meanStepTimes(epochs);
                            parts.add(
                                    parameters,
                                    executors,
                                    steps,
                                    predicted.spark(),
                                    times.schedule() + times.broadcast(),
                                    predicted.compute(),
                                    times.compute(),
                                    predicted.driver(),
                                    times.reduce() + times.update());
                        }
                    }
                }
            }
        }
        table.print();
        parts.print();
    }

    private static ScalePlan plan(Shards shards, RunConfig run) {
        ScalePlan plan = ScalePlan.of(shards, run, null, 1, most());
        System.out.println(plan);
        return plan;
    }

    /** Epochs, once the JVMs have compiled what they take. */
    private static List<Epoch> train(Shards shards, int width, int localSteps) {
        Network network = Noise.network(width);
        long start = System.nanoTime();
        double last;
        do {
            last = seconds(train(shards, network, 1, localSteps));
        } while ((System.nanoTime() - start) / 1e9 < WARM_UP);
        return train(shards, network, Math.max(3, (int) (MEASURED / last)), localSteps);
    }

    private static List<Epoch> train(Shards shards, Network network, int epochs, int localSteps) {
        RunConfig run = Noise.run(network, shards, epochs, BATCH);
        RunConfig local = run.withOptions(
                run.options().withLocalSteps(localSteps, run.options().outerOptimizer()));
        return new Trainer(local, new TrainListener() {}).fit(shards).history();
    }

    private static double seconds(List<Epoch> epochs) {
        return Times.median(epochs.stream().map(Epoch::trainingSeconds).toList());
    }
}
