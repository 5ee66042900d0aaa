package dev.kindling.engine;

import dev.kindling.linalg.Kernels;
import dev.kindling.spark.FloatWire;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Weighted sums over rows: of the loss, its gradient, the metric, and the weights; and what they cost. */
public final class GradientSum extends FloatWire {
    private static final long serialVersionUID = 1L;
    private static final int HEAD = 4 * Double.BYTES + 3 * Long.BYTES + Integer.BYTES;

    public float[] gradient; // with the layout of the parameters; empty where only the loss was wanted
    public double loss;
    public double metric;
    public double weight;
    public double norm; // of a local step's gradient, times the weight
    public long fingerprint; // of the shards' rows, as tasks of Spark jobs found them
    public long nanos; // of all shards' computing
    public long longestNanos; // of one shard's

    public GradientSum(int parameters) {
        this(new float[parameters]);
    }

    private GradientSum(float[] gradient) {
        this.gradient = gradient;
    }

    /** For serializers. */
    public GradientSum() {
        this(0);
    }

    void add(GradientSum other) {
        Kernels.add(gradient.length, other.gradient, 0, gradient, 0);
        addLoss(other);
    }

    /** Adds all but the gradient. */
    public void addLoss(GradientSum other) {
        loss += other.loss;
        metric += other.metric;
        weight += other.weight;
        norm += other.norm;
        fingerprint += other.fingerprint;
        nanos += other.nanos;
        longestNanos = Math.max(longestNanos, other.longestNanos);
    }

    /** This sum, of nothing. */
    public GradientSum cleared() {
        Kernels.fill(gradient.length, 0f, gradient, 0);
        loss = 0;
        metric = 0;
        weight = 0;
        norm = 0;
        fingerprint = 0;
        nanos = 0;
        longestNanos = 0;
        return this;
    }

    /** Notes how long computing it took, from a reading of {@link System#nanoTime} till now. */
    GradientSum since(long start) {
        nanos = System.nanoTime() - start;
        longestNanos = nanos;
        return this;
    }

    /** A piece of the gradient; the first piece has the other sums. */
    public GradientSum slice(int from, int to) {
        GradientSum slice = new GradientSum(Arrays.copyOfRange(gradient, from, to));
        if (from == 0) {
            slice.addLoss(this);
        }
        return slice;
    }

    /** The sum whose pieces these are, in order. */
    public static GradientSum joined(GradientSum[] slices) {
        GradientSum sum = new GradientSum(
                Arrays.stream(slices).mapToInt(slice -> slice.gradient.length).sum());
        int from = 0;
        for (GradientSum slice : slices) {
            System.arraycopy(slice.gradient, 0, sum.gradient, from, slice.gradient.length);
            from += slice.gradient.length;
            sum.addLoss(slice);
        }
        return sum;
    }

    @Override
    public <E extends Exception> void send(Bytes<E> out) throws E {
        byte[] head = new byte[HEAD];
        head(head)
                .putDouble(loss)
                .putDouble(metric)
                .putDouble(weight)
                .putDouble(norm)
                .putLong(fingerprint)
                .putLong(nanos)
                .putLong(longestNanos)
                .putInt(gradient.length);
        out.pass(head, 0, HEAD);
        send(gradient, out);
    }

    @Override
    public <E extends Exception> void receive(Bytes<E> in) throws E {
        byte[] bytes = new byte[HEAD];
        in.pass(bytes, 0, HEAD);
        ByteBuffer head = head(bytes);
        loss = head.getDouble();
        metric = head.getDouble();
        weight = head.getDouble();
        norm = head.getDouble();
        fingerprint = head.getLong();
        nanos = head.getLong();
        longestNanos = head.getLong();
        gradient = receive(head.getInt(), in);
    }
}
