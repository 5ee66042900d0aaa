package dev.kindling.table.profile;

import java.io.Serializable;
import java.math.BigInteger;

/**
 * A sum of doubles without rounding, so that neither the order of rows nor their partitions change a bit of it: a wide
 * fixed-point number in chunks of 32 bits (Neal, "Fast exact summation using small and large superaccumulators", 2015).
 */
public final class ExactSum implements Serializable {
    private static final long serialVersionUID = 1L;

    private static final int LOWEST = -1074; // the exponent of the least positive double
    private static final int CHUNKS = 2 + (2 * 1024 + 52) / 32 + 2;
    private static final long LOW = 0xffffffffL;
    private static final int PRECISION = 53; // bits of a double
    private static final int TOGETHER_BITS = 12;
    private static final int TOGETHER = 1 << TOGETHER_BITS; // numbers that are added at once
    private static final int FEWEST_TOGETHER = 8;
    private static final int LEAST_TOGETHER = -900; // exponent of the largest of them, far from what doubles can hold
    private static final int MOST_TOGETHER = 900;
    private static final int KEPT = 64; // bits, of which a double has 53
    private static final int MOST_ADDITIONS = 1 << 28; // no chunk can overflow before

    private final long[] chunks = new long[CHUNKS]; // signed multiples of 2^(32 i + LOWEST)
    private int additions;

    /** Adds a finite number. */
    void add(double value) {
        if (++additions == MOST_ADDITIONS) {
            carry();
        }
        long bits = Double.doubleToRawLongBits(value);
        int exponent = (int) (bits >>> 52) & 0x7ff;
        long fraction = bits & ((1L << 52) - 1);
        long digits = exponent == 0 ? fraction : fraction | 1L << 52;
        int place = Math.max(exponent, 1) - 1;
        int shift = place & 31;
        long low = (digits & LOW) << shift;
        long high = (digits >>> 32) << shift;
        int chunk = place >>> 5;
        long sign = bits
                >> 63; // -1 if the number is negative: without a branch, which would be guessed wrong every other time
        chunks[chunk] += ((low & LOW) ^ sign) - sign;
        chunks[chunk + 1] += ((low >>> 32) + (high & LOW) ^ sign) - sign;
        chunks[chunk + 2] += (high >>> 32 ^ sign) - sign;
    }

    /**
     * Adds the first finite numbers of an array, some thousand together: of each, the part above some bit as a whole number, then that
     * above a lower bit (Rump, Ogita and Oishi, "Accurate floating-point summation I", 2008). What is left of numbers far smaller than
     * the largest is added by itself.
     */
    void add(double[] numbers, int added) {
        for (int from = 0; from < added; from += TOGETHER) {
            add(numbers, from, Math.min(added, from + TOGETHER));
        }
    }

    private void add(double[] numbers, int from, int to) {
        double largest = 0;
        for (int i = from; i < to; i++) {
            double size = Math.abs(numbers[i]);
            largest = size > largest ? size : largest;
        }
        int exponent = Math.getExponent(largest);
        if (to - from < FEWEST_TOGETHER || exponent < LEAST_TOGETHER || exponent > MOST_TOGETHER) {
            for (int i = from; i < to && largest > 0; i++) {
                add(numbers[i]);
            }
            return;
        }
        // a sum with these has their exponent, so that its bits count units of their last bit
        double first = Math.scalb(1.5, exponent + 1 + TOGETHER_BITS);
        double second = Math.scalb(first, TOGETHER_BITS - PRECISION);
        long high = 0;
        long low = 0;
        boolean isLeft = false;
        for (int i = from; i < to; i++) {
            double above = first + numbers[i];
            double rest = numbers[i] - (above - first);
            double next = second + rest;
            high += Double.doubleToRawLongBits(above);
            low += Double.doubleToRawLongBits(next);
            isLeft |= rest != next - second;
        }
        add((high - (to - from) * Double.doubleToRawLongBits(first)) * Math.ulp(first));
        add((low - (to - from) * Double.doubleToRawLongBits(second)) * Math.ulp(second));
        for (int i = from; i < to && isLeft; i++) {
            double rest = numbers[i] - (first + numbers[i] - first);
            double left = rest - (second + rest - second);
            if (left != 0) {
                add(left);
            }
        }
    }

    void add(ExactSum other) {
        carry();
        other.carry();
        for (int i = 0; i < CHUNKS; i++) {
            chunks[i] += other.chunks[i];
        }
        additions++;
    }

    private void carry() {
        for (int i = 0; i < CHUNKS - 1; i++) {
            chunks[i + 1] += chunks[i] >> 32;
            chunks[i] &= LOW;
        }
        additions = 1;
    }

    /** The sum as a double, rounded once. */
    double value() {
        return value(digits(), 1);
    }

    /** The sum in units of 2^LOWEST, of which the least positive double is one. */
    BigInteger digits() {
        BigInteger sum = BigInteger.ZERO;
        for (int i = CHUNKS - 1; i >= 0; i--) {
            sum = sum.shiftLeft(32).add(BigInteger.valueOf(chunks[i]));
        }
        return sum;
    }

    /**
     * {@code count · Σx² - (Σx)²}, rounded once.
     *
     * @param squares Σx²
     */
    double scatter(ExactSum squares, long count) {
        BigInteger sum = digits();
        BigInteger all = squares.digits().multiply(BigInteger.valueOf(count)).shiftLeft(-LOWEST);
        return value(all.subtract(sum.multiply(sum)), 2);
    }

    /**
     * The double nearest to {@code digits · 2^(units · LOWEST)}. A BigDecimal would divide by that power of two, which takes
     * milliseconds.
     */
    private static double value(BigInteger digits, int units) {
        int dropped = Math.max(0, digits.bitLength() - KEPT);
        BigInteger kept = digits.abs().shiftRight(dropped);
        if (digits.getLowestSetBit() < dropped) {
            kept = kept.setBit(0); // so that what is dropped decides a tie
        }
        double value = Math.scalb(kept.doubleValue(), dropped + units * LOWEST);
        return digits.signum() < 0 ? -value : value;
    }
}
