package dev.kindling.table.cache;

import dev.kindling.spark.JobScope;
import dev.kindling.spark.StorageMemory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
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
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a dataset, packed when they are read first, and kept on disk, or in memory if there is plenty of it.
 *
 * <p>Spark reads a lost block from the source again, so rows and their partitions are those of the source.
 */
public final class CachedTable extends BaseRelation implements PrunedScan {
    /** The beginning of the names of cached tables, and of what is kept beside them. */
    public static final String NAME = "kindling table";

    private static final double GROWTH = 1.5; // bytes in blocks for each in files, or thereabouts
    private static final int SHARE = 3; // of the memory, so that the shards to train on have the rest

    private static final int MOST_COLLECTED = 1000; // of a column, values that differ; likewise, characters of one

    private final SparkSession spark;
    private final StructType schema;
    private final JavaRDD<TableBlock> blocks;
    private final BitSet found = new BitSet(); // the columns with characters that were looked for
    private final Map<String, Set<Object>> values =
            new HashMap<>(); // the first ones of columns, as far as they were asked for
    private final Set<String> many = new HashSet<>(); // those that have too many, or long ones
    private long rows; // once they were read

    private CachedTable(SparkSession spark, StructType schema, JavaRDD<TableBlock> blocks) {
        this.spark = spark;
        this.schema = schema;
        this.blocks = blocks;
    }

    /**
     * The rows of a dataset.
     *
     * @param bytes of the files that they come from; 0 if that is not known
     */
    public static CachedTable of(Dataset<Row> rows, long bytes) {
        return of(rows.sparkSession(), rows.schema(), DatasetRows.of(rows), bytes);
    }

    /**
     * The rows of a source that is no dataset.
     *
     * @param rows with a value for each column of the schema
     * @param bytes of the files that they come from
     */
    public static CachedTable of(SparkSession spark, StructType schema, JavaRDD<BlockRow> rows, long bytes) {
        return new CachedTable(
                spark,
                schema,
                rows.mapPartitions(new Packing(schema)).setName(NAME).persist(level(spark.sparkContext(), bytes)));
    }

    private static StorageLevel level(SparkContext context, long bytes) {
        boolean inMemory = bytes > 0
                && context.isLocal() // the driver's memory is that of its tasks
                && bytes < StorageMemory.left(context) / (GROWTH * SHARE);
        return inMemory ? StorageLevel.MEMORY_AND_DISK() : StorageLevel.DISK_ONLY();
    }

    /** The columns of a dataset in blocks, which are not kept. */
    public static JavaRDD<BlockRows> blocks(Dataset<Row> rows) {
        return DatasetRows.of(rows)
                .mapPartitions(new Packing(rows.schema()))
                .mapPartitions(new Viewing(
                        rows.schema(), IntStream.range(0, rows.schema().size()).toArray()));
    }

