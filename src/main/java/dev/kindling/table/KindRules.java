package dev.kindling.table;

import dev.kindling.linalg.InvalidInput;
import dev.kindling.spark.ColumnDoubt;
import dev.kindling.spark.ColumnDoubt.Remedy;
import dev.kindling.table.profile.ColumnKind;
import dev.kindling.table.profile.ColumnProfile;
import dev.kindling.table.profile.ColumnReading;
import dev.kindling.table.profile.NumberStats;
import dev.kindling.table.profile.ValueCounts;
import dev.kindling.table.value.DateStyle;
import dev.kindling.table.value.NumberStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import org.jspecify.annotations.Nullable;

/** Decides what kind of column a column is, and says why. */
final class KindRules {
    /** A column with up to so many different texts may be categories, however few rows it has. */
    private static final int SURE_CATEGORIES = 20;

    /** What an index becomes that was written beside the table. */
    private static final Pattern INDEX_NAME = Pattern.compile("(?i)_c0|unnamed: 0|");

    private static final Pattern ID_NAME = Pattern.compile(
            "(?i)index|row[_. ]?names?|row[_. ]?(id|nr|num|number)|uuid|guid|id|.*[_ .-](id|uuid|guid|key|nr|no)|no|nr");

    private static final Pattern CAMEL_ID = Pattern.compile(".*[a-z](Id|ID|Uuid|UUID)");

    /** Texts such as 31/12/2020 or 5 Jan 2020, with or without a time. */
    private static final Pattern DATE =
            Pattern.compile("\\d{1,4}[/.-]\\d{1,2}[/.-]\\d{1,4}.*|\\d{1,2}[ .-]+\\p{L}{3,9}[ .,-]+\\d{2,4}.*"
                    + "|\\p{L}{3,9} \\d{1,2},? \\d{4}.*");

    /** Texts such as 14:30, 14:30:05 or 2:30 PM, which may be times of day. */
    private static final Pattern CLOCK =
            Pattern.compile("(?i)\\d{1,2}:\\d{2}(?::\\d{2})?|\\d{1,2}(?::\\d{2}){0,2} ?[ap]m");

    private KindRules() {}

    /**
     * How a column is read, and why; {@code reading.kind()} may be one that makes no features.
     *
     * @param doubt why that is worth a second look; null where it is not
     */
    record Verdict(ColumnReading reading, String reason, @Nullable ColumnDoubt doubt) {
        Verdict(ColumnReading reading, String reason) {
            this(reading, reason, null);
        }
    }

    /** A column that holds something, but is left out. */
    private static Verdict leftOut(
            ColumnReading reading, ColumnKind kind, String reason, String detail, Remedy remedy, String... values) {
        ColumnDoubt doubt = new ColumnDoubt(ColumnDoubt.Kind.LEFT_OUT, detail, remedy, List.of(values));
        return new Verdict(reading.as(kind), "left out: " + reason, doubt);
    }

    /** By the column's type. Texts are looked at afterwards. */
    static Verdict byType(StructField field) {
        String name = field.name();
        DataType type = field.dataType();
        if (type instanceof NumericType) {
            return new Verdict(new ColumnReading(name, type, ColumnKind.NUMBER), "");
        }
        if (type instanceof BooleanType) {
            return new Verdict(new ColumnReading(name, type, ColumnKind.BOOLEAN), "");
        }
        if (type instanceof StringType) {
            return new Verdict(new ColumnReading(name, type, ColumnKind.CATEGORY), "");
        }
        if (isDate(type)) {
            return new Verdict(new ColumnReading(name, type, ColumnKind.DATETIME), "");
        }
        if (isVector(type)) {
            return new Verdict(new ColumnReading(name, type, ColumnKind.VECTOR), "");
        }
        return leftOut(
                new ColumnReading(name, type, ColumnKind.DROPPED),
                ColumnKind.DROPPED,
                "holds " + type.simpleString() + ", not values",
                "no single values",
                Remedy.EXCLUDE,
                name);
    }

    static boolean isDate(DataType type) {
        return type instanceof DateType || type instanceof TimestampType || type instanceof TimestampNTZType;
    }

    static boolean isVector(DataType type) {
        return type.equals(SQLDataTypes.VectorType())
                || (type instanceof ArrayType array && array.elementType() instanceof NumericType);
    }

