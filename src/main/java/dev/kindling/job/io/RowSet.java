package dev.kindling.job.io;

import static org.apache.spark.sql.functions.not;

import dev.kindling.job.input.CsvOptions;
import dev.kindling.table.cache.BlockRows;
import dev.kindling.table.cache.CachedTable;
import dev.kindling.table.cache.ColumnRows;
import dev.kindling.table.cache.KnownRows;
import dev.kindling.table.cache.RowHash;
import dev.kindling.table.cache.RowMarks;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a table, or those on one side of a split. Their raw columns come from the cache without a plan, as far as they are
 * there as the data have them: a plan of each column costs more than the rows of a wide table.
 */
public final class RowSet implements ColumnRows {
    private final DataSource.Data data;
    private final InputColumns inputs;
    private final @Nullable Split split;
    private final boolean held;
    private final @Nullable Column condition; // of the rows that are kept

    /** Which rows are held out: a condition, and what it says of each row of a partition, which is found once. */
    private record Split(Column condition, JavaRDD<BitSet> rows) {}

    private RowSet(
            DataSource.Data data,
            InputColumns inputs,
            @Nullable Split split,
            boolean held,
            @Nullable Column condition) {
        this.data = data;
        this.inputs = inputs;
        this.split = split;
        this.held = held;
        this.condition = condition;
    }

    /** All rows. */
    public static RowSet of(DataSource.Data data, InputColumns inputs) {
        return new RowSet(data, inputs, null, false, null);
    }

    /** Those held out and the others; a hash of the row decides, as {@link TypedTable#isHeldOut} says. */
    public List<RowSet> split(double fraction, long seed) {
        Column condition = TypedTable.withoutGiven(data, inputs).isHeldOut(fraction, seed);
        JavaRDD<BitSet> marks = marks(condition, fraction, seed)
                .setName(CachedTable.NAME + ": rows held out")
                .persist(StorageLevel.MEMORY_AND_DISK());
        Split split = new Split(condition, marks);
        return List.of(new RowSet(data, inputs, split, true, null), new RowSet(data, inputs, split, false, null));
    }

    private JavaRDD<BitSet> marks(Column condition, double fraction, long seed) {
        List<String> raw = inputs.with(input -> input.kind().isRaw()).stream()
                .map(InputColumn::name)
                .toList();
        StructType types = data.rows().schema();
        boolean hashed = isCached(raw)
                && raw.stream().allMatch(name -> RowHash.takes(types.apply(name).dataType()));
        if (!hashed) {
            Dataset<Row> typed = TypedTable.withoutGiven(data, inputs).typed();
            return typed.select(condition).toJavaRDD().mapPartitions(new RowMarks.OfColumn());
        }
        ArrayList<Boolean> order = new ArrayList<>(); // whether each input is raw
        inputs.all().forEach(input -> order.add(input.kind().isRaw()));
        return others().toJavaRDD()
                .zipPartitions(
                        Objects.requireNonNull(data.cached()).blocks(raw), new RowMarks.OfHash(order, fraction, seed));
    }

    /** Those of the rows that have a label, if it is indexed: for a check, which has told of the others. */
    public RowSet labelled() {
        return inputs.label()
                .filter(InputColumn::isIndexed)
                .map(label -> where(InputColumn.quoted(label.column()).notEqual("")))
                .orElse(this);
    }

    /**
     * Those of the rows that do not have another class.
     *
     * @param found in them: most data have no such row, and need no condition, which with many classes takes long to plan
     * @param classes in the order of their indices
     */
    public RowSet known(RowCheck.Found found, List<String> classes) {
        if (found.unknown() == 0) {
            return this;
        }
        InputColumn label = inputs.label().orElseThrow();
        Column value = InputColumn.quoted(label.column());
        return where(
                label.isIndexed()
                        ? value.isInCollection(classes)
                        : value.between(0, classes.size() - 1).or(value.isNaN()));
    }

    private RowSet where(Column other) {
        return new RowSet(data, inputs, split, held, condition == null ? other : condition.and(other));
    }

    /** The rows with the columns of the model's inputs, cast to their kinds. */
    public Dataset<Row> typed() {
        Dataset<Row> typed = TypedTable.withoutGiven(data, inputs).typed();
        return kept(split == null ? typed : typed.filter(held ? split.condition : not(split.condition)));
    }

    private Dataset<Row> kept(Dataset<Row> rows) {
        return condition == null ? rows : rows.filter(condition);
    }

    /** The inputs that are no raw columns, of all rows of the table. */
    Dataset<Row> others() {
        return TypedTable.withoutGiven(data, new InputColumns(inputs.with(input -> !input.kind()
                        .isRaw())))
                .typed();
    }

    /** Whether some rows are left out by what their label is. */
    boolean isFiltered() {
        return condition != null;
    }

    /**
     * These rows with one more column, which is made of raw columns.
     *
     * @param others what is made of {@link #others}, row by row
     * @param columns the raw columns, which are cached
     * @param field the new column
     * @param made makes its values
     */
    Dataset<Row> withAdded(Dataset<Row> others, List<String> columns, StructField field, RowMarks.Vectors made) {
        JavaRDD<Row> rows = split == null
                ? others.toJavaRDD()
                : others.toJavaRDD().zipPartitions(split.rows, new RowMarks.KeptRows(held));
        JavaRDD<Row> added = rows.zipPartitions(of(columns), new RowMarks.Adding(made));
        return kept(
                KnownRows.dataset(others.sparkSession(), added, others.schema().add(field)));
    }

    @Override
    public boolean isCached(List<String> columns) {
        CachedTable cached = data.cached();
        CsvOptions csv = data.csv();
        if (cached == null || (csv != null && csv.decimal() != null)) {
            return false;
        }
        StructType types = data.rows().schema();
        return columns.stream().allMatch(name -> cached.schema()
                .apply(name)
                .dataType()
                .equals(types.apply(name).dataType()));
    }

    @Override
    public JavaRDD<BlockRows> of(List<String> columns) {
        CachedTable cached = data.cached();
        if (cached == null || !isCached(columns)) {
            return CachedTable.blocks(
                    typed().select(columns.stream().map(InputColumn::quoted).toArray(Column[]::new)));
        }
        JavaRDD<BlockRows> blocks = cached.blocks(columns);
        return split == null ? blocks : blocks.zipPartitions(split.rows, new RowMarks.Kept(held));
    }
}
