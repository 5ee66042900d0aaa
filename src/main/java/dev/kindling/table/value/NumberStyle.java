package dev.kindling.table.value;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How texts write numbers. */
public enum NumberStyle {
    /** {@code -1234.5e6}. */
    PLAIN,
    /** Amounts and percentages such as {@code $1,234.50}, {@code (12)} or {@code 3.5 %}. */
    POINT,
    /** The same with a decimal comma: {@code 1.234,50 €}. */
    COMMA;

    private static final Set<String> MISSING = Set.of(
            "?",
            "??",
            "na",
            "n/a",
            "#n/a",
            "#na",
            "nan",
            "null",
            "none",
            "nil",
            "-",
            "--",
            ".",
            "missing",
            "(missing)");

    private static final String SPACES = " \u00A0\u202F'\u2019";
    private static final Pattern SIGNS =
            Pattern.compile("\\p{Sc}|%|\\u2030|\\b(?:USD|EUR|GBP|JPY|CHF|CNY|INR|AUD|CAD)\\b");
    private static final Pattern EDGES = Pattern.compile("^[\\s\\u00A0\\u202F]+|[\\s\\u00A0\\u202F]+$");
    private static final Pattern BRACKETS = Pattern.compile("\\((.+)\\)");
    private static final Pattern WITH_POINT = amount('.', ',');
    private static final Pattern WITH_COMMA = amount(',', '.');

    private static Pattern amount(char mark, char other) {
        return Pattern.compile("[-+]?(?:[1-9]\\d{0,2}([" + other + SPACES + "])\\d{3}(?:\\1\\d{3})*(?:[" + mark
                + "]\\d*)?|\\d+(?:[" + mark + "]\\d*)?|[" + mark + "]\\d+)(?:[eE][-+]?\\d+)?");
    }

    /** Whether a text stands for a missing value where it is among numbers or dates. */
    public static boolean isMissing(String text) {
        return MISSING.contains(text.toLowerCase(Locale.ROOT));
    }

    /** The number that a text without blanks at its ends writes; NaN if it writes none. */
    public double parse(String text) {
        if (this == PLAIN) {
            return PlainNumber.parse(text);
        }
        Matcher brackets = BRACKETS.matcher(text);
        boolean negative = brackets.matches(); // as accountants write it
        String unsigned = SIGNS.matcher(negative ? brackets.group(1) : text).replaceAll("");
        String amount = EDGES.matcher(unsigned).replaceAll(""); // strip() leaves the no-break space before a €
        if (!(this == POINT ? WITH_POINT : WITH_COMMA).matcher(amount).matches()) {
            return Double.NaN;
        }
        StringBuilder plain = new StringBuilder(amount.length());
        for (int i = 0; i < amount.length(); i++) {
            char c = amount.charAt(i);
            if (c == (this == POINT ? '.' : ',')) {
                plain.append('.');
            } else if (c != '.' && c != ',' && SPACES.indexOf(c) < 0) {
                plain.append(c);
            }
        }
        double value = Double.parseDouble(plain.toString());
        return negative ? -value : value;
    }

    /** Whether a number is written with zeros before it, as codes are: {@code 01220}. */
    public static boolean isCode(String text) {
        return text.length() > 1 && text.charAt(0) == '0' && Character.isDigit(text.charAt(1));
    }
}
