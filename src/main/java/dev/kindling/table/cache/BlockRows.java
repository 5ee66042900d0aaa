package dev.kindling.table.cache;

import java.util.Arrays;
import java.util.BitSet;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** Some columns of some rows of a block. They live within a task and are never sent. */
public final class BlockRows {
    private final TableBlock block;
    private final int rows;
    private final BlockColumn[] columns;
    private final StructType schema;
    private final int[] chosen;

    /** @param places of the rows in the block, ascending; null for all */
    private BlockRows(TableBlock block, StructType schema, int[] chosen, int @Nullable [] places) {
        this.block = block;
        this.schema = schema;
        this.chosen = chosen;
        this.rows = places == null ? block.rows : places.length;
        this.columns = new BlockColumn[chosen.length];
        for (int j = 0; j < chosen.length; j++) {
            columns[j] = new BlockColumn(block, chosen[j], schema.fields()[chosen[j]].dataType(), places);
        }
    }

    /** All rows of a block. */
    static BlockRows of(TableBlock block, StructType schema, int[] chosen) {
        return new BlockRows(block, schema, chosen, null);
    }

    /**
     * Those of all rows of the block that are marked, or those that are not.
     *
     * @param first the mark of the first row
     */
    BlockRows kept(BitSet marks, int first, boolean marked) {
        int[] kept = new int[rows];
        int count = 0;
        for (int i = 0; i < rows; i++) {
            if (marks.get(first + i) == marked) {
                kept[count++] = i;
            }
        }
        return new BlockRows(block, schema, chosen, Arrays.copyOf(kept, count));
    }

    public int rows() {
        return rows;
    }

    /** The column at a place among those chosen. */
    public BlockColumn column(int place) {
        return columns[place];
    }

    /** A row with the values of all columns. */
    public Row row(int row) {
        Object[] values = new Object[columns.length];
        for (int j = 0; j < values.length; j++) {
            values[j] = columns[j].value(row);
        }
        return RowFactory.create(values);
    }
}
