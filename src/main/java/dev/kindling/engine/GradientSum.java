package dev.kindling.engine;

import dev.kindling.linalg.Kernels;
import dev.kindling.spark.FloatWire;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Weighted sums over rows: of the loss, its gradient, the metric and the weights; and the time they took. */
public final class GradientSum extends FloatWire {
    private static final long serialVersionUID = 1L;
    private static final int HEAD = 4 * Double.BYTES + 3 * Long.BYTES + Integer.BYTES;

    public float[] gradient; // in the layout of the parameters; empty if only the loss was asked for
    public double loss;
    public double metric;
    public double weight;
    public double norm; // of a local step's gradient, times the weight
    public long fingerprint; // of the shards' rows, as the tasks of Spark jobs found them
    public long nanos; // of computing, all shards added
    public long longestNanos; // of computing the slowest shard

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

    /** This sum, set to zero. */
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

    /** Notes how long computing took, from a reading of {@link System#nanoTime} until now. */
    GradientSum since(long start) {
        nanos = System.nanoTime() - start;
        longestNanos = nanos;
        return this;
    }

    /** A slice of the gradient. The first slice also carries the other sums. */
    public GradientSum slice(int from, int to) {
        GradientSum slice = new GradientSum(Arrays.copyOfRange(gradient, from, to));
        if (from == 0) {
            slice.addLoss(this);
        }
        return slice;
    }

    /** The sum that these slices, in order, were cut from. */
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
