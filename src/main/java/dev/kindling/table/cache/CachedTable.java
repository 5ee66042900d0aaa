package dev.kindling.table.cache;

import static org.apache.spark.sql.functions.col;

import dev.kindling.spark.JobScope;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.stream.IntStream;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SQLContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.sources.BaseRelation;
import org.apache.spark.sql.sources.PrunedScan;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
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

    private static final int MOST_COMPILED = 100; // columns that Spark compiles together with the reading of a file

    private final SparkSession spark;
    private final StructType schema;
    private final JavaRDD<TableBlock> blocks;
    private final BitSet found = new BitSet(); // the columns with characters that were looked for

    private CachedTable(SparkSession spark, StructType schema, JavaRDD<TableBlock> blocks) {
        this.spark = spark;
        this.schema = schema;
        this.blocks = blocks;
    }

    public static CachedTable of(Dataset<Row> rows) {
        JavaRDD<TableBlock> blocks = packed(rows).setName(NAME).persist(StorageLevel.DISK_ONLY());
        return new CachedTable(rows.sparkSession(), rows.schema(), blocks);
    }

    private static JavaRDD<TableBlock> packed(Dataset<Row> rows) {
        return withBytes(rows).toJavaRDD().mapPartitions(new Packing(rows.schema()));
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

    /** The columns of a dataset in blocks, which are not kept. */
    public static JavaRDD<BlockRows> blocks(Dataset<Row> rows) {
        return packed(rows)
                .mapPartitions(new Viewing(
                        rows.schema(), IntStream.range(0, rows.schema().size()).toArray()));
    }

    /**
     * Reads all rows, so that they are cached.
     *
     * @param characters what {@link #contains} will be asked for
     */
    public void fill(List<String> characters) {
        byte[][] bytes = characters.stream()
                .map(character -> character.getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
        JobScope.run(spark.sparkContext(), () -> blocks.mapPartitions(new Search(bytes))
                        .collect())
                .forEach(found::or);
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
        return blocks(List.of(columns)).mapPartitions(new Unpacking()).rdd();
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
            Queue<Row> ready = new ArrayDeque<>();
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    while (ready.isEmpty() && blocks.hasNext()) {
                        BlockRows block = blocks.next();
                        for (int i = 0; i < block.rows(); i++) {
                            ready.add(block.row(i));
                        }
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
    }

    /** The columns in which a text has one of the characters. */
    @SuppressWarnings("ArrayRecordComponent") // it is sent, not compared
    private record Search(byte[][] characters) implements FlatMapFunction<Iterator<TableBlock>, BitSet> {
        @Override
        public Iterator<BitSet> call(Iterator<TableBlock> blocks) {
            BitSet found = new BitSet();
            while (blocks.hasNext()) {
                blocks.next().search(characters, found);
            }
            return List.of(found).iterator();
        }
    }
}
