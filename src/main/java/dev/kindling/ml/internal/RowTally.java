package dev.kindling.ml.internal;

import dev.kindling.model.InputRow;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;

/**
 * Counts the rows of a partition, as {@link LabelledRows} selects them, and those that lack a value that training needs. Null,
 * NaN, infinite values and those beyond float32's range count as missing.
 */
public final class RowTally implements Serializable {
    private static final long serialVersionUID = 1L;

    long rows;
    long fillable; // those that lack nothing but single features
    long incomplete; // those that lack single features
    long withoutFeatures;
    long withoutLabel;
    long withoutWeight;
    long[] missing = {}; // rows by feature, up to the last feature with missing values

    /** Adds the counts of another partition. */
    void add(RowTally other) {
        rows += other.rows;
        fillable += other.fillable;
        incomplete += other.incomplete;
        withoutFeatures += other.withoutFeatures;
        withoutLabel += other.withoutLabel;
        withoutWeight += other.withoutWeight;
        for (int i = 0; i < other.missing.length; i++) {
            miss(i, other.missing[i]);
        }
    }

    private void miss(int feature, long count) {
        if (feature >= missing.length) {
            missing = Arrays.copyOf(missing, Math.max(feature + 1, 2 * missing.length));
        }
        missing[feature] += count;
    }

    private void add(Row row, boolean weighted) {
        rows++;
        boolean fills = true;
        if (row.isNullAt(0)) {
            withoutFeatures++;
            fills = false;
        } else {
            int[] places = missing(row.get(0));
            for (int feature : places) {
                miss(feature, 1);
            }
            incomplete += places.length > 0 ? 1 : 0;
        }
        if (row.isNullAt(1) || missing(row.get(1)).length > 0) {
            withoutLabel++;
            fills = false;
        }
        if (weighted && (row.isNullAt(2) || missing(row.get(2)).length > 0)) {
            withoutWeight++;
            fills = false;
        }
        fillable += fills ? 1 : 0;
    }

    /** Whether a row has features, though some may be missing, and all else that training needs. */
    static boolean isFillable(Row row, boolean weighted) {
        RowTally tally = new RowTally();
        tally.add(row, weighted);
        return tally.withoutFeatures + tally.withoutLabel + tally.withoutWeight == 0;
    }

    /** The indices of missing numbers in a vector, an array or a number. */
    private static int[] missing(Object value) {
        if (value instanceof Double number) {
            return InputRow.isFinite(number) ? new int[0] : new int[1];
        }
        int[] places = {};
        double[] values = values(value);
        for (int i = 0; i < values.length; i++) {
            if (!InputRow.isFinite(values[i])) {
                places = Arrays.copyOf(places, places.length + 1);
                places[places.length - 1] = value instanceof SparseVector sparse ? sparse.indices()[i] : i;
            }
        }
        return places;
    }

    /** All values, or the stored values of a sparse vector; NaN for null. */
    static double[] values(Object value) {
        if (value instanceof SparseVector sparse) {
            return sparse.values();
        }
        if (value instanceof Vector vector) {
            return vector.toArray();
        }
        List<Object> numbers = new ArrayList<>();
        scala.collection.Iterator<?> all = ((scala.collection.Iterable<?>) value).iterator();
        while (all.hasNext()) {
            numbers.add(all.next());
        }
        return numbers.stream()
                .mapToDouble(number -> number == null ? Double.NaN : ((Number) number).doubleValue())
                .toArray();
    }

    /** A hash of a row's features in double, the same for dense and sparse vectors. */
    static long print(Object features) {
        double[] values = values(features);
        long print = 0;
        for (int i = 0; i < values.length; i++) {
            double value = values[i];
            if (value != 0) {
                int place = features instanceof SparseVector sparse ? sparse.indices()[i] : i;
                long mixed = ((place + 1) * 0x9E3779B97F4A7C15L ^ Double.doubleToLongBits(value)) * 0xD6E8FEB86659FD93L;
                print += (mixed ^ (mixed >>> Integer.SIZE)) * 0x9E3779B97F4A7C15L;
            }
        }
        return (print ^ (print >>> Integer.SIZE)) * 0xD6E8FEB86659FD93L;
    }

    /** The tally of each partition. */
    static final class Counting implements FlatMapFunction<Iterator<Row>, RowTally> {
        private static final long serialVersionUID = 1L;

        private final boolean weighted;

        Counting(boolean weighted) {
            this.weighted = weighted;
        }

        @Override
        public Iterator<RowTally> call(Iterator<Row> rows) {
            RowTally tally = new RowTally();
            rows.forEachRemaining(row -> tally.add(row, weighted));
            return List.of(tally).iterator();
        }
    }

    /** The hashes of the features of all rows, or of a sample that the hashes themselves choose, in both train and test. */
    static final class Printing implements FlatMapFunction<Iterator<Row>, long[]> {
        private static final long serialVersionUID = 1L;

        private final double share;

        Printing(double share) {
            this.share = share;
        }

        @Override
        public Iterator<long[]> call(Iterator<Row> rows) {
            long[] prints = new long[16];
            int count = 0;
            while (rows.hasNext()) {
                Row row = rows.next();
                long print = row.isNullAt(0) ? 0 : print(row.get(0));
                if (!row.isNullAt(0) && (print >>> 11) * 0x1p-53 < share) {
                    prints = count == prints.length ? Arrays.copyOf(prints, 2 * count) : prints;
                    prints[count++] = print;
                }
            }
            return List.of(Arrays.copyOf(prints, count)).iterator();
        }
    }
}
