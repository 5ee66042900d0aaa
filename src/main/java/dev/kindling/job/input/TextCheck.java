package dev.kindling.job.input;

import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Require;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Refuses texts of a label that are no classes: numbers that were read as text, missing values that have a name, identifiers and
 * free text.
 *
 * @param csv how the data were read; null if they are no CSV, so that no option reads them differently
 * @param rows the number of rows
 */
public record TextCheck(@Nullable CsvOptions csv, long rows) {
    /**
     * A label with up to so many texts may hold classes, however few rows it has. Beyond, texts that most rows share with no other
     * row have nothing that training could learn from.
     */
    private static final int SURE_CLASSES = 20;

    private static final Pattern NUMBER = Pattern.compile("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?");

    /** What is a missing value wherever it stands. */
    private static final Pattern MISSING = Pattern.compile("\\?+|(?i:#?n/a|#na|nan|null)");

    /** What may be a category of its own, such as a country or a level, but not beside numbers. */
    private static final Pattern PERHAPS_MISSING = Pattern.compile(MISSING + "|-+|\\.|(?i:na|none)");

    private static final Pattern TRUTH = Pattern.compile("(?i:true|false|yes|no|t|f|y|n)");

    /** Refuses a label with one class, by the class as the data have it: later it is an index. */
    public static void requireSeveral(String column, String[] classes) {
        Require.that(
                classes.length != 1,
                column + " must have at least two classes, but holds only \""
                        + InvalidInput.value(String.join("", classes)) + "\"");
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
                    + "\"" + asMissing(named.get()));
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
                : "; --null-value '" + InvalidInput.value(text) + "' reads it as missing";
    }

    private String marks(boolean points, boolean commas) {
        if (csv == null) {
            return "";
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

    private boolean isUnique(String[] texts) {
        return texts.length > SURE_CLASSES && 2L * texts.length > rows;
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
