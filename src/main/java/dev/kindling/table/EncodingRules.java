package dev.kindling.table;

import dev.kindling.table.encoding.CategoryEncoding;
import dev.kindling.table.encoding.ColumnEncoding;
import dev.kindling.table.encoding.DateEncoding;
import dev.kindling.table.encoding.NumberEncoding;
import dev.kindling.table.encoding.NumberScale;
import dev.kindling.table.encoding.VectorEncoding;
import dev.kindling.table.profile.ColumnProfile;
import dev.kindling.table.profile.ColumnReading;
import dev.kindling.table.profile.NumberStats;
import dev.kindling.table.profile.ValueCounts;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the columns' profiles become encodings.
 *
 * @param missing what a missing number becomes
 * @param scale how numbers are scaled
 * @param leastRows the rows that a category must have for a feature of its own
 * @param mostCategories of a column that have one
 */
record EncodingRules(Missing missing, Scale scale, int leastRows, int mostCategories) {
    /** At these, and between them linearly, the quantile scale knows the distribution. */
    private static final int QUANTILES = 33;

    /**
     * A number that lies this many deviations from its column's mean is an outlier: unclipped, it makes a network sure of what it
     * has never seen.
     */
    private static final double OUTLIER = 5;

    /**
     * Where at least this share of a column's numbers is 0, and as large a one is not, 0 is mostly a case of its own: nothing spent,
     * no pool. A smooth function of the number tells 0 from what is near it only late in training.
     */
    private static final double ZEROS = 0.05;

    /**
     * A number that at least this share of the rows has, and that lies {@link #OUTLIER} deviations of the others from their mean, is
     * mostly a code, such as -999 or 9999 for what was not measured, or 0 for an unknown year. It would take nearly all of the scale.
     */
    private static final double CODED = 0.01;

    /** In a short table, fewer rows with a number say nothing about it. */
    private static final int FEW_ROWS = 5;

    /** Of fewer, such as counts of children, each lies as far from the others as they from each other. */
    private static final int MANY_VALUES = 20;

    private static final String FLAGGED = " where missing, and a flag";

    /** What a missing number becomes. */
    enum Missing {
        MEDIAN,
        MEAN,
        ZERO,
        ERROR
    }

    /** How numbers are scaled. */
    enum Scale {
        AUTO,
        STANDARD,
        ROBUST,
        QUANTILE,
        NONE
    }

    /** The probabilities whose quantiles {@link #encode} takes. */
    double[] probabilities() {
        if (scale == Scale.QUANTILE) {
            double[] steps = new double[QUANTILES];
            for (int i = 0; i < QUANTILES; i++) {
                steps[i] = i / (double) (QUANTILES - 1);
            }
            return steps;
        }
        return scale == Scale.ROBUST ? new double[] {0.25, 0.5, 0.75} : new double[] {0.5};
    }

    boolean needsQuantiles() {
        return missing == Missing.MEDIAN || scale == Scale.ROBUST || scale == Scale.QUANTILE;
    }

    /** @param quantiles of the column's numbers at {@link #probabilities}; none for texts and vectors */
    ColumnEncoding encode(ColumnReading reading, ColumnProfile profile, double[] quantiles) {
        String column = reading.column();
        boolean flagged = profile.missing > 0 && missing != Missing.ERROR;
        return switch (reading.kind()) {
            case CATEGORY -> category(column, profile);
            case VECTOR -> new VectorEncoding(column, elements(profile), flagged);
            case DATETIME -> {
                NumberStats seconds = Objects.requireNonNull(profile.numbers);
                yield new DateEncoding(
                        column, reading.dates(), days(scaling(seconds, quantiles)), isTimed(seconds), flagged);
            }
            case BOOLEAN -> {
                double common = Objects.requireNonNull(profile.numbers).mean() >= 0.5 ? 1 : 0;
                double fill =
                        missing == Missing.MEDIAN ? common : fill(Objects.requireNonNull(profile.numbers), quantiles);
                yield new NumberEncoding(
                        column, true, reading.numbers(), NumberScale.unscaled(fill), flagged, null, false);
            }
            default -> number(reading, Objects.requireNonNull(profile.numbers), quantiles, flagged);
        };
    }

    private NumberEncoding number(ColumnReading reading, NumberStats numbers, double[] quantiles, boolean flagged) {
        NumberScale scaling = scaling(numbers, quantiles);
        boolean looks = scale == Scale.AUTO && hasManyValues(numbers);
        Double code = looks ? code(numbers) : null;
        if (code != null) {
            NumberScale others = withoutCode(numbers, code, scaling.fill());
            return new NumberEncoding(reading.column(), false, reading.numbers(), others, flagged, code, true);
        }
        Double zero = looks && hasManyZeros(numbers) ? (Double) 0.0 : null;
        return new NumberEncoding(reading.column(), false, reading.numbers(), scaling, flagged, zero, false);
    }

    /** The least or the largest number, if enough rows have it and it lies far from all others; else null. */
    private static @Nullable Double code(NumberStats numbers) {
        if (isCode(numbers, numbers.min, numbers.minRows)) {
            return numbers.min;
        }
        return isCode(numbers, numbers.max, numbers.maxRows) ? numbers.max : null;
    }

    private static boolean isCode(NumberStats numbers, double value, long rows) {
        if (rows < Math.max(FEW_ROWS, CODED * numbers.count) || numbers.count - rows < MANY_VALUES) {
            return false;
        }
        NumberStats others = numbers.without(value, rows);
        return Math.abs(value - others.mean()) > OUTLIER * others.deviation();
    }

