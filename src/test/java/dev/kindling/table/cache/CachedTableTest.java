package dev.kindling.table.cache;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.xxhash64;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.LocalSpark;
import java.math.BigDecimal;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

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
            .add("vector", SQLDataTypes.VectorType())
            .add("time", DataTypes.TimestampType)
            .add("decimal", DataTypes.createDecimalType(10, 2));
    private static final int HASHED = 8; // the first columns

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
                Vectors.dense(random.nextDouble(), i),
                new Timestamp(1_600_000_000_000L + 1000L * i),
                BigDecimal.valueOf(random.nextInt(100_000), 2)
            };
            int gap = random.nextInt(3 * values.length);
            if (gap < values.length) {
                values[gap] = null;
            }
            rows.add(RowFactory.create(values));
        }
        return LocalSpark.session().createDataFrame(rows, SCHEMA).repartition(3);
    }

    @Test
    void rowsComeBackAsTheyWere() {
        Dataset<Row> source = source().cache();
        CachedTable table = CachedTable.of(source);
        try {
            table.fill();
            List<Row> expected = source.collectAsList();
            assertThat(table.dataset().collectAsList()).isEqualTo(expected);
            assertThat(table.dataset().schema()).isEqualTo(source.schema());
            assertThat(table.rows(List.of("int", "text")).collect())
                    .isEqualTo(source.select("int", "text").collectAsList());
            assertThat(table.contains(List.of("text"), List.of("\uFFFD", "€"))).isTrue();
            assertThat(table.contains(List.of("text"), List.of("\uFFFD", "\""))).isFalse();
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
