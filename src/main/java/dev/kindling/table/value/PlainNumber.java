package dev.kindling.table.value;

import com.fasterxml.jackson.core.io.NumberInput;
import java.nio.charset.StandardCharsets;

/**
 * Reads numbers such as {@code -1234.5e6}, with the bits of {@link Double#parseDouble}. Few digits and a small exponent are one
 * exact whole number times or through one exact power of ten, so that a single rounding is right (Clinger, "How to read floating
 * point numbers accurately", 1990). Others, such as doubles with all of their 17 digits, are left to Jackson's parser, which takes a
 * third of the JDK's time (Lemire, "Number parsing at a gigabyte per second", 2021).
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
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return parse(bytes, 0, bytes.length);
    }

    /** The number that a part of the bytes writes in ASCII. */
    public static double parse(byte[] text, int start, int end) {
        boolean negative = start < end && text[start] == '-';
        int first = negative || (start < end && text[start] == '+') ? start + 1 : start;
        int i = first;
        int point = -1;
        long digits = 0;
        boolean exact = true;
        for (; i < end; i++) {
            int digit = text[i] - '0';
            if (digit >= 0 && digit <= 9) {
                exact &= digits <= MOST;
                digits = 10 * digits + digit;
            } else if (text[i] == '.' && point < 0) {
                point = i;
            } else {
                break;
            }
        }
        int places = point < 0 ? 0 : i - point - 1;
        if (i - first - (point < 0 ? 0 : 1) == 0 || (i < end && !isExponent(text, i, end))) {
            return Double.NaN;
        }
        if (i < end || !exact || places >= POWERS.length) {
            return NumberInput.parseDouble(new String(text, start, end - start, StandardCharsets.ISO_8859_1), true);
        }
        double value = digits / POWERS[places];
        return negative ? -value : value;
    }

    private static boolean isExponent(byte[] text, int from, int end) {
        if (text[from] != 'e' && text[from] != 'E') {
            return false;
        }
        int i = from + 1;
        i += i < end && (text[i] == '-' || text[i] == '+') ? 1 : 0;
        int first = i;
        while (i < end && text[i] >= '0' && text[i] <= '9') {
            i++;
        }
        return i == end && i > first;
    }
}
