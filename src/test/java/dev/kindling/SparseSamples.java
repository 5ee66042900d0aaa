package dev.kindling;

import dev.kindling.data.Packing;
import dev.kindling.data.RowReader;
import dev.kindling.data.RowSink;
import dev.kindling.data.Shards;
import dev.kindling.linalg.SplitMix64;
import dev.kindling.loss.Loss;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.apache.spark.api.java.JavaSparkContext;

/** Made-up rows of few values among many columns, as hashed text or categories have. */
public final class SparseSamples {
    public static final int COLUMNS = 4_000;

    private SparseSamples() {}

    /** A row's values other than 0. */
    public static final class Sample implements Serializable {
        private static final long serialVersionUID = 1L;

        final int[] indices;
        final double[] values;
        final double label;

        Sample(int[] indices, double[] values, double label) {
            this.indices = indices;
            this.values = values;
            this.label = label;
        }
    }

    private static final class Reader implements RowReader<Sample> {
        private static final long serialVersionUID = 1L;

        @Override
        public void read(Sample row, RowSink sink) {
            sink.sparse(COLUMNS, row.indices, row.values);
            sink.label(row.label);
            sink.weight(1.0);
            sink.validation(false);
        }
    }

    /** Some columns are frequent, most are rare; the first row has no values. */
    public static List<Sample> rows(int count, long seed) {
        SplitMix64 random = new SplitMix64(seed);
        List<Sample> rows = new ArrayList<>();
        for (int row = 0; row < count; row++) {
            TreeSet<Integer> columns = new TreeSet<>();
            int label = random.nextDouble() < 0.5 ? 1 : 0;
            while (row > 0 && columns.size() < 6) {
                double u = random.nextDouble();
                columns.add((int) (COLUMNS * u * u * u));
            }
            if (row > 0) {
                columns.add(label == 1 ? 7 : 2_345);
            }
            int[] indices = columns.stream().mapToInt(Integer::intValue).toArray();
            double[] values = new double[indices.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = indices[i] % 3 == 0 ? 1 : random.nextGaussian();
            }
            rows.add(new Sample(indices, values, label));
        }
        return rows;
    }

    public static Shards pack(JavaSparkContext context, List<Sample> rows, int shards) {
        return Shards.pack(
                context.parallelize(rows, 3),
                new Reader(),
                new Packing(shards, 7, new Loss.SoftmaxCrossEntropy(), 0, 0, Samples.COLUMNS));
    }
}
