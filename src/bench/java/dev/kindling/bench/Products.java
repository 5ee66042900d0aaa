package dev.kindling.bench;

import dev.kindling.linalg.Gemm;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The matrix products of 784-256-128-10, by provider. JMH. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class Products {
    @Param({"openblas", "vector", "java"})
    public String provider;

    @Param({"128", "512"})
    public int rows;

    @Param({"784x256", "256x128", "128x10"})
    public String shape;

    private Gemm gemm;
    private int in;
    private int out;
    private float[] x;
    private float[] w;
    private float[] y;

    @Setup
    public void setup() {
        gemm = Gemm.named(provider);
        in = Integer.parseInt(shape.split("x")[0]);
        out = Integer.parseInt(shape.split("x")[1]);
        x = new float[rows * in];
        w = new float[in * out];
        y = new float[rows * out];
    }

    @Benchmark
    public float[] forward() {
        gemm.multiply(rows, out, in, x, 0, w, 0, 0f, y, 0);
        return y;
    }
}
