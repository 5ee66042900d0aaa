package dev.kindling.train;

import dev.kindling.linalg.Kernels;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Weighted sums over rows: of the loss, its gradient, the metric, and the weights. It crosses the wire as bytes. */
final class GradientSum {
    private static final int HEADER = 3 * Double.BYTES;

    final float[] gradient; // with the layout of the parameters; empty where only the loss was wanted
    double loss;
    double metric;
    double weight;

    GradientSum(int parameters) {
        this.gradient = new float[parameters];
    }

    byte[] toBytes() {
        byte[] bytes = new byte[Math.toIntExact(HEADER + (long) Float.BYTES * gradient.length)];
        ByteBuffer buffer = little(bytes);
        buffer.putDouble(loss).putDouble(metric).putDouble(weight);
        buffer.asFloatBuffer().put(gradient);
        return bytes;
    }

    static GradientSum fromBytes(byte[] bytes) {
        ByteBuffer buffer = little(bytes);
        GradientSum sum = new GradientSum((bytes.length - HEADER) / Float.BYTES);
        sum.loss = buffer.getDouble();
        sum.metric = buffer.getDouble();
        sum.weight = buffer.getDouble();
        buffer.asFloatBuffer().get(sum.gradient);
        return sum;
    }

    void add(GradientSum other) {
        Kernels.add(gradient.length, other.gradient, 0, gradient, 0);
        addLoss(other);
    }

    /** This sum, of nothing. */
    GradientSum cleared() {
        Kernels.fill(gradient.length, 0f, gradient, 0);
        loss = 0;
        metric = 0;
        weight = 0;
        return this;
    }

    /** Adds all but the gradient. */
    void addLoss(GradientSum other) {
        loss += other.loss;
        metric += other.metric;
        weight += other.weight;
    }

    static byte[] toBytes(float[] values) {
        byte[] bytes = new byte[Math.toIntExact((long) Float.BYTES * values.length)];
        little(bytes).asFloatBuffer().put(values);
        return bytes;
    }

    static float[] floats(byte[] bytes) {
        float[] values = new float[bytes.length / Float.BYTES];
        little(bytes).asFloatBuffer().get(values);
        return values;
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
