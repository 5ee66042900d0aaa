package dev.kindling.job.input;

import dev.kindling.linalg.InvalidInput;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Refuses texts that are no categories, because each would become an input of the network or a class: numbers, amounts and dates
 * that were read as text, missing values that have a name, identifiers and free text.
 *
 * @param csv how the data were read; null if they are no CSV, so that no option reads them differently
 * @param rows the number of rows
 */
public record TextCheck(@Nullable CsvOptions csv, long rows) {
    /** Each category becomes one input of the network: a column of identifiers would need millions. */
    private static final int MOST_CATEGORIES = 1000;

    /**
     * A column with up to so many texts may be categories, however few rows it has: the states of a country, the letters of a
     * test. Beyond, texts that most rows share with no other row have nothing that training could learn from.
     */
    private static final int SURE_CATEGORIES = 20;

    private static final String PLAIN = "[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?";
    private static final String AMOUNT = "[-+]?\\d[\\d.,' \\u00A0\\u202F]*";
    private static final String CURRENCY = "(\\p{Sc}|USD|EUR|GBP|JPY|CHF|CNY|INR|AUD|CAD)";
    private static final String TIME = "([ T]\\d{1,2}:\\d{2}(:\\d{2}(\\.\\d+)?)?( ?[AaPp]\\.?[Mm]\\.?)?)?";

    private static final Pattern NUMBER = Pattern.compile(PLAIN);
    private static final Pattern MONEY = Pattern.compile("\\(?[-+]?" + CURRENCY + "\\s*" + AMOUNT + "\\)?|\\(?" + AMOUNT
            + "\\s*" + CURRENCY + "\\)?|\\(" + AMOUNT + "\\)");
    private static final Pattern PERCENT = Pattern.compile(AMOUNT + "\\s*[%\\u2030]");
    private static final Pattern DATE = Pattern.compile("(\\d{1,2}([/.-])\\d{1,2}\\2(\\d{4}|\\d{2})"
            + "|\\d{4}([/.-])\\d{1,2}\\4\\d{1,2}"
            + "|\\d{1,2}[ .-]+[A-Za-z]{3,9}[ .,-]+(\\d{4}|\\d{2})"
            + "|[A-Za-z]{3,9} \\d{1,2},? \\d{4})" + TIME);

    /** What is a missing value wherever it stands. */
    private static final Pattern MISSING = Pattern.compile("\\?+|(?i:#?n/a|#na|nan|null)");

    /** What may be a category of its own, such as a country or a level, but not beside numbers. */
    private static final Pattern PERHAPS_MISSING = Pattern.compile(MISSING + "|-+|\\.|(?i:na|none)");

    private static final Pattern TRUTH = Pattern.compile("(?i:true|false|yes|no|t|f|y|n)");

    /**
     * Checks a feature.
     *
     * @param column the column, for messages
     * @param texts its different texts
     */
    public void requireCategories(String column, String[] texts) {
        requireNoNumbers(column, texts);
        Optional<String> measured = majority(texts);
        if (measured.isPresent()) {
            throw new InvalidInput(column + " must hold numbers or categories, but holds " + look(measured.get())
                    + " such as \"" + InvalidInput.value(measured.get()) + "\"; use --exclude to leave it out");
        }
        long numbers = count(texts, NUMBER);
        if (numbers < texts.length && 2 * numbers > texts.length) {
            String other = first(texts, text -> !is(text, NUMBER)).orElseThrow();
            throw new InvalidInput(column + " must hold either numbers or categories, but holds " + numbers
                    + " different numbers and text such as \"" + InvalidInput.value(other)
                    + "\"; use --exclude to leave it out");
        }
        if (texts.length > MOST_CATEGORIES) {
            throw new InvalidInput(column + " must hold at most " + MOST_CATEGORIES + " categories, but holds "
                    + texts.length + " different texts; use --exclude to leave it out");
        }
        if (isUnique(texts)) {
            throw new InvalidInput(column + " must hold categories that rows share, but holds " + texts.length
                    + " different texts in " + rows + " rows, as identifiers do; use --exclude to leave it out");
        }
    }

