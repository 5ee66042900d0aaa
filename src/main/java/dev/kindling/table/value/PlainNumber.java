package dev.kindling.table.value;

/**
 * Reads numbers such as {@code -1234.5e6}, with the bits of {@link Double#parseDouble}. Few digits and a small exponent are one
 * exact whole number times or through one exact power of ten, so that a single rounding is right (Clinger, "How to read floating
 * point numbers accurately", 1990); most numbers in tables are such, and this takes a fifth of the time.
 */
public final class PlainNumber {
    static final double[] POWERS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22
    };

    /** With another digit, it is still below 2^53. */
    private static final long MOST = (1L << 53) / 10 - 1;

    private PlainNumber() {}

    /** The number; NaN for a text that Java would read too but that is none, such as {@code 1d}, {@code 0x1p3} and {@code Infinity}. */
    public static double parse(String text) {
        int end = text.length();
        boolean negative = end > 0 && text.charAt(0) == '-';
        int i = negative || (end > 0 && text.charAt(0) == '+') ? 1 : 0;
        int first = i;
        int point = -1;
        long digits = 0;
        boolean exact = true;
        for (; i < end; i++) {
            int digit = text.charAt(i) - '0';
            if (digit >= 0 && digit <= 9) {
                exact &= digits <= MOST;
                digits = 10 * digits + digit;
            } else if (digit == '.' - '0' && point < 0) {
                point = i;
            } else {
                break;
            }
        }
        int places = point < 0 ? 0 : i - point - 1;
        if (i - first - (point < 0 ? 0 : 1) == 0) {
            return Double.NaN;
        }
        if (i < end) {
            return isExponent(text, i) ? Double.parseDouble(text) : Double.NaN;
        }
        if (!exact || places >= POWERS.length) {
            return Double.parseDouble(text);
        }
        double value = digits / POWERS[places];
        return negative ? -value : value;
    }

    private static boolean isExponent(String text, int from) {
        if (text.charAt(from) != 'e' && text.charAt(from) != 'E') {
            return false;
        }
        int i = from + 1;
        i += i < text.length() && (text.charAt(i) == '-' || text.charAt(i) == '+') ? 1 : 0;
        int first = i;
        while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
            i++;
        }
        return i == text.length() && i > first;
    }
}
