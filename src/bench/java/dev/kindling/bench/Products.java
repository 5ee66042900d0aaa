package dev.kindling.bench;

import dev.kindling.linalg.Gemm;
import dev.ludovic.netlib.blas.BLAS;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * The matrix products of 784-256-128-10, by JMH: each of Kindling's backends, and netlib's two in plain Java, by one
 * thread; medians of the iterations. Arguments: [forks [iterations [product]]], such as
 * forward.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class Products {
    @Param({"128", "512"})
    public int rows;

    @Param({"784x256", "256x128", "128x10"})
    public String shape;

    @Param({"openblas", "vector", "java", "netlib Java11BLAS", "netlib F2jBLAS"})
    public String backend;

    /** C = beta C + A B, row-major, A or B as it lies or transposed. */
    private interface Product {
        void run(boolean aPlain, boolean bPlain, int m, int n, int k, float[] a, float[] b, float beta, float[] c);
    }

    private Product product;
    private int in;
    private int out;
    private float[] x; // (rows, in)
    private float[] w; // (in, out)
    private float[] y; // (rows, out)

    @Setup
    public void setup() throws ReflectiveOperationException {
        product = backend.startsWith("netlib ") ? netlib(backend.substring(7)) : ours(Gemm.named(backend));
        in = inputs(shape);
        out = outputs(shape);
        x = random(rows * in);
        w = random(in * out);
        y = random(rows * out);
    }

    /** Of zeros F2jBLAS would multiply none. */
    static float[] random(int size) {
        Random random = new Random(size);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = random.nextFloat();
        }
        return values;
    }

    private static int inputs(String shape) {
        return Integer.parseInt(shape.split("x")[0]);
    }

    private static int outputs(String shape) {
        return Integer.parseInt(shape.split("x")[1]);
    }

    private static Product ours(Gemm gemm) {
        return (aPlain, bPlain, m, n, k, a, b, beta, c) -> {
            if (!aPlain) {
                gemm.multiplyTransA(m, n, k, a, 0, b, 0, beta, c, 0);
            } else if (!bPlain) {
                gemm.multiplyTransB(m, n, k, a, 0, b, 0, beta, c, 0);
            } else {
                gemm.multiply(m, n, k, a, 0, b, 0, beta, c, 0);
            }
        };
    }

    /** By the class's name: netlib's own choice depends on the JVM. Row-major operands change places. */
    private static Product netlib(String name) throws ReflectiveOperationException {
        Method instance = Class.forName("dev.ludovic.netlib.blas." + name).getDeclaredMethod("getInstance");
        instance.setAccessible(true);
        BLAS blas = (BLAS) instance.invoke(null);
        return (aPlain, bPlain, m, n, k, a, b, beta, c) -> blas.sgemm(
                bPlain ? "N" : "T",
                aPlain ? "N" : "T",
                n,
                m,
                k,
                1f,
                b,
                0,
                bPlain ? n : k,
                a,
                0,
                aPlain ? k : m,
                beta,
                c,
                0,
                n);
    }

    @Benchmark
    public float[] forward() {
        product.run(true, true, rows, out, in, x, w, 0f, y);
        return y;
    }

    @Benchmark
    public float[] weightGradient() {
        product.run(false, true, in, out, rows, x, y, 1f, w);
        return w;
    }

    @Benchmark
    public float[] inputGradient() {
        product.run(true, false, rows, in, out, y, w, 0f, x);
        return x;
    }

    public static void main(String[] arguments) throws Exception {
        int forks = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1;
        int iterations = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
        String only = arguments.length > 2 ? arguments[2] : "";
        var options = new OptionsBuilder()
                .include(Products.class.getName() + "." + only)
                .forks(forks)
                .warmupIterations(2)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(iterations)
                .measurementTime(TimeValue.milliseconds(200))
                .verbosity(VerboseMode.SILENT)
                .build();
        List<String> backends = new ArrayList<>();
        Map<String, List<Object>> lines = new LinkedHashMap<>();
        for (RunResult result : new Runner(options).run()) {
            BenchmarkParams params = result.getParams();
            int rows = Integer.parseInt(params.getParam("rows"));
            String shape = params.getParam("shape");
            String name = params.getBenchmark();
            String line = shape + ", batch " + rows + ", " + name.substring(name.lastIndexOf('.') + 1);
            String backend = params.getParam("backend");
            if (!backends.contains(backend)) {
                backends.add(backend);
            }
            double gflops = 2e-9 * rows * inputs(shape) * outputs(shape)
                    * result.getPrimaryResult().getStatistics().getPercentile(50);
            lines.computeIfAbsent(line, key -> new ArrayList<>(List.of(key))).add(gflops);
        }
        System.out.println("GFLOP/s of one thread");
        List<String> heads = new ArrayList<>(List.of("product"));
        heads.addAll(backends);
        heads.add("java / faster netlib");
        Table table = new Table(heads.toArray(String[]::new));
        for (List<Object> line : lines.values()) {
            double ours = (Double) line.get(1 + backends.indexOf("java"));
            double netlib = backends.stream()
                    .filter(backend -> backend.startsWith("netlib"))
                    .mapToDouble(backend -> (Double) line.get(1 + backends.indexOf(backend)))
                    .max()
                    .orElseThrow();
            line.add(ours / netlib);
            table.add(line.toArray());
        }
        table.print();
    }
}
