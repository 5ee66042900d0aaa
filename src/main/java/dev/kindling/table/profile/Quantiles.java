package dev.kindling.table.profile;

import dev.kindling.spark.RowProgress;
import dev.kindling.table.cache.BlockRows;
import java.io.Serializable;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;

/**
 * Exact quantiles of columns with more values than were counted one by one. Those that were counted tell where an order statistic
 * most probably is; a pass over the rows counts how many values lie below that range and in some thousand parts of it, and the next
 * one collects the values of the part that holds it, or counts again if they are many. NumPy's default definition: linear between
 * neighbours.
 */
public final class Quantiles {
    private static final int MOST_COUNTERS = 1 << 22; // of all columns together, so that a task's result stays small
    private static final int MOST_VALUES = 1 << 20; // likewise
    private static final long UNKNOWN = 1L << 40; // too many
    private static final double DEVIATIONS =
            6; // by which a sample's quantile may be off; what is off by more takes another pass

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
     * @param blocks the values of the columns, in their order; NaN where they are missing
     */
    public static double[][] of(JavaRDD<double[][]> blocks, List<NumberStats> columns, double[] probabilities) {
        List<Search> searches = new ArrayList<>();
        for (int column = 0; column < columns.size(); column++) {
            NumberStats stats = columns.get(column);
            for (double probability : probabilities) {
                double rank = probability * (stats.count - 1);
                searches.add(near(stats, column, (long) Math.floor(rank)));
                searches.add(near(stats, column, (long) Math.ceil(rank)));
            }
        }
        int bits = Math.max(4, Math.min(14, 31 - Integer.numberOfLeadingZeros(MOST_COUNTERS / searches.size())));
        while (searches.stream().anyMatch(search -> !search.isFound())) {
            ArrayList<Search> open = new ArrayList<>(searches);
            boolean few = open.stream().mapToLong(Search::inside).sum() <= MOST_VALUES;
            long[][] found = few
                    ? blocks.mapPartitions(new Collect(open)).treeReduce(Quantiles::join)
                    : blocks.mapPartitions(new Count(open, bits)).treeReduce(Quantiles::add);
            for (int i = 0; i < open.size(); i++) {
                Search search = open.get(i);
                searches.set(
                        i, few ? search.among(found[i]) : search.within(found[i], bits, columns.get(search.column)));
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

    /** A search where the counted values, which are a sample of all, say that the rank most probably is. */
    private static Search near(NumberStats stats, int column, long rank) {
        List<ValueCounts.Count<Double>> sample = stats.counts == null ? List.of() : stats.counts.sorted();
        double share = (double) rank / Math.max(1, stats.count - 1);
        double error = DEVIATIONS * 0.5 / Math.sqrt(Math.max(1, sample.size()));
        long rows = sample.stream().mapToLong(ValueCounts.Count::rows).sum();
        long low = key(share - error <= 0 ? stats.min : at(sample, (long) ((share - error) * rows)));
        long high = key(share + error >= 1 ? stats.max : at(sample, (long) ((share + error) * rows)));
        return new Search(column, rank, low, high, 0, UNKNOWN);
    }

    /** The numbers of the rows in blocks, [block][column][row]; NaN where they are missing. */
    public static JavaRDD<double[][]> numbers(JavaRDD<BlockRows> rows, List<ColumnReading> readings, ZoneId zone) {
        ArrayList<ColumnReading> sent = new ArrayList<>(readings);
        return rows.map(block -> numbers(block, sent, zone));
    }

    private static double[][] numbers(BlockRows block, List<ColumnReading> readings, ZoneId zone) {
        double[][] numbers = new double[readings.size()][];
        for (int j = 0; j < numbers.length; j++) {
            numbers[j] = readings.get(j).numbers(block.column(j), block.rows(), zone);
        }
        return numbers;
    }

    private static long[][] add(long[][] one, long[][] other) {
        for (int i = 0; i < one.length; i++) {
            for (int j = 0; j < one[i].length; j++) {
                one[i][j] += other[i][j];
            }
        }
        return one;
    }

    private static long[][] join(long[][] one, long[][] other) {
        for (int i = 0; i < one.length; i++) {
            long[] all = Arrays.copyOf(one[i], one[i].length + other[i].length);
            System.arraycopy(other[i], 0, all, one[i].length, other[i].length);
            one[i] = all;
        }
        return one;
    }

    private static long[][] keys(double[][] block) {
        long[][] keys = new long[block.length][block[0].length];
        for (int j = 0; j < keys.length; j++) {
            for (int row = 0; row < keys[j].length; row++) {
                keys[j][row] = key(block[j][row]);
            }
        }
        return keys;
    }

    /** A whole number in the order of the doubles; that of NaN is beyond any range. */
    private static long key(double value) {
        long bits = Double.doubleToLongBits(value);
        return bits ^ (bits >> 63 & Long.MAX_VALUE);
    }

    private static double value(long key) {
        return Double.longBitsToDouble(key ^ (key >> 63 & Long.MAX_VALUE));
    }

    /**
     * The range of keys where the value of a rank is thought to be.
     *
     * @param below the number of values below the range, if {@code inside} is known
     * @param inside the number of values in the range, or UNKNOWN
     */
    private record Search(int column, long rank, long low, long high, long below, long inside) implements Serializable {

        boolean isFound() {
            return low == high && inside != UNKNOWN;
        }

        /** By how many bits keys are shifted, so that the range has at most 2^bits parts. */
        int shift(int bits) {
            return Math.max(0, 64 - Long.numberOfLeadingZeros(high - low) - bits);
        }

        int parts(int bits) {
            return isFound() ? 0 : (int) ((high - low) >>> shift(bits)) + 1;
        }

        /** @param counts of the values below the range, then of those in each part */
        Search within(long[] counts, int bits, NumberStats stats) {
            if (isFound()) {
                return this;
            }
            long before = counts[0];
            int part = 0;
            while (part < counts.length - 2 && before + counts[part + 1] <= rank) {
                before += counts[++part];
            }
            long here = counts[part + 1];
            if (rank < before || rank >= before + here) {
                return new Search(
                        column, rank, key(stats.min), key(stats.max), 0, stats.count); // the sample was misleading
            }
            long from = low + ((long) part << shift(bits));
            long to = from + (1L << shift(bits)) - 1;
            return new Search(
                    column, rank, from, Long.compareUnsigned(to - low, high - low) > 0 ? high : to, before, here);
        }

        /** @param keys all that are in the range */
        Search among(long[] keys) {
            if (isFound()) {
                return this;
            }
            Arrays.sort(keys);
            long key = keys[(int) (rank - below)];
            return new Search(column, rank, key, key, 0, 1);
        }
    }

    /** Which searches look at the range of the one before, as those of neighbouring ranks mostly do. */
    private static boolean[] repeats(List<Search> searches) {
        boolean[] repeats = new boolean[searches.size()];
        for (int i = 1; i < repeats.length; i++) {
            Search before = searches.get(i - 1);
            Search search = searches.get(i);
            repeats[i] = !before.isFound()
                    && search.column == before.column
                    && search.low == before.low
                    && search.high == before.high;
        }
        return repeats;
    }

    private static void copy(long[][] results, boolean[] repeats) {
        for (int i = 1; i < results.length; i++) {
            if (repeats[i]) {
                results[i] = results[i - 1].clone();
            }
        }
    }

    private record Count(ArrayList<Search> searches, int bits)
            implements FlatMapFunction<Iterator<double[][]>, long[][]> {
        @Override
        public Iterator<long[][]> call(Iterator<double[][]> blocks) {
            long[][] counts = new long[searches.size()][];
            Arrays.setAll(counts, i -> new long[1 + searches.get(i).parts(bits)]);
            boolean[] repeats = repeats(searches);
            while (blocks.hasNext()) {
                long[][] block = keys(blocks.next());
                RowProgress.ofTask().add(block[0].length);
                for (int i = 0; i < counts.length; i++) {
                    Search search = searches.get(i);
                    if (!search.isFound() && !repeats[i]) {
                        add(block[search.column], search.low, search.high - search.low, search.shift(bits), counts[i]);
                    }
                }
            }
            copy(counts, repeats);
            return List.<long[][]>of(counts).iterator();
        }

        /** @param width of the range less 1, without a sign */
        private static void add(long[] keys, long low, long width, int shift, long[] counts) {
            long below = 0;
            for (long key : keys) {
                below += key < low ? 1 : 0; // no branch, which would be guessed wrong every other time
                if (Long.compareUnsigned(key - low, width) <= 0) {
                    counts[1 + (int) ((key - low) >>> shift)]++;
                }
            }
            counts[0] += below;
        }
    }

    /** The keys in the range of each search. */
    private record Collect(ArrayList<Search> searches) implements FlatMapFunction<Iterator<double[][]>, long[][]> {
        @Override
        public Iterator<long[][]> call(Iterator<double[][]> blocks) {
            long[][] keys = new long[searches.size()][0];
            int[] counts = new int[keys.length];
            boolean[] repeats = repeats(searches);
            while (blocks.hasNext()) {
                long[][] block = keys(blocks.next());
                RowProgress.ofTask().add(block[0].length);
                for (int i = 0; i < keys.length; i++) {
                    Search search = searches.get(i);
                    if (search.isFound() || repeats[i]) {
                        continue;
                    }
                    for (long key : block[search.column]) {
                        if (key >= search.low && key <= search.high) {
                            keys[i] = counts[i] < keys[i].length ? keys[i] : Arrays.copyOf(keys[i], 2 * counts[i] + 16);
                            keys[i][counts[i]++] = key;
                        }
                    }
                }
            }
            Arrays.setAll(keys, i -> Arrays.copyOf(keys[i], counts[i]));
            copy(keys, repeats);
            return List.<long[][]>of(keys).iterator();
        }
    }
}
