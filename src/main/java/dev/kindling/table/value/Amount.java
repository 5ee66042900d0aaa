package dev.kindling.table.value;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads amounts and percentages such as {@code $1,234.50}, {@code (12)} or {@code 3.5 %}. */
final class Amount {
    private static final String SPACES = " \u00A0\u202F'\u2019";
    private static final Pattern SIGNS =
            Pattern.compile("\\p{Sc}|%|\\u2030|\\b(?:USD|EUR|GBP|JPY|CHF|CNY|INR|AUD|CAD)\\b");
    private static final Pattern EDGES = Pattern.compile("^[\\s\\u00A0\\u202F]+|[\\s\\u00A0\\u202F]+$");
    private static final Pattern BRACKETS = Pattern.compile("\\((.+)\\)");
    private static final Pattern WITH_POINT = amount('.', ',');
    private static final Pattern WITH_COMMA = amount(',', '.');

    private Amount() {}

    private static Pattern amount(char mark, char other) {
        return Pattern.compile("[-+]?(?:[1-9]\\d{0,2}([" + other + SPACES + "])\\d{3}(?:\\1\\d{3})*(?:[" + mark
                + "]\\d*)?|\\d+(?:[" + mark + "]\\d*)?|[" + mark + "]\\d+)(?:[eE][-+]?\\d+)?");
    }

    /** The signs in a text, such as $, € or %; empty if there are none. */
    static String sign(String text) {
        return SIGNS.matcher(text).results().map(MatchResult::group).collect(Collectors.joining());
    }

    /**
     * The different signs of texts: with more than one, such as $ and €, their numbers are not of one measure. Some texts may have
     * none.
     */
    static List<String> signs(List<String> texts) {
        return texts.stream()
                .map(Amount::sign)
                .filter(sign -> !sign.isEmpty())
                .distinct()
                .limit(2)
                .toList();
    }

    /**
     * The number that a text writes; NaN if it writes none.
     *
     * @param comma whether a comma is the mark of decimals, not a point
     * @param power of ten that it is multiplied by, with a single rounding; only 0 goes with an exponent in the text
     */
    static double parse(String text, boolean comma, int power) {
        Matcher brackets = BRACKETS.matcher(text);
        boolean negative = brackets.matches(); // as accountants write it
        String unsigned = SIGNS.matcher(negative ? brackets.group(1) : text).replaceAll("");
        String amount = EDGES.matcher(unsigned).replaceAll(""); // strip() leaves the no-break space before a €
        if (!(comma ? WITH_COMMA : WITH_POINT).matcher(amount).matches()) {
            return Double.NaN;
        }
        StringBuilder plain = new StringBuilder(amount.length());
        for (int i = 0; i < amount.length(); i++) {
            char c = amount.charAt(i);
            if (c == (comma ? ',' : '.')) {
                plain.append('.');
            } else if (c != '.' && c != ',' && SPACES.indexOf(c) < 0) {
                plain.append(c);
            }
        }
        if (power != 0) {
            if (plain.indexOf("e") >= 0 || plain.indexOf("E") >= 0) {
                return Double.NaN;
            }
            plain.append('e').append(power);
        }
        double value = Double.parseDouble(plain.toString());
        return negative ? -value : value;
    }
}