    /** Checks a label whose texts are classes. */
    public void requireClasses(String column, String[] texts) {
        Optional<String> named = first(texts, text -> is(text, MISSING));
        if (named.isEmpty() && count(texts, PERHAPS_MISSING) < texts.length) {
            boolean beside = Arrays.stream(texts)
                    .filter(text -> !is(text, PERHAPS_MISSING))
                    .allMatch(text -> is(text, NUMBER) || is(text, TRUTH));
            named = beside ? first(texts, text -> is(text, PERHAPS_MISSING)) : named;
        }
        if (named.isPresent()) {
            throw new InvalidInput(column + " must hold classes, but holds \"" + InvalidInput.value(named.get())
                    + "\", which stands for a missing value and would become a class; leave its rows out"
                    + asMissing(named.get()));
        }
        requireNoNumbers(column, texts);
        if (isUnique(texts)) {
            throw new InvalidInput(column + " must hold classes that rows share, but holds " + texts.length
                    + " different texts in " + rows + " rows; --label names the column to predict");
        }
    }

    /** Refuses texts that are numbers but for a missing value's name or for the way they are written. */
    public void requireNoNumbers(String column, String[] texts) {
        String[] values =
                Arrays.stream(texts).filter(text -> !is(text, PERHAPS_MISSING)).toArray(String[]::new);
        boolean points = Arrays.stream(values).allMatch(DecimalMark.POINT::isNumber);
        boolean commas = Arrays.stream(values).allMatch(DecimalMark.COMMA::isNumber);
        if (values.length == 0 || !(points || commas)) {
            return;
        }
        Optional<String> named = first(texts, text -> is(text, PERHAPS_MISSING));
        if (named.isPresent()) {
            throw new InvalidInput(column + " must hold numbers, but also holds \"" + InvalidInput.value(named.get())
                    + "\"; use --exclude to leave it out" + asMissing(named.get()));
        }
        first(values, text -> !is(text, NUMBER)).ifPresent(text -> {
            throw new InvalidInput(column + " must hold numbers with a decimal point and nothing between thousands, but"
                    + " holds \"" + InvalidInput.value(text) + "\""
                    + marks(
                            points,
                            commas && (!points || Arrays.stream(values).anyMatch(value -> value.contains(",")))));
        });
    }

    private String asMissing(String text) {
        return csv == null || csv.nullValue() != null
                ? ""
                : ", or --null-value '" + InvalidInput.value(text) + "' to read it as missing";
    }

    private String marks(boolean points, boolean commas) {
        if (csv == null) {
            return "; use --exclude to leave the column out";
        }
        if (points && commas) {
            return "; --decimal , takes the comma for a decimal mark, --decimal . for a mark between thousands";
        }
        return "; --decimal " + (points ? DecimalMark.POINT : DecimalMark.COMMA) + " reads it";
    }

    /** The option that reads a text as a number or as missing; otherwise empty. */
    public static String hint(String text, @Nullable CsvOptions csv) {
        if (csv == null) {
            return "";
        }
        if (csv.decimal() == null) {
            for (DecimalMark mark : DecimalMark.values()) {
                if (mark.isNumber(text)) {
                    return "; --decimal " + mark + " reads it";
                }
            }
        }
        return csv.nullValue() == null && is(text, PERHAPS_MISSING)
                ? "; --null-value '" + InvalidInput.value(text) + "' reads it as missing"
                : "";
    }

    /** A text that looks like an amount or a date, if most texts look like numbers, amounts or dates. */
    private static Optional<String> majority(String[] texts) {
        List<String> measured =
                Arrays.stream(texts).filter(text -> !look(text).isEmpty()).toList();
        long numbers = count(texts, NUMBER);
        return !measured.isEmpty() && 2 * (measured.size() + numbers) > texts.length
                ? Optional.of(measured.get(0))
                : Optional.empty();
    }

    private static String look(String text) {
        if (is(text, NUMBER)) {
            return "";
        }
        if (is(text, MONEY)) {
            return "amounts of money";
        }
        if (is(text, PERCENT)) {
            return "percentages";
        }
        if (is(text, DATE)) {
            return "dates";
        }
        return DecimalMark.COMMA.isNumber(text) || DecimalMark.POINT.isNumber(text) ? "numbers with commas" : "";
    }

    private boolean isUnique(String[] texts) {
        return texts.length > SURE_CATEGORIES && 2L * texts.length > rows;
    }

    private static boolean is(String text, Pattern pattern) {
        return pattern.matcher(text).matches();
    }

    private static long count(String[] texts, Pattern pattern) {
        return Arrays.stream(texts).filter(text -> is(text, pattern)).count();
    }

    private static Optional<String> first(String[] texts, Predicate<String> condition) {
        return Arrays.stream(texts).filter(condition).findFirst();
    }
}
