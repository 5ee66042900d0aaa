package dev.kindling.table.cache;

import static org.apache.spark.sql.functions.col;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The rows of a dataset. */
final class DatasetRows implements FlatMapFunction<Iterator<Row>, BlockRow> {
    private static final long serialVersionUID = 1L;
    private static final int MOST_COMPILED = 100; // columns that Spark compiles together with the reading of a file

    private final StructType schema;

    private DatasetRows(StructType schema) {
        this.schema = schema;
    }

    static JavaRDD<BlockRow> of(Dataset<Row> rows) {
        return withBytes(rows).toJavaRDD().mapPartitions(new DatasetRows(rows.schema()));
    }

    /** The rows with the bytes of texts, which Spark would decode for a row and which a block keeps encoded. */
    private static Dataset<Row> withBytes(Dataset<Row> rows) {
        StructField[] fields = rows.schema().fields();
        long names = Arrays.stream(fields)
                .map(field -> field.name().toLowerCase(Locale.ROOT))
                .distinct()
                .count();
        if (names < fields.length || fields.length > MOST_COMPILED) {
            return rows; // a name would be ambiguous, or a plan of its own would be compiled
        }
        return rows.select(Arrays.stream(fields)
                .map(field -> {
                    Column column = col("`" + field.name().replace("`", "``") + "`");
                    return field.dataType() instanceof StringType
                            ? column.cast(DataTypes.BinaryType).as(field.name())
                            : column;
                })
                .toArray(Column[]::new));
    }

    @Override
    public Iterator<BlockRow> call(Iterator<Row> rows) {
        Cell[] cells = Arrays.stream(schema.fields())
                .map(field -> cell(field.dataType()))
                .toArray(Cell[]::new);
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return rows.hasNext();
            }

            @Override
            public BlockRow next() {
                Row row = rows.next();
                return block -> {
                    for (int j = 0; j < cells.length; j++) {
                        Object value = row.get(j);
                        if (value == null) {
                            block.addNull(j);
                        } else {
                            cells[j].add(value, j, block);
                        }
                    }
                };
            }
        };
    }

    /** Adds a value that is not null. */
    private interface Cell {
        void add(Object value, int column, BlockBuilder block);
    }

    private static Cell cell(DataType type) {
        if (type instanceof StringType) {
            return (value, column, block) -> {
                byte[] text = value instanceof byte[] bytes ? bytes : ((String) value).getBytes(StandardCharsets.UTF_8);
                block.addText(column, text, 0, text.length);
            };
        }
        NumberType number = NumberType.of(type);
        return number == null
                ? (value, column, block) -> block.add(column, value)
                : (value, column, block) -> block.addBits(column, number.bits(value));
    }
}
