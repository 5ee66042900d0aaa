package dev.kindling.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.launcher.JavaModuleOptions;

/** Runs the benchmarks that are named, each in a JVM of its own with the options of a user's driver. */
public final class Benchmarks {
    private record Benchmark(String about, Class<?> type) {}

    private static final Map<String, Benchmark> ALL = new LinkedHashMap<>();

    static {
        ALL.put("epochs", new Benchmark("seconds an epoch beside PyTorch and scikit-learn", Epochs.class));
        ALL.put("core", new Benchmark("rows a second of one thread beside PyTorch, and the share of its peak", Core.class));
        ALL.put("products", new Benchmark("matrix products beside netlib's in plain Java", Products.class));
        ALL.put("mlpc", new Benchmark("seconds to 0.87 test accuracy beside Spark's own perceptron", Mlpc.class));
        ALL.put("deep", new Benchmark("a pass of 12 million weights beside Spark's own perceptron", Deep.class));
        ALL.put("wire", new Benchmark("a step over Spark, beyond its compute, beside the floor", Wire.class));
        ALL.put("rounds", new Benchmark("accuracy and seconds by the number of local steps", Rounds.class));
        ALL.put("cluster", new Benchmark("a standalone cluster in this machine, and the bits of local[2]", Cluster.class));
        ALL.put("planner", new Benchmark("an epoch as --dry-run-scale predicts it beside one that is trained", Planner.class));
        ALL.put("sparse", new Benchmark("a step that touches a tenth of its weights beside a dense one", Sparse.class));
        ALL.put("soak", new Benchmark("what ten thousand steps leave behind", Soak.class));
        ALL.put("growth", new Benchmark("how an epoch grows with rows, width and shards", Growth.class));
        ALL.put("packing", new Benchmark("reading rows into shards beside only reading them", PackingRows.class));
        ALL.put("ingest", new Benchmark("train, up to its first epoch, beside reading the file and adding up", Ingest.class));
        ALL.put("search", new Benchmark("trials a minute beside Spark's CrossValidator, and the winners", Search.class));
        ALL.put("scoring", new Benchmark("transform beside Spark's own perceptron", Scoring.class));
        ALL.put("serving", new Benchmark("a row without Spark beside ONNX Runtime and transform", Serving.class));
        ALL.put("vectorizing", new Benchmark("raw columns into vectors beside Spark's own stages", Vectorizing.class));
        ALL.put("tables", new Benchmark("train on every table of a folder beside scikit-learn", Tables.class));
        ALL.put("recipes", new Benchmark("what each part of the defaults gains on those tables", Recipes.class));
    }

    private Benchmarks() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        boolean all = List.of(arguments).equals(List.of("all"));
        if (!all && (arguments.length == 0 || !ALL.containsKey(arguments[0]))) {
            System.err.println("usage: submit/benchmark (all | NAME [argument of NAME ...])\n");
            ALL.forEach((name, benchmark) -> System.err.printf("  %-12s %s%n", name, benchmark.about));
            System.exit(2);
        }
        List<String> names = all ? List.copyOf(ALL.keySet()) : List.of(arguments[0]);
        List<String> rest = Arrays.asList(arguments).subList(1, arguments.length);
        for (String name : names) {
            Benchmark benchmark = ALL.get(name);
            System.out.printf("%n== %s: %s%n", name, benchmark.about);
            int code = run(benchmark.type, rest);
            if (code != 0) {
                System.exit(code);
            }
        }
    }

    private static int run(Class<?> type, List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.add("-Xmx" + System.getProperty("bench.heap", "6g"));
        command.addAll(Session.driverOptions());
        command.addAll(List.of(JavaModuleOptions.defaultModuleOptions().split(" ")));
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(type.getName());
        command.addAll(arguments);
        ProcessBuilder child = new ProcessBuilder(command).inheritIO();
        // Some machines preset these, and so halve OpenBLAS.
        child.environment().keySet().removeAll(List.of("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"));
        return child.start().waitFor();
    }
}
