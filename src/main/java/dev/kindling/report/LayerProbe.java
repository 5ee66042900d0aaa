package dev.kindling.report;

import dev.kindling.data.Shards;
import dev.kindling.engine.GemmBackend;
import dev.kindling.linalg.RandomKey;
import dev.kindling.loss.Batch;
import dev.kindling.loss.Loss;
import dev.kindling.nn.Activation;
import dev.kindling.nn.Layer;
import dev.kindling.nn.Network;
import dev.kindling.nn.Workspace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Runs the same few rows forward and backward through a network, and reports the state of each layer. It runs on the
 * driver: a few hundred rows show what layers do as well as all rows, and need no Spark job.
 */
public final class LayerProbe {
    /** Enough rows that a unit which is off for all of them is dead. */
    public static final int ROWS = 256;

    static final double FLAT = 0.05;
    static final double DEAD = 1e-3;

    /** The interval searched for a function's steepest slope: it contains those of all activations. */
    private static final float RANGE = 4;

    private static final RandomKey KEY = RandomKey.of(0); // dropout drops the same units each time

    private final Network network;
    private final Loss loss;
    private final Batch rows;
    private final Workspace workspace;
    private final float[] gradient;

    public LayerProbe(Network network, Loss loss, String gemm, Batch rows) {
        this.network = network;
        this.loss = loss;
        this.rows = rows;
        this.workspace = network.workspace(GemmBackend.follow(gemm), rows.rows());
        this.gradient = new float[network.parameterCount()];
    }

    /** A probe with a sample of these rows. */
    static LayerProbe of(Shards shards, Network network, Loss loss, String gemm) {
        return new LayerProbe(network, loss, gemm, shards.sample(ROWS));
    }

    /** The states of all layers with these parameters, from the first. */
    public List<LayerState> look(float[] parameters) {
        List<Layer> layers = network.layers();
        Gradients[] gradients = new Gradients[layers.size()];
        Arrays.fill(gradient, 0f);
        network.accumulate(parameters, rows, loss, KEY, workspace, gradient, (layer, delta) -> {
            int count = rows.rows() * network.outputs(layer);
            gradients[layer] = new Gradients(rootMeanSquare(delta, count), Histogram.of(delta, 0, count));
        });
        List<LayerState> states = new ArrayList<>();
        for (int i = 0; i < layers.size(); i++) {
            float[] outputs = workspace.output(i);
            int units = network.outputs(i);
            int count = rows.rows() * units;
            double mean = mean(outputs, count);
            Slopes slopes = layers.get(i) instanceof Activation activation && i > 0
                    ? slopes(activation, workspace.output(i - 1), outputs, units)
                    : Slopes.NONE;
            Gradients back = gradients[i];
            states.add(new LayerState(
                    network.layerNames().get(i),
                    units,
                    mean,
                    deviation(outputs, count, mean),
                    Histogram.of(outputs, 0, count),
                    back == null ? Double.NaN : back.size,
                    back == null ? null : back.histogram,
                    slopes.saturated,
                    slopes.dead));
        }
        return states;
    }

    private record Gradients(double size, Histogram histogram) {}

    private record Slopes(double saturated, double dead) {
        static final Slopes NONE = new Slopes(Double.NaN, Double.NaN);
    }

    private Slopes slopes(Activation activation, float[] in, float[] out, int units) {
        int count = rows.rows() * units;
        float[] slope = new float[count];
        Arrays.fill(slope, 1f);
        activation.chain(count, in, out, slope);
        float steepest = steepest(activation);
        int saturated = 0;
        boolean[] alive = new boolean[units];
        for (int i = 0; i < count; i++) {
            float share = Math.abs(slope[i]) / steepest;
            saturated += share < FLAT ? 1 : 0;
            alive[i % units] |= share >= DEAD;
        }
        int dead = 0;
        for (boolean each : alive) {
            dead += each ? 0 : 1;
        }
        return new Slopes((double) saturated / count, (double) dead / units);
    }

    /** The largest absolute slope of an activation. */
    private static float steepest(Activation activation) {
        int points = 161;
        float[] in = new float[points];
        for (int i = 0; i < points; i++) {
            in[i] = RANGE * (2f * i / (points - 1) - 1);
        }
        float[] out = new float[points];
        activation.apply(points, in, out);
        float[] slope = new float[points];
        Arrays.fill(slope, 1f);
        activation.chain(points, in, out, slope);
        float steepest = 0;
        for (float each : slope) {
            steepest = Math.max(steepest, Math.abs(each));
        }
        return steepest;
    }

    private static double mean(float[] values, int count) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += values[i];
        }
        return sum / count;
    }

    private static double deviation(float[] values, int count, double mean) {
        double squares = 0;
        for (int i = 0; i < count; i++) {
            squares += (values[i] - mean) * (values[i] - mean);
        }
        return Math.sqrt(squares / count);
    }

    private static double rootMeanSquare(float[] values, int count) {
        double squares = 0;
        for (int i = 0; i < count; i++) {
            squares += (double) values[i] * values[i];
        }
        return Math.sqrt(squares / count);
    }
}
