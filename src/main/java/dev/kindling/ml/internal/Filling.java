package dev.kindling.ml.internal;

import dev.kindling.model.InputRow;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.sql.Row;

/**
 * Fills missing features with the means of those that are present, so that a check can judge everything else. Training does not
 * fill: it refuses such rows.
 */
final class Filling implements Serializable {
    private static final long serialVersionUID = 1L;

    private final double[] means; // by feature

    private Filling(double[] means) {
        this.means = means;
    }

    /** @param rows as {@link LabelledRows} selects them */
    static Filling of(JavaRDD<Row> rows) {
        Sums all = new Sums();
        rows.mapPartitions(new Summing()).collect().forEach(all::add);
        return new Filling(all.means());
    }

    /** A row's values with the missing ones filled. */
    double[] fill(double[] values) {
        double[] filled = values.clone();
        for (int i = 0; i < filled.length; i++) {
            filled[i] = InputRow.isFinite(filled[i]) ? filled[i] : mean(i);
        }
        return filled;
    }

    /** The stored values of a sparse row with the missing ones filled. */
    double[] fill(int[] indices, double[] values) {
        double[] filled = values.clone();
        for (int i = 0; i < filled.length; i++) {
            filled[i] = InputRow.isFinite(filled[i]) ? filled[i] : mean(indices[i]);
        }
        return filled;
    }

    private double mean(int feature) {
        return feature < means.length ? means[feature] : 0;
    }

    /** Of the values that are present. */
    private static final class Sums implements Serializable {
        private static final long serialVersionUID = 1L;

        private double[] sums = {};
        private long[] counts = {};

        void add(int feature, double sum, long count) {
            if (feature >= sums.length) {
                int room = Math.max(feature + 1, 2 * sums.length);
                sums = Arrays.copyOf(sums, room);
                counts = Arrays.copyOf(counts, room);
            }
            sums[feature] += sum;
            counts[feature] += count;
        }

        void add(Sums other) {
            for (int i = 0; i < other.sums.length; i++) {
                add(i, other.sums[i], other.counts[i]);
            }
        }

        double[] means() {
            double[] means = new double[sums.length];
            for (int i = 0; i < means.length; i++) {
                means[i] = counts[i] == 0 ? 0 : sums[i] / counts[i];
            }
            return means;
        }
    }

    private static final class Summing implements FlatMapFunction<Iterator<Row>, Sums> {
        private static final long serialVersionUID = 1L;

        @Override
        public Iterator<Sums> call(Iterator<Row> rows) {
            Sums sums = new Sums();
            rows.forEachRemaining(row -> {
                if (row.isNullAt(0)) {
                    return;
                }
                int[] indices = row.get(0) instanceof SparseVector sparse ? sparse.indices() : null;
                double[] values = RowTally.values(row.get(0));
                for (int i = 0; i < values.length; i++) {
                    if (InputRow.isFinite(values[i])) {
                        sums.add(indices == null ? i : indices[i], values[i], 1);
                    }
                }
            });
            return List.of(sums).iterator();
        }
    }
}
