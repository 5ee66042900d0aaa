package dev.kindling.table.profile;

import java.io.Serializable;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.sql.Row;

/**
 * Exact quantiles of columns with more values than were counted one by one: each pass over the rows counts how many lie in some
 * thousand parts of the range where an order statistic must be, and keeps the part that holds it. NumPy's default definition:
 * linear between neighbours.
 */
public final class Quantiles {
    private static final int MOST_COUNTERS = 1 << 22; // of all columns together, so that a task's result stays small

    private Quantiles() {}

    /** The quantiles of values with their counts. */
    public static double[] of(List<ValueCounts.Count<Double>> sorted, double[] probabilities) {
        long rows = sorted.stream().mapToLong(ValueCounts.Count::rows).sum();
        double[] quantiles = new double[probabilities.length];
        for (int q = 0; q < quantiles.length; q++) {
            double rank = probabilities[q] * (rows - 1);
            double low = at(sorted, (long) Math.floor(rank));
            double high = at(sorted, (long) Math.ceil(rank));
            quantiles[q] = between(low, high, rank - Math.floor(rank));
        }
        return quantiles;
    }

    private static double between(double low, double high, double part) {
        return low + part * (high - low);
    }

    private static double at(List<ValueCounts.Count<Double>> sorted, long rank) {
        long before = 0;
        for (ValueCounts.Count<Double> count : sorted) {
            before += count.rows();
            if (rank < before) {
                return count.value();
            }
        }
        return sorted.isEmpty() ? 0 : sorted.get(sorted.size() - 1).value();
    }

    /**
     * The quantiles of each column.
     *
     * @param rows the values of the columns, in their order; NaN where they are missing
     */
    public static double[][] of(JavaRDD<double[]> rows, List<NumberStats> columns, double[] probabilities) {
        List<Search> searches = new ArrayList<>();
        for (int column = 0; column < columns.size(); column++) {
            NumberStats stats = columns.get(column);
            for (double probability : probabilities) {
                double rank = probability * (stats.count - 1);
                searches.add(new Search(column, (long) Math.floor(rank), key(stats.min), key(stats.max)));
                searches.add(new Search(column, (long) Math.ceil(rank), key(stats.min), key(stats.max)));
            }
        }
        int bits = Math.max(4, Math.min(14, 31 - Integer.numberOfLeadingZeros(MOST_COUNTERS / searches.size())));
        while (searches.stream().anyMatch(search -> !search.isFound())) {
            ArrayList<Search> open = new ArrayList<>(searches);
            long[][] counts = rows.mapPartitions(new Pass(open, bits)).treeReduce(Quantiles::add);
            for (int i = 0; i < open.size(); i++) {
                searches.set(i, open.get(i).within(counts[i], bits));
            }
        }
        double[][] quantiles = new double[columns.size()][probabilities.length];
        for (int i = 0; i < searches.size(); i += 2) {
            Search low = searches.get(i);
            int q = i / 2 % probabilities.length;
            NumberStats stats = columns.get(low.column);
            double rank = probabilities[q] * (stats.count - 1);
            quantiles[low.column][q] = between(value(low.low), value(searches.get(i + 1).low), rank - Math.floor(rank));
        }
        return quantiles;
    }

    /** The numbers of each row; NaN where they are missing. */
    public static JavaRDD<double[]> numbers(JavaRDD<Row> rows, List<ColumnReading> readings, ZoneId zone) {
        return rows.map(new Numbers(new ArrayList<>(readings), zone));
    }

    private record Numbers(ArrayList<ColumnReading> readings, ZoneId zone) implements Function<Row, double[]> {
        @Override
        public double[] call(Row row) {
            double[] numbers = new double[readings.size()];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = readings.get(i).number(row.get(i), zone);
            }
            return numbers;
        }
    }

    private static long[][] add(long[][] one, long[][] other) {
        for (int i = 0; i < one.length; i++) {
            for (int j = 0; j < one[i].length; j++) {
                one[i][j] += other[i][j];
            }
        }
        return one;
    }

    /** A whole number in the order of the doubles. */
    private static long key(double value) {
        long bits = Double.doubleToLongBits(value);
        return bits ^ (bits >> 63 & Long.MAX_VALUE);
    }

    private static double value(long key) {
        return Double.longBitsToDouble(key ^ (key >> 63 & Long.MAX_VALUE));
    }

    /** The range of keys where the value of a rank must be. */
    private record Search(int column, long rank, long low, long high) implements Serializable {

        boolean isFound() {
            return low == high;
        }

        /** By how many bits keys are shifted, so that the range has at most 2^bits parts. */
        int shift(int bits) {
            return Math.max(0, 64 - Long.numberOfLeadingZeros(high - low) - bits);
        }

        int parts(int bits) {
            return isFound() ? 0 : (int) ((high - low) >>> shift(bits)) + 1;
        }

        Search within(long[] counts, int bits) {
            if (isFound()) {
                return this;
            }
            long before = 0;
            int part = 0;
            while (part < counts.length - 1 && before + counts[part] <= rank) {
                before += counts[part++];
            }
            long from = low + ((long) part << shift(bits));
            long to = Math.min(high, from + (1L << shift(bits)) - 1);
            return new Search(column, rank - before, from, Long.compare(to, from) < 0 ? high : to);
        }
    }

    private record Pass(ArrayList<Search> searches, int bits) implements FlatMapFunction<Iterator<double[]>, long[][]> {
        @Override
        public Iterator<long[][]> call(Iterator<double[]> rows) {
            long[][] counts = new long[searches.size()][];
            Arrays.setAll(counts, i -> new long[searches.get(i).parts(bits)]);
            while (rows.hasNext()) {
                double[] values = rows.next();
                for (int i = 0; i < counts.length; i++) {
                    Search search = searches.get(i);
                    double value = values[search.column];
                    if (counts[i].length > 0 && !Double.isNaN(value)) {
                        long key = key(value);
                        if (key >= search.low && key <= search.high) {
                            counts[i][(int) ((key - search.low) >>> search.shift(bits))]++;
                        }
                    }
                }
            }
            return List.<long[][]>of(counts).iterator();
        }
    }
}
