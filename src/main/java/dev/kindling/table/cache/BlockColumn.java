package dev.kindling.table.cache;

import dev.kindling.table.value.ColumnValues;
import org.apache.spark.sql.types.DataType;
import org.jspecify.annotations.Nullable;

/** The values of a column in some rows of a block, as they lie there: a look at a number or a text makes no object. */
public final class BlockColumn implements ColumnValues {
    private final TableBlock block;
    private final int column;
    private final DataType type;
    private final int @Nullable [] places; // (rows) in the block, ascending; null for all
    private final byte @Nullable [] texts;
    private final boolean hasNumbers;

    BlockColumn(TableBlock block, int column, DataType type, int @Nullable [] places) {
        this.block = block;
        this.column = column;
        this.type = type;
        this.places = places;
        this.texts = block.texts(column);
        this.hasNumbers = block.hasNumbers(column);
    }

    private int place(int row) {
        return places == null ? row : places[row];
    }

    @Override
    public boolean isNumber() {
        return hasNumbers;
    }

    @Override
    public double number(int row) {
        int place = place(row);
        return !hasNumbers || block.isNull(column, place) ? Double.NaN : block.number(column, place, type);
    }

    @Override
    public boolean isText() {
        return texts != null;
    }

    @Override
    public byte[] bytes() {
        return texts == null ? new byte[0] : texts;
    }

    @Override
    public int start(int row) {
        return block.start(column, place(row));
    }

    @Override
    public int end(int row) {
        return block.start(column, place(row) + 1);
    }

    /** The value of a row, of the class that Spark gives for the type. */
    public @Nullable Object value(int row) {
        return block.value(column, place(row), type);
    }

    @Override
    public @Nullable Object plain(int row) {
        return PlainValue.of(value(row));
    }

    /** The hash of a value after others, whose hash is given. */
    long hash(long hash, int row) {
        int place = place(row);
        if (texts != null) {
            return block.isNull(column, place)
                    ? hash
                    : RowHash.ofBytes(hash, texts, block.start(column, place), block.start(column, place + 1));
        }
        return RowHash.add(hash, value(row));
    }
}
