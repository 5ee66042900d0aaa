package dev.kindling.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.LocalSpark;
import dev.kindling.Samples;
import dev.kindling.Samples.Sample;
import dev.kindling.data.Packing;
import dev.kindling.data.Shards;
import dev.kindling.linalg.SplitMix64;
import dev.kindling.loss.Loss;
import dev.kindling.loss.ValueLoss;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Sums of columns against NumPy's figures for the bundled data, and against each other however rows are stored and spread. */
@Tag("one-line")
final class ColumnTallyTest {
    private static final Loss CLASSES = new Loss.SoftmaxCrossEntropy();
    private static final Loss VALUES = new ValueLoss.SquaredError();

    private static ColumnTally tally(List<Sample> samples, Loss loss, int shards) {
        JavaSparkContext context =
                JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());
        Packing packing = new Packing(shards, 1, loss, 0, 0, Samples.COLUMNS);
        try (Shards packed = Shards.pack(context.parallelize(samples, 3), new Samples.Reader(), packing)) {
            return ColumnTally.of(packed);
        }
    }

    private static List<Sample> bundled(String name, String label) {
        Dataset<Row> table = LocalSpark.session()
                .read()
                .option("header", true)
                .csv("src/main/resources/dev/kindling/" + name + ".csv.gz");
        int place = List.of(table.columns()).indexOf(label);
        List<Row> rows = table.collectAsList();
        List<String> classes = rows.stream()
                .map(row -> row.getString(place))
                .distinct()
                .sorted()
                .toList();
        return rows.stream()
                .map(row -> {
                    double[] features = new double[row.length() - 1];
                    int next = 0;
                    for (int i = 0; i < row.length(); i++) {
                        if (i != place) {
                            features[next++] = Double.parseDouble(row.getString(i));
                        }
                    }
                    boolean values = name.equals("diabetes");
                    String text = row.getString(place);
                    return new Sample(features, values ? Double.parseDouble(text) : classes.indexOf(text));
                })
                .collect(Collectors.toCollection(ArrayList::new));
    }

    @Test
    void correlationsWithATargetAreNumPys() {
        ColumnTally tally = tally(bundled("diabetes", "progression"), VALUES, 3);
        assertThat(tally.correlation(0, 0)).isCloseTo(0.187889, within(1e-6));
        assertThat(tally.correlation(1, 0)).as("sex, of two values").isCloseTo(0.043062, within(1e-6));
        assertThat(tally.correlation(2, 0)).isCloseTo(0.586450, within(1e-6));
        assertThat(tally.correlation(8, 0)).isCloseTo(0.565883, within(1e-6));
        assertThat(tally.targetMean(0)).isCloseTo(152.133484, within(1e-5));
    }

    @Test
    void sharesOfVarianceBetweenClassesAreNumPys() {
        ColumnTally tally = tally(bundled("digits", "digit"), CLASSES, 3);
        assertThat(tally.correlationRatio(21, 1)).isCloseTo(0.541204, within(1e-6));
        assertThat(tally.correlationRatio(42, 1)).isCloseTo(0.575124, within(1e-6));
        assertThat(tally.mean(21)).isCloseTo(7.806344, within(1e-6));
        assertThat(tally.deviation(21)).isCloseTo(6.195597, within(1e-6));
        assertThat(tally.correlationRatio(0, 1)).as("of a constant column").isNaN();
    }

    /** Rows of many zeros, so that they are packed as sparse, unless one column of ones keeps them dense. */
    private static List<Sample> sparse(boolean dense) {
        SplitMix64 random = new SplitMix64(3);
        List<Sample> samples = new ArrayList<>();
        for (int row = 0; row < 300; row++) {
            double[] features = new double[dense ? 80 : 40];
            features[row % 20] = 5 + random.nextGaussian();
            features[20] = features[3];
            Arrays.fill(features, 40, features.length, 1);
            samples.add(new Sample(features, row % 20 == 3 ? 1 : row % 2 * 2));
        }
        return samples;
    }

    @Test
    void sparseRowsAndAnyNumberOfShardsGiveTheSameFigures() {
        for (Loss loss : List.of(CLASSES, VALUES)) {
            ColumnTally one = tally(sparse(true), loss, 1);
            for (int shards : new int[] {1, 2, 7}) {
                ColumnTally other = tally(sparse(false), loss, shards);
                assertThat(other.columns()).isEqualTo(40);
                for (int j = 0; j < 40; j++) {
                    assertThat(other.mean(j)).isCloseTo(one.mean(j), within(1e-12));
                    assertThat(other.deviation(j)).isCloseTo(one.deviation(j), within(1e-12));
                    assertThat(other.low(j)).isEqualTo(one.low(j));
                    assertThat(other.high(j)).isEqualTo(one.high(j));
                    boolean values = loss == VALUES;
                    double expected = values ? one.correlation(j, 0) : one.correlationRatio(j, 1);
                    double actual = values ? other.correlation(j, 0) : other.correlationRatio(j, 1);
                    if (!Double.isNaN(expected)) {
                        assertThat(actual).isCloseTo(expected, within(1e-12));
                    }
                }
                assertThat(other.areEqual(3, 20)).isTrue();
                assertThat(other.areEqual(3, 4)).isFalse();
            }
        }
    }

    @Test
    void manyColumnsTimesManyClassesAreNotPaired() {
        List<Sample> samples = new ArrayList<>();
        for (int row = 0; row < 30; row++) {
            double[] features = new double[100_000];
            features[row] = 1;
            samples.add(new Sample(features, row % 15));
        }
        assertThat(tally(samples, CLASSES, 2).hasPairs()).isFalse();
        assertThat(tally(samples, VALUES, 2).hasPairs()).isTrue();
    }
}
