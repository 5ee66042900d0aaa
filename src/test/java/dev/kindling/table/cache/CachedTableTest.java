package dev.kindling.table.cache;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.xxhash64;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.LocalSpark;
import java.math.BigDecimal;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read from the cache is what the source has, and hashes are Spark's. */
final class CachedTableTest {
    private static final StructType SCHEMA = new StructType()
            .add("text", DataTypes.StringType)
            .add("double", DataTypes.DoubleType)
            .add("long", DataTypes.LongType)
            .add("int", DataTypes.IntegerType)
            .add("float", DataTypes.FloatType)
            .add("short", DataTypes.ShortType)
            .add("byte", DataTypes.ByteType)
            .add("truth", DataTypes.BooleanType)
            .add("number", DataTypes.StringType)
            .add("vector", SQLDataTypes.VectorType())
            .add("time", DataTypes.TimestampType)
            .add("decimal", DataTypes.createDecimalType(10, 2))
            .add("day", DataTypes.DateType)
            .add("array", DataTypes.createArrayType(DataTypes.DoubleType));
    private static final int HASHED = 9; // the first columns

    private static Dataset<Row> source() {
        Random random = new Random(3);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 9000; i++) {
            Object[] values = {
                "ä€".repeat(i % 3) + "x".repeat(random.nextInt(70)),
                i % 5 == 0 ? -0.0 : random.nextGaussian(),
                random.nextLong(),
                random.nextInt(),
                i % 7 == 0 ? -0f : random.nextFloat(),
                (short) random.nextInt(),
                (byte) random.nextInt(),
                random.nextBoolean(),
                i == 7000
                        ? "1."
                        : BigDecimal.valueOf(random.nextLong() >> 20 + random.nextInt(44), random.nextInt(15))
                                .toPlainString(),
                Vectors.dense(random.nextDouble(), i),
                new Timestamp(1_600_000_000_000L + 1000L * i),
                BigDecimal.valueOf(random.nextInt(100_000), 2),
                Date.valueOf(LocalDate.of(2020, 1, 1).plusDays(i)),
                new Double[] {random.nextDouble(), i % 3 == 0 ? null : 1.0}
            };
            int gap = random.nextInt(3 * values.length);
            if (gap < values.length) {
                values[gap] = null;
            }
            rows.add(RowFactory.create(values));
        }
        return LocalSpark.session().createDataFrame(rows, SCHEMA).repartition(3);
    }

    private static boolean isInMemory() {
        return new JavaSparkContext(LocalSpark.session().sparkContext())
                .getPersistentRDDs().values().stream()
                        .anyMatch(rdd -> CachedTable.NAME.equals(rdd.name())
                                && rdd.getStorageLevel().useMemory());
    }

    /** @param bytes of files: so few that there is memory for them, or unknown */
    @ParameterizedTest
    @ValueSource(longs = {1, 0})
    void rowsComeBackAsTheyWere(long bytes) {
        Dataset<Row> source = source().cache();
        CachedTable table = CachedTable.of(source, bytes);
        try {
            table.fill(List.of("\uFFFD", "€"), Set.of());
            List<Row> expected = source.collectAsList();
            assertThat(isInMemory()).isEqualTo(bytes == 1);
            assertThat(table.dataset().collectAsList()).isEqualTo(expected);
            assertThat(table.dataset().schema()).isEqualTo(source.schema());
            assertThat(table.dataset().select("int", "text").collectAsList())
                    .isEqualTo(source.select("int", "text").collectAsList());
            assertThat(kept(table, true)).isEqualTo(odd(source, 1));
            assertThat(kept(table, false)).isEqualTo(odd(source, 0));
            assertThat(table.contains(List.of("text"))).isTrue();
            assertThat(table.contains(List.of("int", "vector"))).isFalse();
            CachedTable other = CachedTable.of(source, 0);
            other.fill(List.of("\uFFFD", "\""), Set.of());
            assertThat(other.contains(List.of("text"))).isFalse();
        } finally {
            source.unpersist();
            CachedTable.releaseAll(LocalSpark.session().sparkContext());
        }
        assertThat(LocalSpark.session()
                        .sparkContext()
                        .getPersistentRDDs()
                        .values()
                        .mkString())
                .doesNotContain(CachedTable.NAME);
    }

    @Test
    void textsThatAreNumbersAreParsedOnce() {
        Random random = new Random(5);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 9000; i++) {
            double number = random.nextGaussian() * Math.pow(10, random.nextInt(-20, 20));
            String text = List.of(
                            String.valueOf(number),
                            String.valueOf((float) number),
                            "+1e-3",
                            "-7.",
                            "007",
                            "12 kg",
                            " 1",
                            "NaN",
                            "")
                    .get(Math.max(0, random.nextInt(40) - 31));
            rows.add(RowFactory.create(i % 50 == 0 ? null : text, i % 50 == 0 ? null : "x" + i));
        }
        StructType schema = new StructType().add("number", DataTypes.StringType).add("word", DataTypes.StringType);
        CachedTable table = CachedTable.of(
                LocalSpark.session().createDataFrame(rows, schema).coalesce(1), 0);
        try {
            table.fill(List.of(), Set.of());
            List<double[]> blocks = table.blocks(List.of("number", "word"))
                    .flatMap(block -> List.of(
                                    block.column(0).numbers(true),
                                    block.column(1).numbers(true))
                            .iterator())
                    .collect();
            List<Double> numbers = new ArrayList<>();
            for (int i = 0; i < blocks.size(); i += 2) {
                Arrays.stream(blocks.get(i)).forEach(numbers::add);
                assertThat(blocks.get(i + 1)).containsOnly(Double.NaN);
            }
            assertThat(numbers)
                    .isEqualTo(rows.stream().map(row -> plain(row.getString(0))).toList());
        } finally {
            CachedTable.releaseAll(LocalSpark.session().sparkContext());
        }
    }

    private static double plain(String text) {
        return text == null || List.of("007", "12 kg", " 1", "NaN", "").contains(text)
                ? Double.NaN
                : Double.parseDouble(text) + 0.0;
    }

    @Test
    void theDifferentValuesOfAColumnAreCollectedWhereTheyAreFew() {
        Dataset<Row> source = LocalSpark.session()
                .range(0, 3000, 1, 3)
                .selectExpr(
                        "id AS many",
                        "if(id % 7 = 0, null, id % 7) AS few",
                        "if(id = 2999, 'a', null) AS rare",
                        "if(id = 2999, repeat('a', 1001), null) AS long",
                        "cast(null AS string) AS never")
                .repartition(4, functions.expr("many >= 0")); // so that partitions are empty
        CachedTable table = CachedTable.of(source, 0);
        try {
            table.fill(List.of(), Set.of("many", "few", "rare", "long", "never", "absent"));
            assertThat(table.rows()).isEqualTo(3000);
            assertThat(table.different("few", "never").select("few").collectAsList())
                    .containsExactlyInAnyOrderElementsOf(
                            source.select("few").distinct().collectAsList());
            assertThat(table.different("few", "absent")
                            .filter("rare IS NOT NULL OR many IS NOT NULL")
                            .count())
                    .isZero();
            assertThat(table.different("few", "rare"))
                    .as("a value of the other column")
                    .isNull();
            assertThat(table.different("many", "never")).as("too many").isNull();
            assertThat(table.different("long", "never")).as("too long").isNull();
            assertThat(table.different("few", "long"))
                    .as("a long value of the other column")
                    .isNull();
        } finally {
            CachedTable.releaseAll(LocalSpark.session().sparkContext());
        }
    }

    /** The rows of every second place, or the others, column by column. */
    private static List<List<Object>> kept(CachedTable table, boolean marked) {
        List<String> names = List.of(SCHEMA.fieldNames());
        JavaRDD<BitSet> marks = table.blocks(names).mapPartitions(blocks -> {
            BitSet odd = new BitSet();
            int rows = 0;
            while (blocks.hasNext()) {
                rows += blocks.next().rows();
            }
            for (int i = 1; i < rows; i += 2) {
                odd.set(i);
            }
            return List.of(odd).iterator();
        });
        return table
                .blocks(names)
                .zipPartitions(marks, new RowMarks.Kept(marked))
                .map(block -> {
                    List<List<Object>> rows = new ArrayList<>();
                    for (int i = 0; i < block.rows(); i++) {
                        List<Object> row = new ArrayList<>();
                        for (int j = 0; j < SCHEMA.size(); j++) {
                            BlockColumn column = block.column(j);
                            Object value = column.value(i);
                            row.add(value);
                            double number = value instanceof Number n
                                    ? n.doubleValue()
                                    : value instanceof Boolean truth ? (truth ? 1 : 0) : Double.NaN;
                            if (column.isNumber()) {
                                assertThat(column.numbers(false)[i])
                                        .isEqualTo(Double.valueOf(number + 0.0)); // NaN is NaN
                            } else {
                                assertThat(column.numbers(false)[i]).isNaN();
                            }
                            double decimal = column.numbers(true)[i];
                            if (!column.isNumber() && !Double.isNaN(decimal)) {
                                assertThat(decimal).isEqualTo(Double.parseDouble((String) value));
                            }
                        }
                        rows.add(row);
                    }
                    return rows;
                })
                .collect()
                .stream()
                .flatMap(List::stream)
                .toList();
    }

    /** Each partition's rows whose place is odd, or even. */
    private static List<List<Object>> odd(Dataset<Row> source, int remainder) {
        List<List<Object>> found = new ArrayList<>();
        for (List<Row> partition : source.toJavaRDD().glom().collect()) {
            for (int i = remainder; i < partition.size(); i += 2) {
                Row row = partition.get(i);
                List<Object> values = new ArrayList<>();
                for (int j = 0; j < row.size(); j++) {
                    values.add(row.get(j));
                }
                found.add(values);
            }
        }
        return found;
    }

    @Test
    void hashesOfBlocksAreSparks() {
        List<String> names = List.of(SCHEMA.fieldNames()).subList(0, HASHED);
        Dataset<Row> source = source().cache();
        try {
            List<Long> found = CachedTable.blocks(
                            source.select(names.get(0), names.subList(1, HASHED).toArray(new String[0])))
                    .flatMap(block -> {
                        long[] hashes = new long[block.rows()];
                        Arrays.fill(hashes, RowHash.SEED);
                        for (int j = 0; j < HASHED; j++) {
                            block.column(j).addTo(hashes);
                        }
                        return Arrays.stream(hashes).boxed().iterator();
                    })
                    .collect();
            Column[] columns = names.stream().map(name -> col(name)).toArray(Column[]::new);
            assertThat(found)
                    .isEqualTo(source.select(xxhash64(columns)).collectAsList().stream()
                            .map(row -> row.getLong(0))
                            .toList());
        } finally {
            source.unpersist();
        }
    }

    @Test
    void hashesAreSparks() {
        Column[] columns = Arrays.stream(SCHEMA.fieldNames())
                .limit(HASHED)
                .map(name -> col(name))
                .toArray(Column[]::new);
        for (Row row : source().withColumn("hash", xxhash64(columns)).collectAsList()) {
            long hash = RowHash.SEED;
            for (int i = 0; i < HASHED; i++) {
                hash = RowHash.add(hash, row.get(i));
            }
            assertThat(hash).as(row.toString()).isEqualTo(row.<Long>getAs("hash"));
        }
    }
}
