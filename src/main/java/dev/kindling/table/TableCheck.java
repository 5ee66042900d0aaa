package dev.kindling.table;

import dev.kindling.table.encoding.CategoryEncoding;
import dev.kindling.table.encoding.ColumnEncoding;
import dev.kindling.table.encoding.FeatureSink;
import dev.kindling.table.encoding.TableColumns;
import java.io.Serializable;
import java.util.List;
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
}
