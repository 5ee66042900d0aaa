package dev.kindling.engine;

import dev.kindling.spark.FloatWire;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Sets of inputs, as ascending arrays. */
final class InputSets {
    static final int[][] NONE = {};

    private InputSets() {}

    /** Set by set, what is in either. Arguments stay as they are. */
    static int[][] union(int[][] one, int[][] other) {
        if (one.length == 0 || other.length == 0) {
            return one.length == 0 ? other : one;
        }
        int[][] all = new int[one.length][];
        for (int i = 0; i < all.length; i++) {
            all[i] = union(one[i], other[i]);
        }
        return all;
    }

    private static int[] union(int[] one, int[] other) {
        int[] all = new int[one.length + other.length];
        int count = 0;
        int i = 0;
        int j = 0;
        while (i < one.length || j < other.length) {
            int next = Math.min(
                    i < one.length ? one[i] : Integer.MAX_VALUE, j < other.length ? other[j] : Integer.MAX_VALUE);
            i += i < one.length && one[i] == next ? 1 : 0;
            j += j < other.length && other[j] == next ? 1 : 0;
            all[count++] = next;
        }
        return Arrays.copyOf(all, count);
    }

    static <E extends Exception> void send(int[][] sets, FloatWire.Bytes<E> out) throws E {
        for (int[] set : sets) {
            byte[] bytes = new byte[Math.multiplyExact(Integer.BYTES, 1 + set.length)];
            ByteBuffer buffer = FloatWire.head(bytes);
            buffer.putInt(set.length).asIntBuffer().put(set);
            out.pass(bytes, 0, bytes.length);
        }
    }

    static <E extends Exception> int[][] receive(int count, FloatWire.Bytes<E> in) throws E {
        int[][] sets = new int[count][];
        for (int i = 0; i < count; i++) {
            byte[] head = new byte[Integer.BYTES];
            in.pass(head, 0, head.length);
            sets[i] = new int[FloatWire.head(head).getInt()];
            byte[] bytes = new byte[Math.multiplyExact(Integer.BYTES, sets[i].length)];
            in.pass(bytes, 0, bytes.length);
            FloatWire.head(bytes).asIntBuffer().get(sets[i]);
        }
        return sets;
    }
}
