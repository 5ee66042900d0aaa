package dev.kindling.data;

import java.util.Arrays;
import java.util.List;

/**
 * The rows of several pieces in the order of their hashes, and of their contents where hashes are equal: neither the order of the
 * pieces nor their sizes matter. Eight bytes a row: the upper bits of its hash, then its number among all rows.
 */
final class RowOrder {
    private final List<ShardPiece> pieces;
    private final int[] firsts; // (pieces): the number of the first row of each
    private final long[] keys; // (rows), in order
    private final long numbers; // the bits of a key that hold the row's number

    RowOrder(List<ShardPiece> pieces) {
        this.pieces = pieces;
        this.firsts = new int[pieces.size()];
        int rows = 0;
        for (int i = 0; i < firsts.length; i++) {
            firsts[i] = rows;
            rows = Math.addExact(rows, pieces.get(i).rows());
        }
        this.keys = new long[rows];
        this.numbers = (Long.highestOneBit(Math.max(1, rows)) << 1) - 1;
        int next = 0;
        for (ShardPiece piece : pieces) {
            for (long hash : piece.hashes) {
                keys[next] = ((hash ^ Long.MIN_VALUE) & ~numbers) | next; // in the order of unsigned hashes
                next++;
            }
        }
        Arrays.sort(keys);
        for (int i = 1; i < rows; i++) {
            sink(i);
        }
    }

    /** Moves a row before those of which the upper bits of the hash are equal, but which come later: there are hardly any. */
    private void sink(int place) {
        long key = keys[place];
        int to = place;
        while (to > 0 && ((key ^ keys[to - 1]) & ~numbers) == 0 && compare(keys[to - 1], key) > 0) {
            keys[to] = keys[to - 1];
            to--;
        }
        keys[to] = key;
    }

    private int compare(long one, long other) {
        int a = piece(one);
        int b = piece(other);
        int rowA = row(one, a);
        int rowB = row(other, b);
        int order = Long.compareUnsigned(pieces.get(a).hashes[rowA], pieces.get(b).hashes[rowB]);
        return order != 0 ? order : ShardPiece.compare(pieces.get(a), rowA, pieces.get(b), rowB);
    }

    private int piece(long key) {
        int found = Arrays.binarySearch(firsts, (int) (key & numbers));
        return found < 0 ? -found - 2 : found;
    }

    private int row(long key, int piece) {
        return (int) (key & numbers) - firsts[piece];
    }

    int rows() {
        return keys.length;
    }

    /** Passes the rows to a builder. */
    void read(PackedRows.Builder builder) {
        List<ShardPiece.Reader> readers =
                pieces.stream().map(ShardPiece::reader).toList();
        for (long key : keys) {
            int piece = piece(key);
            readers.get(piece).read(row(key, piece), builder);
        }
    }
}