    /**
     * By the texts of a column. Where they were not counted, all are plain numbers.
     *
     * @param forced the kind that the user named; null if the column's texts decide
     * @throws InvalidInput if the texts are none of the kind that the user named
     */
    static Verdict byTexts(ColumnReading reading, ColumnProfile profile, @Nullable ColumnKind forced) {
        ValueCounts<String> counts = profile.texts;
        if (counts == null) {
            return new Verdict(reading.asNumbers(NumberStyle.PLAIN), besides(profile.named));
        }
        List<String> texts = new ArrayList<>();
        String named = ""; // of a missing value
        for (String text : counts.values()) {
            if (NumberStyle.isMissing(text)) {
                named = text;
            } else {
                texts.add(text);
            }
        }
        String also = besides(named);
        if (forced == ColumnKind.CATEGORY || texts.isEmpty()) {
            return category(reading, profile, forced);
        }
        if (forced == null && texts.stream().allMatch(KindRules::isTruth)) {
            return new Verdict(reading.as(ColumnKind.BOOLEAN), also);
        }
        if (forced == null
                && texts.stream().noneMatch(text -> Double.isNaN(NumberStyle.PLAIN.parse(text)))
                && texts.stream().anyMatch(NumberStyle::isCode)) {
            Verdict codes = category(reading, profile, forced);
            String code = first(texts, NumberStyle::isCode);
            return new Verdict(
                    codes.reading(),
                    join("codes such as \"" + code + "\", which numeric reads as numbers", codes.reason()));
        }
        if (forced == null
                && texts.stream().allMatch(text -> CLOCK.matcher(text).matches())
                && !DateStyle.reading(texts).isEmpty()) {
            return dates(reading, texts, forced, also);
        }
        if (forced != ColumnKind.DATETIME) {
            Optional<Verdict> numbers = numbers(reading, counts.sorted(), texts, forced, also);
            if (numbers.isPresent()) {
                return numbers.get();
            }
        }
        if (forced == ColumnKind.DATETIME
                || texts.stream().allMatch(text -> DATE.matcher(text).matches())) {
            return dates(reading, texts, forced, also);
        }
        long plain = texts.stream()
                .filter(text -> !Double.isNaN(NumberStyle.PLAIN.parse(text)))
                .count();
        return 2 * plain > texts.size() ? besidesNumbers(reading, texts, plain) : category(reading, profile, forced);
    }

    private static String besides(String named) {
        return named.isEmpty() ? "" : "\"" + named + "\" is a missing value";
    }

    private static Verdict besidesNumbers(ColumnReading reading, List<String> texts, long numbers) {
        String text = first(texts, given -> Double.isNaN(NumberStyle.PLAIN.parse(given)));
        String reason = "numbers besides text such as \"" + text + "\"";
        long others = texts.size() - numbers;
        boolean stands = others == 1 && text.chars().noneMatch(Character::isDigit); // perhaps for missing values
        String detail = String.format(
                Locale.ROOT, "%,d numbers, %,d other %s", numbers, others, others == 1 ? "text" : "texts");
        Remedy remedy = stands ? Remedy.NULL_VALUE : Remedy.CATEGORICAL;
        String value = stands ? "TEXT" : reading.column(); // which the reason has, unless values are hidden
        return numbers > SURE_CATEGORIES
                ? leftOut(reading, ColumnKind.DROPPED, reason + "; categorical keeps it", detail, remedy, value)
                : new Verdict(
                        reading,
                        reason,
                        stands
                                ? new ColumnDoubt(ColumnDoubt.Kind.TEXT_IN_NUMBERS, detail, remedy, List.of(value))
                                : null);
    }

    private static String join(String one, String other) {
        return one.isEmpty() || other.isEmpty() ? one + other : one + "; " + other;
    }

    private static boolean isTruth(String text) {
        return text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false");
    }

    private static Optional<Verdict> numbers(
            ColumnReading reading,
            List<ValueCounts.Count<String>> counts,
            List<String> texts,
            @Nullable ColumnKind forced,
            String also) {
        List<NumberStyle> styles = NumberStyle.reading(texts);
        if (styles.isEmpty()) {
            if (forced == ColumnKind.NUMBER) {
                String other = first(texts, text -> Double.isNaN(NumberStyle.PLAIN.parse(text)));
                throw new InvalidInput(
                        "column \"" + reading.column() + "\" must hold numbers, because numeric names it, but holds \""
                                + InvalidInput.value(other) + "\"");
            }
            return Optional.empty();
        }
        NumberStyle style = styles.get(0);
        if (style.isPlain()) {
            return Optional.of(new Verdict(reading.asNumbers(style), also));
        }
        Predicate<String> differs =
                text -> style.parse(text) != styles.get(styles.size() - 1).parse(text);
        if (texts.stream().anyMatch(differs)) {
            String text = first(texts, differs);
            String marks = "the mark may be one of decimals or of thousands";
            return Optional.of(leftOut(
                    reading,
                    ColumnKind.DROPPED,
                    "in numbers such as \"" + text + "\", " + marks,
                    "in its numbers, " + marks,
                    Remedy.REWRITE,
                    "the numbers of \"" + reading.column() + "\" without marks between thousands"));
        }
        String example = first(texts, text -> Double.isNaN(NumberStyle.PLAIN.parse(text)));
        long bounded = counts.stream()
                .filter(count -> style.readsBound(count.value()))
                .mapToLong(ValueCounts.Count::rows)
                .sum();
        String found = bounded == 0
                ? "numbers written like \"" + example + "\""
                : String.format(
                        Locale.ROOT,
                        "bounds such as \"%s\" in %,d rows become their numbers",
                        first(texts, style::readsBound),
                        bounded);
        return Optional.of(new Verdict(reading.asNumbers(style), join(found, also)));
    }

