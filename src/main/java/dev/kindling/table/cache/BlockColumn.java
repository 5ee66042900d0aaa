package dev.kindling.table.cache;

import org.apache.spark.sql.types.DataType;
import org.jspecify.annotations.Nullable;

/** The values of a column in some rows of a block, as they lie there: a look at a number or a text makes no object. */
public final class BlockColumn {
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

    /** Whether {@link #number} can be asked for: numbers and booleans. */
    public boolean isNumber() {
        return hasNumbers;
    }

    /** A number, or 1 or 0 for a boolean; NaN where it is null. */
    public double number(int row) {
        int place = place(row);
        return !hasNumbers || block.isNull(column, place) ? Double.NaN : block.number(column, place, type);
    }

    /** Whether {@link #bytes} can be asked for. */
    public boolean isText() {
        return texts != null;
    }

    /** The texts in UTF-8, one after the other. They must not be modified. */
    public byte[] bytes() {
        return texts == null ? new byte[0] : texts;
    }

    /** Where a text begins. */
    public int start(int row) {
        return block.start(column, place(row));
    }

    /** Where it ends; where it begins if it is null. */
    public int end(int row) {
        return block.start(column, place(row) + 1);
    }

    /** The value of a row, of the class that Spark gives for the type. */
    public @Nullable Object value(int row) {
        return block.value(column, place(row), type);
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
