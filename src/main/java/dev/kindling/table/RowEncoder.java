package dev.kindling.table;

import dev.kindling.linalg.InvalidInput;
import dev.kindling.table.cache.BlockRows;
import dev.kindling.table.cache.RowMarks;
import dev.kindling.table.encoding.ColumnEncoding;
import dev.kindling.table.encoding.FeatureSink;
import dev.kindling.table.profile.RowProblem;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.jspecify.annotations.Nullable;

/** Turns rows with the values of the encoded columns, in their order, into feature vectors. */
final class RowEncoder implements UDF1<Row, Vector>, RowMarks.Vectors {
    private static final long serialVersionUID = 1L;

    private final ArrayList<ColumnEncoding> columns;
    private final ZoneId zone;
    private final boolean refusesUnseen;
    private final boolean keepsInvalid;
    private final int width;

    RowEncoder(TableEncoding encoding, boolean refusesUnseen, boolean keepsInvalid) {
        this.columns = new ArrayList<>(encoding.columns());
        this.zone = ZoneId.of(encoding.timeZone());
        this.refusesUnseen = refusesUnseen;
        this.keepsInvalid = keepsInvalid;
        this.width = encoding.width();
    }

    List<ColumnEncoding> columns() {
        return columns;
    }

    @Override
    public @Nullable Vector call(Row row) {
        FeatureSink sink = new FeatureSink(width);
        return vector(encode(row, 0, sink), sink);
    }

    @Override
    public @Nullable Vector of(BlockRows rows, int row) {
        FeatureSink sink = new FeatureSink(width);
        return vector(
                encode((column, place, first) ->
                        column.encode(rows.column(place), row, zone, sink, first, refusesUnseen)),
                sink);
    }

    private @Nullable Vector vector(TableCheck.@Nullable Problem refused, FeatureSink sink) {
        if (refused == null) {
            return sink.toVector();
        }
        if (keepsInvalid) {
            return null;
        }
        throw new InvalidInput(refused.sentence());
    }

    /**
     * Writes the features of a row, up to a value that is refused.
     *
     * @param place of the first column in the row
     * @return why the row is refused; null if it is not
     */
    TableCheck.@Nullable Problem encode(Row row, int place, FeatureSink sink) {
        return encode((column, i, first) -> column.encode(row, place + i, zone, sink, first, refusesUnseen));
    }

    /** Writes the features of one column of a row. */
    private interface Cell {
        void encode(ColumnEncoding column, int place, int first);
    }

    private TableCheck.@Nullable Problem encode(Cell cell) {
        int first = 0;
        for (int i = 0; i < columns.size(); i++) {
            ColumnEncoding column = columns.get(i);
            try {
                cell.encode(column, i, first);
            } catch (RowProblem e) {
                return new TableCheck.Problem(i, e.of(column.column()));
            }
            first += column.width();
        }
        return null;
    }
}
