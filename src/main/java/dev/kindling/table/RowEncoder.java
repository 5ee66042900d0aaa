package dev.kindling.table;

import dev.kindling.linalg.InvalidInput;
import dev.kindling.table.profile.RowProblem;
import java.time.ZoneId;
import java.util.ArrayList;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.jspecify.annotations.Nullable;

/** Turns rows with the values of the encoded columns, in their order, into feature vectors. */
final class RowEncoder implements UDF1<Row, Vector> {
    private static final long serialVersionUID = 1L;

    private final ArrayList<ColumnEncoding> columns;
    private final String zone;
    private final boolean refusesUnseen;
    private final int width;
    private transient @Nullable ZoneId at;

    RowEncoder(TableEncoding encoding, boolean refusesUnseen) {
        this.columns = new ArrayList<>(encoding.columns());
        this.zone = encoding.timeZone();
        this.refusesUnseen = refusesUnseen;
        this.width = encoding.width();
    }

    @Override
    public Vector call(Row row) {
        ZoneId clocks = at == null ? ZoneId.of(zone) : at;
        at = clocks;
        FeatureSink sink = new FeatureSink(width);
        int first = 0;
        for (int place = 0; place < columns.size(); place++) {
            ColumnEncoding column = columns.get(place);
            try {
                column.encode(row, place, clocks, sink, first, refusesUnseen);
            } catch (RowProblem e) {
                throw new InvalidInput(e.of(column.column()));
            }
            first += column.width();
        }
        return sink.toVector();
    }
}
