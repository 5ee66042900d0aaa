package dev.kindling.table.profile;

import dev.kindling.table.value.Values;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** What is known of a column's numbers. */
public final class NumberStats implements Serializable {
    private static final long serialVersionUID = 1L;

    private final ExactSum sum = new ExactSum();
    private final ExactSum squares = new ExactSum();
    final @Nullable NumberCounts counts;
    public long count;
    public long zeros;
    public double min = Double.POSITIVE_INFINITY;
    public double max = Double.NEGATIVE_INFINITY;
    public long minRows; // that have the least number
    public long maxRows;
    public boolean whole = true;

    /** @param kept the number of values whose counts are kept; 0 for none */
    NumberStats(int kept) {
        counts = kept == 0 ? null : new NumberCounts(kept);
    }

    /** Adds a number of at most {@link Values#LARGEST}. */
    void add(double value) {
        add(new double[] {value}, 1);
    }

    /** Adds the first numbers of an array, each at most {@link Values#LARGEST}: in loops that are short, so that they soon run fast. */
    void add(double[] numbers, int added) {
        count += added;
        for (int i = 0; i < added; i++) {
            addRange(numbers[i]);
        }
        sum.add(numbers, added);
        double[] products = new double[added];
        double[] lost = new double[added]; // what rounding took from them
        for (int i = 0; i < added; i++) {
            products[i] = numbers[i] * numbers[i];
            lost[i] = Math.fma(numbers[i], numbers[i], -products[i]);
        }
        squares.add(products, added);
        squares.add(lost, added);
        if (counts != null) {
            counts.add(numbers, added);
        }
    }

    private void addRange(double value) {
        zeros += value == 0 ? 1 : 0;
        if (value <= min) {
            minRows = value < min ? 1 : minRows + 1;
            min = value;
        }
        if (value >= max) {
            maxRows = value > max ? 1 : maxRows + 1;
            max = value;
        }
        whole &= value == Math.rint(value);
    }

    void add(NumberStats other) {
        count += other.count;
        zeros += other.zeros;
        sum.add(other.sum);
        squares.add(other.squares);
        minRows = (other.min <= min ? other.minRows : 0) + (min <= other.min ? minRows : 0);
        maxRows = (other.max >= max ? other.maxRows : 0) + (max >= other.max ? maxRows : 0);
        min = Math.min(min, other.min);
        max = Math.max(max, other.max);
        whole &= other.whole;
        if (counts != null && other.counts != null) {
            counts.add(other.counts);
        }
    }

    /** The count, mean and deviation without so many rows that have a value. */
    public NumberStats without(double value, long rows) {
        NumberStats others = new NumberStats(0);
        others.add(this);
        others.count -= rows;
        double square = value * value;
        subtract(others.sum, value, (double) rows);
        subtract(others.squares, square, (double) rows);
        subtract(others.squares, Math.fma(value, value, -square), (double) rows);
        return others;
    }

    private static void subtract(ExactSum sum, double value, double rows) {
        double product = value * rows;
        sum.add(-product);
        sum.add(-Math.fma(value, rows, -product));
    }

    /** How often each occurs; null if they are not counted. */
    public @Nullable ValueCounts<Double> values() {
        return counts;
    }

    public double mean() {
        return count == 0 ? 0 : sum.value() / count;
    }

    /** The population's standard deviation. */
    public double deviation() {
        if (count == 0 || min == max) {
            return 0;
        }
        return Math.sqrt(sum.scatter(squares, count)) / count;
    }

    /** Whether all are 0 or 1. */
    public boolean isIndicator() {
        return whole && min >= 0 && max <= 1;
    }
}