    private static String first(List<String> texts, Predicate<String> condition) {
        return texts.stream().filter(condition).min(String::compareTo).orElseThrow();
    }

    private static Verdict dates(ColumnReading reading, List<String> texts, @Nullable ColumnKind forced, String also) {
        List<DateStyle> styles = DateStyle.reading(texts);
        if (styles.isEmpty() && forced == null) {
            return leftOut(
                    reading,
                    ColumnKind.DROPPED,
                    "dates such as \"" + first(texts, text -> true) + "\"; datetime \"" + reading.column()
                            + "=PATTERN\" reads them",
                    "dates of an unknown pattern",
                    Remedy.DATETIME,
                    reading.column() + "=PATTERN");
        }
        if (styles.size() != 1) {
            String patterns =
                    styles.isEmpty() ? "PATTERN" : styles.get(0) + "\" or \"" + reading.column() + "=" + styles.get(1);
            String sentence = "dates such as \"" + first(texts, text -> true)
                    + "\" may mean different days; datetime \"" + reading.column() + "=" + patterns + "\" reads them";
            if (forced != null) {
                throw new InvalidInput(
                        "column \"" + reading.column() + "\" must hold dates of a known pattern, but " + sentence);
            }
            return leftOut(
                    reading,
                    ColumnKind.DROPPED,
                    sentence,
                    "dates that are " + styles.get(0) + " or " + styles.get(1),
                    Remedy.DATETIME,
                    reading.column() + "=" + styles.get(0),
                    reading.column() + "=" + styles.get(1));
        }
        DateStyle style = styles.get(0);
        return new Verdict(reading.asDates(style), join(style.equals(DateStyle.ISO) ? "" : style.words(), also));
    }

    private static Verdict category(ColumnReading reading, ColumnProfile profile, @Nullable ColumnKind forced) {
        ValueCounts<String> counts = Objects.requireNonNull(profile.texts);
        long distinct = counts.distinct();
        if (distinct == 0) {
            return new Verdict(reading.as(ColumnKind.DROPPED), "left out: has no value in any row");
        }
        long present = profile.rows - profile.missing;
        boolean unique = distinct > SURE_CATEGORIES && 2 * distinct > present;
        if (unique && forced == null) {
            String counted = String.format(Locale.ROOT, "%,d different texts in %,d rows", distinct, present);
            return leftOut(
                    reading,
                    ColumnKind.ID,
                    counted + ", as identifiers and free text have; categorical keeps it",
                    counted,
                    Remedy.EXCLUDE,
                    reading.column());
        }
        if (!counts.isComplete()) {
            String counted = String.format(Locale.ROOT, "more than %,d different texts", ColumnProfile.MOST_TEXTS);
            return leftOut(reading, ColumnKind.DROPPED, counted, counted, Remedy.EXCLUDE, reading.column());
        }
        if (distinct == 1 && profile.missing == 0 && forced == null) {
            return new Verdict(reading.as(ColumnKind.DROPPED), "left out: has the same value in every row");
        }
        return new Verdict(reading.as(ColumnKind.CATEGORY), "");
    }

    /** By the numbers of a column; null if it stays what it is. */
    static @Nullable Verdict byNumbers(ColumnReading reading, ColumnProfile profile, boolean forced) {
        NumberStats numbers = Objects.requireNonNull(profile.numbers);
        if (numbers.count == 0) {
            return new Verdict(reading.as(ColumnKind.DROPPED), "left out: has no value in any row");
        }
        if (forced) {
            return null;
        }
        if (numbers.min == numbers.max && profile.missing == 0) {
            return new Verdict(reading.as(ColumnKind.DROPPED), "left out: has the same value in every row");
        }
        if (reading.kind() != ColumnKind.NUMBER || !numbers.whole || profile.missing > 0) {
            return null;
        }
        double distinct = Objects.requireNonNull(numbers.values()).distinct();
        boolean unique = numbers.count > SURE_CATEGORIES && distinct >= 0.95 * numbers.count;
        String name = reading.column();
        boolean counts = numbers.max - numbers.min < 2 * numbers.count; // up to rows that a split took away
        boolean named =
                ID_NAME.matcher(name).matches() || CAMEL_ID.matcher(name).matches();
        if (unique && (named || (counts && INDEX_NAME.matcher(name).matches()))) {
            return new Verdict(reading.as(ColumnKind.ID), "left out: whole numbers that name rows; numeric keeps it");
        }
        return null;
    }
}
