package dev.kindling.table.value;

/**
 * Texts such as {@code -12.50} as eight bytes, from which the number and the text come back: at most 15 digits, where the point
 * is, and the sign. A table of texts mostly holds such numbers, so that they are read once.
 */
public final class ShortDecimal {
    /** What every other text is. */
    public static final long NONE = -1;

    /** The length of the longest text. */
    public static final int LONGEST = 17;

    private static final int MOST_DIGITS = 15; // they are below 2^53, and one division by a power of ten rounds once
    private static final int PLACES = 4; // bits that count the digits after the point

    private ShortDecimal() {}

    /**
     * The eight bytes for a text in ASCII of digits, with at most a sign - and a point between digits, that begins with no needless
     * zero. Such a text is a number by {@link PlainNumber#parse} too, and no code such as 01220.
     */
    public static long of(byte[] bytes, int start, int end) {
        boolean negative = start < end && bytes[start] == '-';
        int first = negative ? start + 1 : start;
        int length = end - first;
        if (length == 0 || length > MOST_DIGITS + 1 || (length > 1 && bytes[first] == '0' && bytes[first + 1] != '.')) {
            return NONE;
        }
        int point = end;
        long digits = 0;
        for (int i = first; i < end; i++) {
            int digit = bytes[i] - '0';
            if (digit >= 0 && digit <= 9) {
                digits = 10 * digits + digit;
            } else if (bytes[i] == '.' && point == end && i > first && i + 1 < end) {
                point = i;
            } else {
                return NONE;
            }
        }
        int places = point == end ? 0 : end - point - 1;
        if (places == 0 && length > MOST_DIGITS) {
            return NONE;
        }
        return (digits << PLACES | places) << 1 | (negative ? 1 : 0);
    }

    /** The number, with the bits of {@link Double#parseDouble}; NaN of {@link #NONE}. */
    public static double number(long decimal) {
        if (decimal == NONE) {
            return Double.NaN;
        }
        double value = (decimal >>> (PLACES + 1)) / PlainNumber.POWERS[places(decimal)];
        long sign = decimal << (Long.SIZE - 1); // no branch, which would be guessed wrong every other time
        return Double.longBitsToDouble(Double.doubleToRawLongBits(value) | sign);
    }

    private static int places(long decimal) {
        return (int) (decimal >>> 1) & ((1 << PLACES) - 1);
    }

    /**
     * The text that {@link #write} writes, in a register, where its hash takes a third less time.
     *
     * @return its bytes, the first one lowest, and zeros after them; 0 if there are more than eight
     */
    public static long packed(long decimal) {
        int places = places(decimal);
        long digits = decimal >>> (PLACES + 1);
        long text = 0;
        int length = 0;
        for (int written = 0; digits > 0 || written <= places; written++) {
            if (written == places && places > 0) {
                text = text << Byte.SIZE | '.';
                length++;
            }
            text = text << Byte.SIZE | '0' + digits % 10;
            digits /= 10;
            length++;
        }
        if ((decimal & 1) != 0) {
            text = text << Byte.SIZE | '-';
            length++;
        }
        return length > Long.BYTES ? 0 : text;
    }

    /**
     * Writes the text.
     *
     * @param to at least {@link #LONGEST} bytes, of which the last ones become the text
     * @return where it begins
     */
    public static int write(long decimal, byte[] to) {
        int places = places(decimal);
        long digits = decimal >>> (PLACES + 1);
        int start = to.length;
        for (int written = 0; digits > 0 || written <= places; written++) {
            if (written == places && places > 0) {
                to[--start] = '.';
            }
            to[--start] = (byte) ('0' + digits % 10);
            digits /= 10;
        }
        if ((decimal & 1) != 0) {
            to[--start] = '-';
        }
        return start;
    }
}
