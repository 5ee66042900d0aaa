package dev.kindling.table;

import dev.kindling.spark.ColumnDoubt;
import dev.kindling.spark.ColumnDoubt.Kind;
import dev.kindling.spark.ColumnDoubt.Remedy;
import dev.kindling.table.encoding.CategoryEncoding;
import dev.kindling.table.encoding.ColumnEncoding;
import dev.kindling.table.encoding.DateEncoding;
import dev.kindling.table.encoding.NumberEncoding;
import dev.kindling.table.encoding.NumberScale;
import dev.kindling.table.profile.ColumnProfile;
import dev.kindling.table.profile.NumberStats;
import dev.kindling.table.profile.ValueCounts;
import dev.kindling.table.value.DateStyle;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which columns that were kept are worth a second look. */
final class DoubtRules {
    /** Were whole numbers drawn at random, so many pairs of rows would share one; that none does is no chance. */
    private static final double PAIRS = 10;

    /** A category with fewer rows can hardly be learned. */
    private static final int FEW_ROWS = 5;

    private static final int FEW_CATEGORIES = 20;

    /** So many rows share each code, and there are so many codes at most. */
    private static final int ROWS_OF_A_CODE = 10;

    private static final int MOST_CODES = 1000;

    /** Names, or parts of names, of columns whose numbers are codes. */
    private static final Pattern CODE =
            Pattern.compile("code|type|class|subclass|category|cat|kind|group|grp|region|zone|zip|"
                    + "zipcode|postcode|district|county|state|country|city|store|shop|branch|department|dept|product|item|sku|brand|"
                    + "color|colour|station|route|channel|method|status|sector|industry|occupation|team|gender|sex|race|religion|"
                    + "language|cluster|segment|species|season|weekday|vendor|supplier|customer|user|id");

    /** Between the words of a name. */
    private static final Pattern BETWEEN =
            Pattern.compile("[^\\p{L}\\p{N}]+|\\d+|(?<=\\p{Ll})(?=\\p{Lu})|(?<=\\p{Lu})(?=\\p{Lu}\\p{Ll})");

    private static final DateStyle DIGITS = DateStyle.of("uuuuMMdd");
    private static final double FIRST_DATE = 19_000_101;
    private static final double LAST_DATE = 21_001_231;

    /** Years of two digits are read as 2000 to 2099; few tables tell of what comes after this one. */
    private static final int LATE_YEAR = 2050;

    private DoubtRules() {}

    /** @param alone whether there is no other column to learn from */
    static @Nullable ColumnDoubt of(ColumnEncoding encoding, ColumnProfile profile, boolean alone) {
        if (2 * profile.missing > profile.rows) {
            String share = String.format(Locale.ROOT, "%.0f %%", Math.floor(100.0 * profile.missing / profile.rows));
            return alone
                    ? null
                    : new ColumnDoubt(Kind.MOSTLY_MISSING, share, Remedy.EXCLUDE, List.of(encoding.column()));
        }
        if (encoding instanceof CategoryEncoding category) {
            return ofCategories(category, Objects.requireNonNull(profile.texts));
        }
        if (encoding instanceof DateEncoding date) {
            return ofDates(date, Objects.requireNonNull(profile.numbers));
        }
        return encoding instanceof NumberEncoding number && !number.truth()
                ? ofNumbers(number.column(), Objects.requireNonNull(profile.numbers), alone)
                : null;
    }

    private static @Nullable ColumnDoubt ofCategories(CategoryEncoding encoding, ValueCounts<String> texts) {
        Set<String> own = new HashSet<>(encoding.categories());
        long few = texts.sorted().stream()
                .filter(count -> count.rows() < FEW_ROWS && own.contains(count.value()))
                .count();
        return few > FEW_CATEGORIES && 2 * few > own.size()
                ? new ColumnDoubt(
                        Kind.RARE_CATEGORIES,
                        String.format(Locale.ROOT, "%,d of %,d have fewer than %d rows", few, own.size(), FEW_ROWS),
                        Remedy.MIN_CATEGORY_ROWS,
                        List.of(String.valueOf(FEW_ROWS)))
                : null;
    }

    private static @Nullable ColumnDoubt ofDates(DateEncoding encoding, NumberStats seconds) {
        boolean isShort = encoding.style().toString().matches("(?s).*(?<![uy])(uu|yy)(?![uy]).*");
        int year = LocalDate.ofEpochDay((long) Math.floor(seconds.max / DateEncoding.DAY))
                .getYear();
        return isShort && year >= LATE_YEAR
                ? new ColumnDoubt(
                        Kind.SHORT_YEARS,
                        "up to " + year,
                        Remedy.REWRITE,
                        List.of("the years of \"" + encoding.column() + "\" with four digits"))
                : null;
    }

    private static @Nullable ColumnDoubt ofNumbers(String column, NumberStats numbers, boolean alone) {
        ValueCounts<Double> counts = Objects.requireNonNull(numbers.values());
        if (!numbers.whole || numbers.isIndicator()) {
            return null;
        }
        if (areDates(numbers, counts.sorted())) {
            return new ColumnDoubt(
                    Kind.DATES_AS_NUMBERS, "such as yyyyMMdd", Remedy.DATETIME, List.of(column + "=yyyyMMdd"));
        }
        if (!alone && nameRows(numbers, counts)) {
            return new ColumnDoubt(
                    Kind.NAMES_ROWS,
                    "from " + NumberScale.shown(numbers.min) + " to " + NumberScale.shown(numbers.max),
                    Remedy.ID,
                    List.of(column));
        }
        long distinct = counts.distinct();
        boolean coded = distinct > 2 && distinct <= MOST_CODES && ROWS_OF_A_CODE * distinct <= numbers.count;
        return coded && isCode(column)
                ? new ColumnDoubt(
                        Kind.CODES,
                        String.format(Locale.ROOT, "%,d values", distinct),
                        Remedy.CATEGORICAL,
                        List.of(column))
                : null;
    }

    private static boolean areDates(NumberStats numbers, List<ValueCounts.Count<Double>> counts) {
        return numbers.min >= FIRST_DATE
                && numbers.max <= LAST_DATE
                && counts.size() > 2
                && counts.stream()
                        .allMatch(count ->
                                DIGITS.reads(String.valueOf(count.value().longValue())));
    }

    private static boolean nameRows(NumberStats numbers, ValueCounts<Double> counts) {
        List<ValueCounts.Count<Double>> kept = counts.sorted();
        double pairs = kept.size() * (numbers.count - 1.0) / (2 * (numbers.max - numbers.min + 1));
        return pairs >= PAIRS && kept.stream().allMatch(count -> count.rows() == 1);
    }

    private static boolean isCode(String column) {
        return BETWEEN.splitAsStream(column)
                .anyMatch(word -> CODE.matcher(word.toLowerCase(Locale.ROOT)).matches());
    }
}
