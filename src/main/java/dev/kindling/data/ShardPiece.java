package dev.kindling.data;

import dev.kindling.data.disk.DiskFile;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one source partition on their way to a shard, with their hashes and a summary of what was read.
 *
 * <p>Rows travel as four-byte words, because serializers copy bytes many times faster than floats. A row is its labels,
 * its weight, then the number of non-zero values, those values and their columns. If a quarter of the values or more
 * are non-zero, it has -1 and all values instead. So two rows are equal if and only if their bytes are.
 */
public final class ShardPiece implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final int DENSE = -1;

    final int columns;
    final int targets; // labels per row
    final long[] hashes; // (rows)
    final boolean validation;
    final ShardSummary summary;
    private final int[] ends; // (rows), in words
    private final byte[] bytes; // empty once they are on disk
    private final transient @Nullable ByteBuffer kept; // on disk

    private ShardPiece(
            int columns,
            int targets,
            long[] hashes,
            int[] ends,
            byte[] bytes,
            @Nullable ByteBuffer kept,
            boolean validation,
            ShardSummary summary) {
        this.columns = columns;
        this.targets = targets;
        this.hashes = hashes;
        this.ends = ends;
        this.bytes = bytes;
        this.kept = kept;
        this.validation = validation;
        this.summary = summary;
    }

    /** A piece without rows. */
    static ShardPiece of(ShardSummary summary) {
        return new ShardPiece(0, 0, new long[0], new int[0], new byte[0], null, false, summary);
    }

    /** The same with its rows on disk. It lives within a task and is never sent. */
    ShardPiece on(DiskFile file) {
        return new ShardPiece(columns, targets, hashes, ends, new byte[0], file.keep(words()), validation, summary);
    }

    private ByteBuffer words() {
        return (kept == null ? ByteBuffer.wrap(bytes) : kept.duplicate()).order(ByteOrder.LITTLE_ENDIAN);
    }

    private ByteBuffer words(int row) {
        int start = Integer.BYTES * start(row);
        return words().slice(start, Integer.BYTES * ends[row] - start);
    }

    /** Whether a row with this many non-zero values travels with all its values. */
    static boolean isDense(int nonzero, int columns) {
        return 4L * nonzero >= columns;
    }

    /** The words before a row's values: labels, weight, number of values. */
    private static int head(int targets) {
        return targets + 2;
    }

    int rows() {
        return hashes.length;
    }

    private int start(int row) {
        return row == 0 ? 0 : ends[row - 1];
    }

    /** Orders rows by their contents: 0 only for rows that are equal in every value. */
    static int compare(ShardPiece a, int rowA, ShardPiece b, int rowB) {
        return a.words(rowA).compareTo(b.words(rowB));
    }

    Reader reader() {
        return new Reader(this);
    }

    /** Passes a piece's rows to a builder. */
    static final class Reader {
        private final ShardPiece piece;
        private final FloatBuffer floats;
        private final IntBuffer ints;
        private final float[] labels; // (targets)
        private float[] values = {};
        private int[] indices = {};

        private Reader(ShardPiece piece) {
            this.piece = piece;
            this.labels = new float[piece.targets];
            ByteBuffer words = piece.words();
            this.floats = words.asFloatBuffer();
            this.ints = words.asIntBuffer();
        }

        void read(int row, PackedRows.Builder builder) {
            int at = piece.start(row);
            floats.get(at, labels);
            float weight = floats.get(at + labels.length);
            int nonzero = ints.get(at + labels.length + 1);
            int head = head(labels.length);
            if (nonzero == DENSE) {
                builder.add(floats, at + head, labels, weight);
                return;
            }
            if (values.length < nonzero) {
                values = new float[nonzero];
                indices = new int[nonzero];
            }
            floats.get(at + head, values, 0, nonzero);
            ints.get(at + head + nonzero, indices, 0, nonzero);
            builder.add(nonzero, indices, values, labels, weight);
        }
    }

    /** Builds a piece from rows added one after another. */
    static final class Builder {
        private final int columns;
        private final int targets;
        private final int head; // words
        private final boolean validation;
        private final int size;
        private ShardSummary summary = new ShardSummary();
        private int rows;
        private long[] hashes = new long[16];
        private int[] ends = new int[16];
        private byte[] bytes = {};
        private IntBuffer words = IntBuffer.allocate(0);
        private int end; // in words

        /** @param size in bytes, at which the piece will be finished */
        Builder(int columns, int targets, boolean validation, int size) {
            this.columns = columns;
            this.targets = targets;
            this.head = head(targets);
            this.validation = validation;
            this.size = size;
        }

        long size() {
            return (long) Integer.BYTES * end;
        }

        /** Adds a row by the bits of all its values and the number of non-zero ones. */
        void add(int[] values, int nonzero, float[] labels, float weight, long hash) {
            begin(columns, DENSE, nonzero, labels, weight);
            words.put(end + head, values, 0, columns);
            end(end + head + columns, hash);
        }

        /** Adds a row by the bits of its non-zero values, in the columns {@code indices}. */
        void add(int count, int[] indices, int[] values, float[] labels, float weight, long hash) {
            begin(2L * count, count, count, labels, weight);
            words.put(end + head, values, 0, count);
            words.put(end + head + count, indices, 0, count);
            end(end + head + 2 * count, hash);
        }

        private void begin(long values, int count, int nonzero, float[] labels, float weight) {
            if (rows == hashes.length) {
                hashes = Arrays.copyOf(hashes, 2 * rows);
                ends = Arrays.copyOf(ends, 2 * rows);
            }
            long row = Integer.BYTES * (head + values);
            long needed = size() + row;
            if (needed > bytes.length) {
                long room = Math.max(needed, Math.min(2L * bytes.length, size + row));
                words(Arrays.copyOf(bytes, Math.toIntExact(room)));
            }
            for (int j = 0; j < targets; j++) {
                words.put(end + j, Float.floatToIntBits(labels[j]));
            }
            words.put(end + targets, Float.floatToIntBits(weight));
            words.put(end + targets + 1, count);
            summary.nonzero += nonzero;
        }

        private void words(byte[] room) {
            bytes = room;
            words = ByteBuffer.wrap(room).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
        }

        private void end(int next, long hash) {
            summary.fingerprint += validation ? Long.rotateLeft(hash, 1) : hash;
            hashes[rows] = hash;
            ends[rows++] = next;
            end = next;
        }

        void addClass(int label) {
            summary.addClass(label);
        }

        /** The rows so far as a piece; later rows start a new piece. */
        ShardPiece finish() {
            boolean full = size() > 0.875 * bytes.length;
            byte[] filled = full ? bytes : Arrays.copyOf(bytes, Integer.BYTES * end);
            ShardPiece piece = new ShardPiece(
                    columns,
                    targets,
                    Arrays.copyOf(hashes, rows),
                    Arrays.copyOf(ends, rows),
                    filled,
                    null,
                    validation,
                    summary);
            if (full) {
                words(new byte[bytes.length]);
            }
            summary = new ShardSummary();
            rows = 0;
            end = 0;
            return piece;
        }
    }
}
