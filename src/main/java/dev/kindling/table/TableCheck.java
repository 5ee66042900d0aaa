package dev.kindling.table;

import dev.kindling.table.cache.BlockRows;
import dev.kindling.table.encoding.CategoryEncoding;
import dev.kindling.table.encoding.ColumnEncoding;
import dev.kindling.table.encoding.FeatureSink;
import dev.kindling.table.encoding.TableColumns;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/** Looks at rows before a {@link TableVectorizerModel} takes them. */
public final class TableCheck implements Serializable {
    private static final long serialVersionUID = 1L;

    private final RowEncoder encoder;

    TableCheck(RowEncoder encoder) {
        this.encoder = encoder;
    }

    public List<String> columns() {
        return encoder.columns().columns().stream().map(ColumnEncoding::column).toList();
    }

    /**
     * Why a model would refuse a row.
     *
     * @param column the place of the column among {@link #columns()}
     * @param sentence for {@link dev.kindling.linalg.InvalidInput}, without the row
     */
    public record Problem(int column, String sentence) {}

    /**
     * Why the model would refuse a row; null if it takes it.
     *
     * @param first the place of the first of the columns
     */
    public @Nullable Problem problem(Row row, int first) {
        TableColumns.Refusal refusal = encoder.encode(row, first, new FeatureSink(0));
        return refusal == null ? null : new Problem(refusal.column(), refusal.sentence());
    }

    /** Adds 1 for each column whose category in the row training did not know. */
    public void countUnseen(Row row, int first, long[] counts) {
        List<ColumnEncoding> columns = encoder.columns().columns();
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i) instanceof CategoryEncoding category && category.isUnseen(row.get(first + i))) {
                counts[i]++;
            }
        }
    }

    /**
     * Looks at rows that lie in blocks.
     *
     * @param blocks of {@link #columns()}
     * @param unseen for each column, to count the rows whose category training did not know
     * @return gives one row after another: null for one that the model surely takes
     */
    public Supplier<@Nullable Row> toCheck(Iterator<BlockRows> blocks, long[] unseen) {
        return new RowsToCheck(blocks, encoder.columns(), unseen);
    }

    /** Most blocks have no row that the model refuses, and are looked at column by column. */
    private static final class RowsToCheck implements Supplier<@Nullable Row> {
        private final Iterator<BlockRows> blocks;
        private final TableColumns columns;
        private final long[] unseen;
        private @Nullable BlockRows block;
        private boolean taken; // all rows of the block
        private int next;

        RowsToCheck(Iterator<BlockRows> blocks, TableColumns columns, long[] unseen) {
            this.blocks = blocks;
            this.columns = columns;
            this.unseen = unseen;
        }

        @Override
        public @Nullable Row get() {
            BlockRows current = block;
            while (current == null || next == current.rows()) {
                current = look(blocks.next());
                next = 0;
            }
            block = current;
            next++;
            return taken ? null : current.row(next - 1);
        }

        private BlockRows look(BlockRows rows) {
            taken = columns.takes(rows.rows(), rows::column);
            for (int i = 0; i < unseen.length; i++) {
                if (columns.columns().get(i) instanceof CategoryEncoding category) {
                    for (int row = 0; row < rows.rows(); row++) {
                        unseen[i] += category.isUnseen(rows.column(i).value(row)) ? 1 : 0;
                    }
                }
            }
            return rows;
        }
    }
}
