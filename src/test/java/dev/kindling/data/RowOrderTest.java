package dev.kindling.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Rows are in the order of their hashes, then of their contents, however they lie in pieces. */
final class RowOrderTest {
    private static final int ROWS = 3000;
    private static final long[] HASHES = {
        0, 1, 2, 5L << 40, 5L << 40 | 7, Long.MAX_VALUE, Long.MIN_VALUE, Long.MIN_VALUE + 1, -1 << 12, -2, -1
    };

    /** The place of its hash, and a label. */
    private record Row(int hash, int label) {}

    private static PackedRows packed(List<Row> rows, int size) {
        List<ShardPiece> pieces = new ArrayList<>();
        ShardPiece.Builder builder = new ShardPiece.Builder(1, 1, false, 1 << 10);
        int left = size;
        for (Row row : rows) {
            builder.add(new int[] {Float.floatToIntBits(row.hash)}, 1, new float[] {row.label}, 1, HASHES[row.hash]);
            if (--left == 0) {
                pieces.add(builder.finish());
                left = size;
            }
        }
        if (left < size) {
            pieces.add(builder.finish());
        }
        Collections.shuffle(pieces, new Random(size));
        RowOrder order = new RowOrder(pieces);
        PackedRows.Builder packed = new PackedRows.Builder(order.rows(), 1, 1, order.rows());
        order.read(packed);
        return packed.build();
    }

    @Test
    void piecesDoNotMatter() {
        Random random = new Random(2);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            rows.add(new Row(random.nextInt(HASHES.length), random.nextInt(5)));
        }
        PackedRows whole = packed(rows, ROWS);
        for (int row = 1; row < ROWS; row++) {
            long before = HASHES[(int) whole.value(row - 1, 0)];
            assertThat(Long.compareUnsigned(before, HASHES[(int) whole.value(row, 0)]))
                    .isNotPositive();
        }
        for (int size : new int[] {1, 7, 1000}) {
            Collections.shuffle(rows, random);
            PackedRows split = packed(rows, size);
            for (int row = 0; row < ROWS; row++) {
                assertThat(split.value(row, 0)).isEqualTo(whole.value(row, 0));
                assertThat(split.label(row)).isEqualTo(whole.label(row));
            }
        }
    }
}