    /**
     * Reads all rows, so that they are cached.
     *
     * @param characters what {@link #contains} will be asked for
     * @param collected the columns that {@link #different} will be asked for
     */
    public void fill(List<String> characters, Set<String> collected) {
        byte[][] bytes = characters.stream()
                .map(character -> character.getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
        boolean[] ofTexts = new boolean[schema.size()];
        for (int j = 0; j < ofTexts.length; j++) {
            ofTexts[j] = schema.fields()[j].dataType() instanceof StringType;
        }
        String[] columns = Arrays.stream(schema.fieldNames())
                .filter(column -> collected.contains(column)
                        && RowHash.takes(schema.apply(column).dataType()))
                .distinct()
                .toArray(String[]::new);
        int[] places = Arrays.stream(columns).mapToInt(schema::fieldIndex).toArray();
        List<Object[][]> parts = JobScope.run(
                spark.sparkContext(), () -> blocks.mapPartitions(new Search(schema, ofTexts, bytes, places))
                        .collect());
        for (Object[][] part : parts) {
            long read = (Long) part[0][0];
            rows += read;
            found.or((BitSet) part[0][1]);
            for (int j = 0; j < columns.length; j++) {
                Set<Object> known = values.computeIfAbsent(columns[j], column -> new LinkedHashSet<>());
                known.addAll(Arrays.asList(part[1 + j]));
                if (known.size() > MOST_COLLECTED || (read > 0 && part[1 + j].length == 0)) {
                    many.add(columns[j]);
                    known.clear();
                }
            }
        }
    }

    /** The number of rows that {@link #fill} read. */
    public long rows() {
        return rows;
    }

    /**
     * The different values of a column that {@link #fill} collected: a row for each, null among them where there are such, without values
     * of other columns. Null if they are many, or none were collected.
     *
     * @param empty a column that was collected too; null also if the table has it with a value
     */
    public @Nullable Dataset<Row> different(String column, String empty) {
        Set<Object> collected = values.get(column);
        boolean isEmpty = !many.contains(empty)
                && values.getOrDefault(empty, Set.of()).stream().allMatch(Objects::isNull);
        if (collected == null || many.contains(column) || !isEmpty) {
            return null;
        }
        int place = schema.fieldIndex(column);
        List<Row> different = new ArrayList<>();
        for (Object value : collected) {
            Object[] row = new Object[schema.size()];
            row[place] = value;
            different.add(RowFactory.create(row));
        }
        StructType nullable = new StructType();
        for (StructField field : schema.fields()) {
            nullable = nullable.add(field.name(), field.dataType(), true, field.metadata());
        }
        return spark.createDataFrame(different, nullable);
    }

    /** The table as a dataset, whose plans read the columns that they need. */
    public Dataset<Row> dataset() {
        return spark.baseRelationToDataFrame(this);
    }

    /** Some columns of the rows, without a plan. */
    public JavaRDD<BlockRows> blocks(List<String> columns) {
        return blocks.mapPartitions(new Viewing(
                schema, columns.stream().mapToInt(schema::fieldIndex).toArray()));
    }

    /** The same row by row. */
    public JavaRDD<Row> rows(List<String> columns) {
        return blocks(columns).mapPartitions(new Unpacking());
    }

    /** Whether a text in these columns has one of the characters that {@link #fill} looked for. */
    public boolean contains(List<String> columns) {
        return columns.stream().anyMatch(column -> found.get(schema.fieldIndex(column)));
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

    private record Packing(StructType schema) implements FlatMapFunction<Iterator<BlockRow>, TableBlock> {
        @Override
        public Iterator<TableBlock> call(Iterator<BlockRow> rows) {
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return rows.hasNext();
                }

                @Override
                public TableBlock next() {
                    return BlockBuilder.build(rows, schema);
                }
            };
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // it is sent, not compared
    private record Viewing(StructType schema, int[] columns)
            implements FlatMapFunction<Iterator<TableBlock>, BlockRows> {
        @Override
        public Iterator<BlockRows> call(Iterator<TableBlock> blocks) {
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return blocks.hasNext();
                }

                @Override
                public BlockRows next() {
                    return BlockRows.of(blocks.next(), schema, columns);
                }
            };
        }
    }

    private static final class Unpacking implements FlatMapFunction<Iterator<BlockRows>, Row> {
        private static final long serialVersionUID = 1L;

        @Override
        public Iterator<Row> call(Iterator<BlockRows> blocks) {
            return new Iterator<>() {
                private @Nullable BlockRows block;
                private int next;

                @Override
                public boolean hasNext() {
                    while ((block == null || next == block.rows()) && blocks.hasNext()) {
                        block = blocks.next();
                        next = 0;
                    }
                    return block != null && next < block.rows();
                }

                @Override
                public Row next() {
                    if (!hasNext() || block == null) {
                        throw new NoSuchElementException();
                    }
                    return block.row(next++);
                }
            };
        }
    }

    /** The number of rows and the columns in which a text has one of the characters; then columns' different values, or none of many. */
    @SuppressWarnings("ArrayRecordComponent") // it is sent, not compared
    private record Search(StructType schema, boolean[] ofTexts, byte[][] characters, int[] collected)
            implements FlatMapFunction<Iterator<TableBlock>, Object[][]> {
        @Override
        public Iterator<Object[][]> call(Iterator<TableBlock> blocks) {
            BitSet found = new BitSet();
            long rows = 0;
            List<Set<Object>> different = new ArrayList<>();
            IntStream.range(0, collected.length).forEach(j -> different.add(new LinkedHashSet<>()));
            boolean[] few = new boolean[collected.length];
            Arrays.fill(few, true);
            while (blocks.hasNext()) {
                TableBlock block = blocks.next();
                rows += block.rows;
                block.search(ofTexts, characters, found);
                BlockRows values = BlockRows.of(block, schema, collected);
                for (int j = 0; j < collected.length; j++) {
                    if (few[j] && !values.column(j).addTo(different.get(j), MOST_COLLECTED)) {
                        few[j] = false;
                        different.get(j).clear();
                    }
                }
            }
            Object[][] all = new Object[1 + collected.length][];
            all[0] = new Object[] {rows, found};
            for (int j = 0; j < collected.length; j++) {
                all[1 + j] = different.get(j).toArray();
            }
            return List.<Object[][]>of(all).iterator();
        }
    }
}
