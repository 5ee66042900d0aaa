package dev.kindling.table.cache;

import dev.kindling.spark.JobScope;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SQLContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.sources.BaseRelation;
import org.apache.spark.sql.sources.PrunedScan;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/**
 * The rows of a dataset, packed and kept on disk when they are read first.
 *
 * <p>Spark reads a lost block from the source again, so rows and their partitions are those of the source.
 */
public final class CachedTable extends BaseRelation implements PrunedScan {
    /** The beginning of the names of cached tables, and of what is kept beside them. */
    public static final String NAME = "kindling table";

    private final SparkSession spark;
    private final StructType schema;
    private final JavaRDD<TableBlock> blocks;

    private CachedTable(SparkSession spark, StructType schema, JavaRDD<TableBlock> blocks) {
        this.spark = spark;
        this.schema = schema;
        this.blocks = blocks;
    }

    public static CachedTable of(Dataset<Row> rows) {
        JavaRDD<TableBlock> blocks = rows.toJavaRDD()
                .mapPartitions(new Packing(rows.schema()))
                .setName(NAME)
                .persist(StorageLevel.DISK_ONLY());
        return new CachedTable(rows.sparkSession(), rows.schema(), blocks);
    }

    /** Reads all rows, so that they are cached. */
    public void fill() {
        JobScope.run(
                spark.sparkContext(), () -> blocks.mapPartitions(new Drain()).count());
    }

    /** The table as a dataset, whose plans read the columns that they need. */
    public Dataset<Row> dataset() {
        return spark.baseRelationToDataFrame(this);
    }

    /** Some columns of the rows, without a plan. */
    public JavaRDD<Row> rows(List<String> columns) {
        return blocks.mapPartitions(new Reading(
                schema, columns.stream().mapToInt(schema::fieldIndex).toArray()));
    }

    /** Whether a text in these columns has one of the characters. */
    public boolean contains(List<String> columns, List<String> characters) {
        Search search = new Search(
                columns.stream().mapToInt(schema::fieldIndex).toArray(),
                characters.stream()
                        .map(character -> character.getBytes(StandardCharsets.UTF_8))
                        .toArray(byte[][]::new));
        return JobScope.run(
                spark.sparkContext(),
                () -> blocks.mapPartitions(search).collect().contains(true));
    }

    @Override
    public SQLContext sqlContext() {
        return spark.sqlContext();
    }

    @Override
    public StructType schema() {
        return schema;
    }

    @Override
    public RDD<Row> buildScan(String[] columns) {
        return rows(List.of(columns)).rdd();
    }

    /** Removes all tables from the cache, and what is kept beside them: at the end of a command. */
    public static void releaseAll(SparkContext context) {
        if (!context.isStopped()) {
            new JavaSparkContext(context)
                    .getPersistentRDDs().values().stream()
                            .filter(rdd -> rdd.name() != null && rdd.name().startsWith(NAME))
                            .forEach(rdd -> JobScope.release(context, () -> rdd.unpersist(false)));
        }
    }

    private record Packing(StructType schema) implements FlatMapFunction<Iterator<Row>, TableBlock> {
        @Override
        public Iterator<TableBlock> call(Iterator<Row> rows) {
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return rows.hasNext();
                }

                @Override
                public TableBlock next() {
                    return TableBlock.of(rows, schema);
                }
            };
        }
    }

    private static final class Drain implements FlatMapFunction<Iterator<TableBlock>, Integer> {
        private static final long serialVersionUID = 1L;

        @Override
        public Iterator<Integer> call(Iterator<TableBlock> blocks) {
            blocks.forEachRemaining(block -> {});
            return Collections.emptyIterator();
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // it is sent, not compared
    private record Reading(StructType schema, int[] columns) implements FlatMapFunction<Iterator<TableBlock>, Row> {
        @Override
        public Iterator<Row> call(Iterator<TableBlock> blocks) {
            Queue<Row> ready = new ArrayDeque<>();
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    while (ready.isEmpty() && blocks.hasNext()) {
                        unpack(blocks.next(), ready);
                    }
                    return !ready.isEmpty();
                }

                @Override
                public Row next() {
                    if (!hasNext()) {
                        throw new NoSuchElementException();
                    }
                    return ready.remove();
                }
            };
        }

        private void unpack(TableBlock block, Queue<Row> ready) {
            Object[][] values = new Object[columns.length][];
            for (int j = 0; j < columns.length; j++) {
                DataType type = schema.fields()[columns[j]].dataType();
                values[j] = block.values(columns[j], type);
            }
            for (int i = 0; i < block.rows; i++) {
                Object[] row = new Object[columns.length];
                for (int j = 0; j < row.length; j++) {
                    row[j] = values[j][i];
                }
                ready.add(RowFactory.create(row));
            }
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // it is sent, not compared
    private record Search(int[] columns, byte[][] characters)
            implements FlatMapFunction<Iterator<TableBlock>, Boolean> {
        @Override
        public Iterator<Boolean> call(Iterator<TableBlock> blocks) {
            boolean found = false;
            while (!found && blocks.hasNext()) {
                TableBlock block = blocks.next();
                found = Arrays.stream(columns).anyMatch(column -> block.contains(column, characters));
            }
            return List.of(found).iterator();
        }
    }
}
