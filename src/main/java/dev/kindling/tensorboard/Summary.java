package dev.kindling.tensorboard;

import dev.kindling.nn.Block;
import dev.kindling.protobuf.ProtoMessage;
import dev.kindling.report.Histogram;
import java.util.Arrays;

/**
 * The values of one step: the message {@code Summary} of TensorFlow's <a
 * href="https://github.com/tensorflow/tensorboard/blob/master/tensorboard/compat/proto/summary.proto">summary.proto</a>.
 * TensorBoard reads scalars and histograms in this older form and converts them to the newer one (in its {@code
 * data_compat.py}).
 */
final class Summary {
    /** The number of buckets that TensorFlow's {@code tf.summary.histogram} makes. */
    static final int BUCKETS = 30;

    private static final int FLOAT_TYPE = 1;

    private final ProtoMessage message = new ProtoMessage();

    /** A point of a curve. NaN adds no point: without a gradient there is no gradient norm. */
    Summary scalar(String tag, double value) {
        return Double.isNaN(value) ? this : add(value(tag).put(2, (float) value));
    }

    /**
     * The histogram of a block's values: {@link #BUCKETS} buckets of equal width from the least value to the largest,
     * or one if those are equal. Values that are not finite are left out.
     */
    Summary histogram(String tag, float[] parameters, Block block) {
        double least = Double.POSITIVE_INFINITY;
        double largest = Double.NEGATIVE_INFINITY;
        double sum = 0;
        double squares = 0;
        long count = 0;
        int end = block.offset() + block.size();
        for (int i = block.offset(); i < end; i++) {
            double value = parameters[i];
            if (Double.isFinite(value)) {
                least = Math.min(least, value);
                largest = Math.max(largest, value);
                sum += value;
                squares += value * value;
                count++;
            }
        }
        if (count == 0) {
            return this;
        }
        double[] limits = new double[largest > least ? BUCKETS : 1]; // the right edge of each bucket
        double[] counts = new double[limits.length];
        double width = (largest - least) / limits.length;
        for (int i = 0; i < limits.length; i++) {
            limits[i] = i + 1 < limits.length ? least + (i + 1) * width : largest;
        }
        for (int i = block.offset(); i < end; i++) {
            double value = parameters[i];
            if (Double.isFinite(value)) {
                int bucket = width > 0 ? (int) ((value - least) / width) : 0;
                counts[Math.min(bucket, limits.length - 1)]++;
            }
        }
        ProtoMessage range = new ProtoMessage().put(1, least).put(2, largest).put(3, (double) count);
        return add(value(tag)
                .put(5, range.put(4, sum).put(5, squares).put(6, limits).put(7, counts)));
    }

    /** The same from a histogram, without the sums of values, which TensorBoard does not use. */
    Summary histogram(String tag, Histogram values) {
        double[] limits = values.limits();
        double[] counts = values.counts();
        if (!Double.isFinite(limits[limits.length - 1])) {
            return this;
        }
        ProtoMessage range = new ProtoMessage()
                .put(1, values.least())
                .put(2, limits[limits.length - 1])
                .put(3, Arrays.stream(counts).sum());
        return add(value(tag).put(5, range.put(6, limits).put(7, counts)));
    }

    /** Data for a TensorBoard plugin, in the metadata of a value that is itself an empty vector. */
    Summary metadata(String tag, String plugin, ProtoMessage content) {
        ProtoMessage none = new ProtoMessage();
        ProtoMessage shape = new ProtoMessage().put(2, none);
        ProtoMessage tensor = new ProtoMessage().put(1, FLOAT_TYPE).put(2, shape);
        ProtoMessage data = new ProtoMessage().put(1, plugin).put(2, content);
        return add(value(tag).put(8, tensor).put(9, new ProtoMessage().put(1, data)));
    }

    private static ProtoMessage value(String tag) {
        return new ProtoMessage().put(1, tag);
    }

    private Summary add(ProtoMessage value) {
        message.put(1, value);
        return this;
    }

    ProtoMessage message() {
        return message;
    }
}
