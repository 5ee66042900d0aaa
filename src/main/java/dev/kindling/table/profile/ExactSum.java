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