    private NumberScale withoutCode(NumberStats numbers, double code, double fill) {
        long rows = code == numbers.min ? numbers.minRows : numbers.maxRows;
        NumberStats others = numbers.without(code, rows);
        boolean fills = fill == code || missing == Missing.MEAN;
        double deviation = others.deviation();
        return new NumberScale(
                fills ? others.mean() : fill, others.mean(), deviation > 0 ? deviation : 1, true, List.of());
    }

    private static boolean hasManyValues(NumberStats numbers) {
        return Objects.requireNonNull(numbers.values()).distinct() >= MANY_VALUES;
    }

    /** Whether 0 is a case of its own. */
    private static boolean hasManyZeros(NumberStats numbers) {
        double least = Math.max(FEW_ROWS, ZEROS * numbers.count);
        return numbers.zeros >= least && numbers.count - numbers.zeros >= least;
    }

    private static boolean isTimed(NumberStats seconds) {
        boolean days = Objects.requireNonNull(seconds.values()).sorted().stream()
                .allMatch(count -> count.value() % DateEncoding.DAY == 0);
        return !days;
    }

    private double fill(NumberStats numbers, double[] quantiles) {
        return switch (missing) {
            case MEDIAN -> quantiles.length == 0 ? numbers.mean() : quantiles[quantiles.length / 2];
            case MEAN -> numbers.mean();
            case ZERO -> 0;
            case ERROR -> Double.NaN;
        };
    }

    private NumberScale scaling(NumberStats numbers, double[] quantiles) {
        double fill = fill(numbers, quantiles);
        if (numbers.isIndicator() || scale == Scale.NONE) {
            return NumberScale.unscaled(fill);
        }
        if (scale == Scale.AUTO || scale == Scale.STANDARD || quantiles.length == 0) {
            double mean = numbers.mean();
            double deviation = numbers.deviation();
            boolean hasOutliers = Math.max(numbers.max - mean, mean - numbers.min) > OUTLIER * deviation;
            boolean clips = scale == Scale.AUTO && hasOutliers;
            return new NumberScale(fill, mean, deviation > 0 ? deviation : 1, clips, List.of());
        }
        if (scale == Scale.QUANTILE) {
            return new NumberScale(
                    fill, 0, 1, false, Arrays.stream(quantiles).boxed().toList());
        }
        double range = quantiles[2] - quantiles[0];
        double half = (numbers.max - numbers.min) / 2;
        return new NumberScale(fill, quantiles[1], range > 0 ? range : half > 0 ? half : 1, true, List.of());
    }

    /** Of seconds, for day numbers. */
    private static NumberScale days(NumberScale seconds) {
        List<Double> quantiles = seconds.quantiles().stream()
                .map(quantile -> quantile / DateEncoding.DAY)
                .toList();
        boolean unscaled = seconds.center() == 0 && seconds.scale() == 1;
        return new NumberScale(
                seconds.fill() / DateEncoding.DAY,
                seconds.center() / DateEncoding.DAY,
                unscaled ? 1 : seconds.scale() / DateEncoding.DAY,
                seconds.clip(),
                quantiles);
    }

    private List<NumberScale> elements(ColumnProfile profile) {
        List<NumberScale> scales = new ArrayList<>();
        for (NumberStats element : profile.elements) {
            scales.add(scaling(element, new double[0]));
        }
        return scales;
    }

    private CategoryEncoding category(String column, ColumnProfile profile) {
        List<ValueCounts.Count<String>> counts =
                Objects.requireNonNull(profile.texts).sorted();
        Set<String> own = new HashSet<>();
        counts.stream()
                .filter(count -> count.rows() >= leastRows)
                .sorted(Comparator.comparingLong((ValueCounts.Count<String> count) -> -count.rows())
                        .thenComparing(ValueCounts.Count::value))
                .limit(mostCategories)
                .forEach(count -> own.add(count.value()));
        List<String> categories = new ArrayList<>();
        List<String> infrequent = new ArrayList<>();
        counts.forEach(count -> (own.contains(count.value()) ? categories : infrequent).add(count.value()));
        return new CategoryEncoding(
                column,
                categories,
                infrequent,
                profile.missing > 0 && missing != Missing.ERROR,
                missing == Missing.ERROR);
    }

    /** Why the column is encoded so, in words: what was found about it, which categories share a feature, and what is a code. */
    static String reason(String found, ColumnEncoding encoding) {
        String own = reason(encoding);
        return found + (found.isEmpty() || own.isEmpty() ? "" : "; ") + own;
    }

    private static String reason(ColumnEncoding encoding) {
        if (encoding instanceof NumberEncoding number && number.code()) {
            String code = NumberScale.shown(Objects.requireNonNull(number.apart()));
            return code + " lies far from all others, as a code does, and is flagged";
        }
        int together = encoding instanceof CategoryEncoding category
                ? category.infrequent().size()
                : 0;
        return together == 0 ? "" : String.format(Locale.ROOT, "%,d infrequent ones together", together);
    }

    /** What a missing value of the column becomes, in words. */
    String filled(ColumnEncoding encoding) {
        String value = missing.name().toLowerCase(Locale.ROOT) + " ";
        if (encoding instanceof NumberEncoding number) {
            return value + NumberScale.shown(number.scaling().fill()) + FLAGGED;
        }
        if (encoding instanceof DateEncoding date) {
            double fill = date.scaling().fill(); // days
            return value
                    + (date.style().isClock()
                            ? LocalTime.ofSecondOfDay(Math.round(fill * DateEncoding.DAY) % (long) DateEncoding.DAY)
                            : LocalDate.ofEpochDay((long) Math.floor(fill)))
                    + FLAGGED;
        }
        return encoding instanceof VectorEncoding ? "filled" + FLAGGED : "missing ones are a category of their own";
    }
}
