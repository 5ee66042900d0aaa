package dev.kindling.engine;

import dev.kindling.linalg.Kernels;
import dev.kindling.linalg.Require;
import dev.kindling.loss.Metric;
import dev.kindling.loss.Scored;
import dev.kindling.loss.Tally;
import dev.kindling.spark.FloatWire;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Weighted sums over rows: of the loss, its gradient, the weights and the metric; and the time they took. */
public final class GradientSum extends FloatWire {
    private static final long serialVersionUID = 1L;
    private static final int HEAD = 3 * Double.BYTES + 3 * Long.BYTES + 4 * Integer.BYTES;
    private static final double[] NONE = {};

    public float[] gradient; // in the layout of the parameters; empty if only the loss was asked for
    public double loss;
    public double[] metric = NONE; // the sums of a metric's tally; empty where no rows were counted
    public int moments; // that the metric's sums end with: see Tally
    public int[][] touched = InputSets.NONE; // the inputs that rows of steps to come have, where that was asked for
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
        addMetric(other);
        touched = InputSets.union(touched, other.touched);
        weight += other.weight;
        norm += other.norm;
        fingerprint += other.fingerprint;
        nanos += other.nanos;
        longestNanos = Math.max(longestNanos, other.longestNanos);
    }

    private void addMetric(GradientSum other) {
        if (metric.length == 0) {
            metric = other.metric.length == 0 ? NONE : other.metric.clone();
            moments = other.moments;
        } else if (other.metric.length > 0) {
            Tally.join(metric, other.metric, 0, metric.length, moments);
        }
    }

    /**
     * Sets the metric's sums.
     *
     * @param sums kept, not copied
     * @param ending how many moments they end with
     */
    public void setMetric(double[] sums, int ending) {
        Require.that(
                ending >= 0 && ending <= sums.length / Tally.MOMENT,
                sums.length + " sums cannot end with " + ending + " moments");
        metric = sums;
        moments = ending;
    }

    /** Counts rows for the metric with this tally: the same one for all rows of a sum. */
    void count(Tally tally, Scored rows) {
        if (metric.length == 0) {
            metric = new double[tally.sums()];
            moments = tally.moments();
        }
        tally.add(rows, metric, 0);
    }

    /** The metric of the rows that were counted; NaN without rows. */
    public double of(Metric wanted) {
        return metric.length == 0 ? Double.NaN : wanted.of(metric, weight);
    }

    /** This sum, set to zero. */
    public GradientSum cleared() {
        Kernels.fill(gradient.length, 0f, gradient, 0);
        loss = 0;
        metric = NONE;
        moments = 0;
        touched = InputSets.NONE;
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
                .putDouble(weight)
                .putDouble(norm)
                .putLong(fingerprint)
                .putLong(nanos)
                .putLong(longestNanos)
                .putInt(moments)
                .putInt(metric.length)
                .putInt(touched.length)
                .putInt(gradient.length);
        out.pass(head, 0, HEAD);
        byte[] figures = new byte[metric.length * Double.BYTES];
        head(figures).asDoubleBuffer().put(metric);
        out.pass(figures, 0, figures.length);
        InputSets.send(touched, out);
        send(gradient, out);
    }

    @Override
    public <E extends Exception> void receive(Bytes<E> in) throws E {
        byte[] bytes = new byte[HEAD];
        in.pass(bytes, 0, HEAD);
        ByteBuffer head = head(bytes);
        loss = head.getDouble();
        weight = head.getDouble();
        norm = head.getDouble();
        fingerprint = head.getLong();
        nanos = head.getLong();
        longestNanos = head.getLong();
        moments = head.getInt();
        metric = new double[head.getInt()];
        int sets = head.getInt();
        byte[] figures = new byte[metric.length * Double.BYTES];
        in.pass(figures, 0, figures.length);
        head(figures).asDoubleBuffer().get(metric);
        touched = InputSets.receive(sets, in);
        gradient = receive(head.getInt(), in);
    }
}
