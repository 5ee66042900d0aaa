package dev.kindling.table;

import dev.kindling.table.profile.RowProblem;
import java.io.Serializable;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/** Looks at rows before a {@link TableVectorizerModel} takes them. */
public final class TableCheck implements Serializable {
    private static final long serialVersionUID = 1L;

    private final ArrayList<ColumnEncoding> columns;
    private final String zone;
    private final boolean refusesUnseen;

    TableCheck(TableEncoding encoding, boolean refusesUnseen) {
        this.columns = new ArrayList<>(encoding.columns());
        this.zone = encoding.timeZone();
        this.refusesUnseen = refusesUnseen;
    }

    public List<String> columns() {
        return columns.stream().map(ColumnEncoding::column).toList();
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
        ZoneId clocks = ZoneId.of(zone);
        FeatureSink nowhere = new FeatureSink(0);
        for (int i = 0; i < columns.size(); i++) {
            ColumnEncoding column = columns.get(i);
            try {
                column.encode(row, first + i, clocks, nowhere, 0, refusesUnseen);
            } catch (RowProblem e) {
                return new Problem(i, e.of(column.column()));
            }
        }
        return null;
    }

    /** Adds 1 for each column whose category in the row training did not know. */
    public void countUnseen(Row row, int first, long[] counts) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i) instanceof CategoryEncoding category && category.isUnseen(row, first + i)) {
                counts[i]++;
            }
        }
    }
}
