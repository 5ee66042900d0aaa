package dev.kindling.table;

import dev.kindling.linalg.InvalidInput;
import dev.kindling.table.cache.BlockRows;
import dev.kindling.table.cache.PlainValue;
import dev.kindling.table.cache.RowMarks;
import dev.kindling.table.encoding.FeatureSink;
import dev.kindling.table.encoding.TableColumns;
import java.util.function.IntFunction;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.jspecify.annotations.Nullable;

/** Turns rows with the values of the encoded columns, in their order, into feature vectors. */
final class RowEncoder implements UDF1<Row, Vector>, RowMarks.Vectors {
    private static final long serialVersionUID = 1L;

    private final TableColumns columns;
    private final boolean keepsInvalid;

    RowEncoder(TableColumns columns, boolean keepsInvalid) {
        this.columns = columns;
        this.keepsInvalid = keepsInvalid;
    }

    TableColumns columns() {
        return columns;
    }

    @Override
    public @Nullable Vector call(Row row) {
        FeatureSink sink = new FeatureSink(columns.width());
        TableColumns.Refusal refusal = encode(row, 0, sink);
        return vector(refusal == null ? null : refusal.sentence(), sink);
    }

    @Override
    public IntFunction<@Nullable Vector> of(BlockRows rows) {
        FeatureSink[] sinks = columns.encode(rows.rows(), rows::column);
        return row -> vector(sinks[row].refusal(), sinks[row]);
    }

    private @Nullable Vector vector(@Nullable String refusal, FeatureSink sink) {
        if (refusal == null) {
            return sink.isSparse()
                    ? Vectors.sparse(columns.width(), sink.indices(), sink.values())
                    : Vectors.dense(sink.dense());
        }
        if (keepsInvalid) {
            return null;
        }
        throw new InvalidInput(refusal);
    }

    /**
     * Writes the features of a row, up to a value that is refused.
     *
     * @param place of the first column in the row
     * @return why the row is refused; null if it is not
     */
    TableColumns.@Nullable Refusal encode(Row row, int place, FeatureSink sink) {
        return columns.encode(i -> PlainValue.of(row.get(place + i)), sink);
    }
}
