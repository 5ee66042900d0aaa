package dev.kindling.table.profile;

/** How often each number occurs. */
final class NumberCounts extends ValueCounts<Double> {
    private static final long serialVersionUID = 1L;

    private final int together; // numbers that are entered at once: then the table is in the processor's cache
    private long[] bits = new long[SMALLEST]; // (places)
    private long[] waiting = {}; // to be entered
    private int waits;

    NumberCounts(int kept) {
        super(kept);
        together = kept;
    }

    /** Adds the first numbers of an array. */
    void add(double[] numbers, int added) {
        for (int i = 0; i < added; i++) {
            long number = Double.doubleToLongBits(numbers[i]);
            if (leavesOut(hash(Long.hashCode(number)))) {
                continue;
            }
            if (waits == waiting.length) {
                enter();
                waiting = new long[together];
            }
            waiting[waits++] = number;
        }
    }

    @Override
    void enter() {
        long[] entered = waiting;
        int count = waits;
        waiting = new long[0];
        waits = 0;
        for (int i = 0; i < count; i++) {
            add(entered[i], 1);
        }
    }

    @Override
    void add(Double number, long rows) {
        add(Double.doubleToLongBits(number), rows);
    }

    private void add(long number, long rows) {
        long hash = hash(Long.hashCode(number)); // the hash code of the double
        if (leavesOut(hash)) {
            return;
        }
        long[] hashes = hashes();
        int last = hashes.length - 1;
        int place = (int) hash & last;
        while (hashes[place] >= 0 && !(hashes[place] == hash && bits[place] == number)) {
            place = place + 1 & last;
        }
        bits[place] = number;
        count(hashes, place, hash, rows);
    }

    @Override
    Double value(int place) {
        return Double.longBitsToDouble(bits[place]);
    }

    @Override
    void move(int[] places, int length) {
        long[] moved = new long[length];
        for (int i = 0; i < places.length; i++) {
            if (places[i] >= 0) {
                moved[places[i]] = bits[i];
            }
        }
        bits = moved;
    }
}
