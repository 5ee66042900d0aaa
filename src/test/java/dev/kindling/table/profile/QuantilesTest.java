package dev.kindling.table.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.LocalSpark;
import dev.kindling.table.cache.BlockRows;
import dev.kindling.table.cache.CachedTable;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Quantiles of more values than are counted one by one, against Spark's exact {@code percentile}. */
final class QuantilesTest {
    private static final int ROWS = 30_000;
    private static final double[] PROBABILITIES = {0, 0.01, 0.25, 0.5, 0.75, 0.999, 1};

    @Tag("one-line")
    @Test
    void theQuantilesAreSparksExactOnes() {
        Random random = new Random(5);
        List<DoubleSupplier> columns = List.of(
                random::nextGaussian,
                () -> Math.exp(20 * random.nextGaussian()) * (random.nextBoolean() ? 1 : -1),
                () -> 1.7e9 + random.nextDouble(),
                () -> random.nextInt(3) == 0 ? random.nextDouble() : 0,
                () -> random.nextInt(100) == 0 ? -1e12 : random.nextDouble(),
                () -> Double.MIN_VALUE * random.nextInt(100_000));
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            rows.add(RowFactory.create(
                    columns.stream().map(DoubleSupplier::getAsDouble).toArray()));
        }
        List<ColumnReading> readings = new ArrayList<>();
        List<NumberStats> stats = new ArrayList<>();
        StructType schema = new StructType();
        for (int j = 0; j < columns.size(); j++) {
            readings.add(new ColumnReading("c" + j, DataTypes.DoubleType, ColumnKind.NUMBER));
            NumberStats column = new NumberStats(1000);
            for (Row row : rows) {
                column.add(row.getDouble(j));
            }
            stats.add(column);
            schema = schema.add("c" + j, DataTypes.DoubleType);
        }
        JavaRDD<BlockRows> read = CachedTable.blocks(
                LocalSpark.session().createDataFrame(rows, schema).repartition(5));
        double[][] found = Quantiles.of(Quantiles.numbers(read, readings, ZoneOffset.UTC), stats, PROBABILITIES);
        for (int j = 0; j < columns.size(); j++) {
            List<Double> expected = LocalSpark.session()
                    .createDataFrame(rows, schema)
                    .agg(functions.expr("percentile(c" + j + ", array(0, 0.01, 0.25, 0.5, 0.75, 0.999, 1))"))
                    .first()
                    .getList(0);
            for (int q = 0; q < PROBABILITIES.length; q++) {
                double tolerance = 1e-12 * Math.max(Math.abs(expected.get(q)), Double.MIN_NORMAL);
                assertThat(Math.abs(found[j][q] - expected.get(q)))
                        .as("column %d, probability %s: %s and %s", j, PROBABILITIES[q], found[j][q], expected.get(q))
                        .isLessThanOrEqualTo(tolerance);
            }
        }
    }

    @Test
    void countsOfEachValueGiveTheSame() {
        ValueCounts<Double> counts = new NumberCounts(10);
        for (double value : new double[] {3, 1, 1, 2, 10}) {
            counts.add(value);
        }
        assertThat(Quantiles.of(counts.sorted(), new double[] {0, 0.25, 0.5, 0.6, 1}))
                .isEqualTo(new double[] {1, 1, 2, 2.4, 10});
        assertThat(Arrays.stream(Quantiles.of(List.of(), new double[] {0.5})).sum())
                .isZero();
    }
}
