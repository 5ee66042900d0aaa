package dev.kindling.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.LocalSpark;
import dev.kindling.Samples;
import dev.kindling.Samples.Sample;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.SplitMix64;
import dev.kindling.loss.Batch;
import dev.kindling.loss.Loss;
import dev.kindling.loss.ValueLoss;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SizeEstimator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ShardsTest {
    private final JavaSparkContext context =
            JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());

    @AfterEach
    void nothingStaysCached() {
        assertThat(context.getPersistentRDDs()).isEmpty();
    }

    private static List<Sample> with(Sample odd) {
        List<Sample> samples = Samples.clusters(20, 1);
        samples.set(13, odd);
        return samples;
    }

    private void assertRefused(List<Sample> samples, String sentence) {
        assertThatThrownBy(() -> Samples.pack(context, samples, 2, Samples.packing(2)))
                .isInstanceOf(InvalidInput.class)
                .hasMessage(sentence);
    }

    @Test
    void rowsSortedByLabelAreSpreadEvenlyOverTheShards() {
        List<Sample> sorted = Samples.clusters(3_000, 2);
        sorted.sort(Comparator.comparing(sample -> sample.label));
        try (Shards shards = Samples.pack(context, sorted, 3, Samples.packing(4))) {
            List<int[]> counts = shards.rdd()
                    .map(shard -> {
                        int[] labels = new int[Samples.CLASSES];
                        for (int row = 0; row < shard.training.rows(); row++) {
                            labels[(int) shard.training.label(row)]++;
                        }
                        return labels;
                    })
                    .collect();
            // 250 of each class in each shard, give or take four standard deviations of chance
            assertThat(counts).hasSize(4).allSatisfy(labels -> assertThat(labels)
                    .satisfies(l -> {
                        for (int count : l) {
                            assertThat(count).isBetween(195, 305);
                        }
                    }));
        }
    }

    /** All values of a row, its label and its weight. */
    private static float[] values(PackedRows rows, int row) {
        float[] values = new float[rows.columns() + 2];
        rows.slice(row, 1).features().copyTo(values);
        values[rows.columns()] = rows.label(row);
        values[rows.columns() + 1] = rows.weight(row);
        return values;
    }

    @Test
    void whatIsPackedIsWhatCame() {
        List<Sample> samples = Samples.clusters(50, 3);
        try (Shards shards = Samples.pack(context, samples, 3, Samples.packing(3))) {
            List<String> packed = new ArrayList<>();
            for (Shard shard : shards.rdd().collect()) {
                for (int row = 0; row < shard.training.rows(); row++) {
                    BatchBuffer buffer = new BatchBuffer(shard.training, 1, null);
                    shard.training.copyTo(row, buffer);
                    float[] values = new float[Samples.FEATURES];
                    buffer.batch().features().copyTo(values);
                    packed.add(Arrays.toString(values) + buffer.batch().target(0));
                }
            }
            List<String> expected = samples.stream()
                    .map(sample -> {
                        float[] values = new float[Samples.FEATURES];
                        for (int i = 0; i < values.length; i++) {
                            values[i] = (float) sample.features[i];
                        }
                        return Arrays.toString(values) + sample.label.floatValue();
                    })
                    .toList();
            assertThat(packed).containsExactlyInAnyOrderElementsOf(expected);
            assertThat(shards.columns()).isEqualTo(Samples.FEATURES);
            assertThat(shards.classes()).isEqualTo(Samples.CLASSES);
        }
    }

    @Test
    void aSampleHoldsDifferentRowsOfEachShardAndIsTheSameForTheSameShards() {
        for (boolean sparse : new boolean[] {false, true}) {
            List<Sample> samples = Samples.clusters(200, 3);
            for (int i = 0; i < samples.size() && sparse; i++) {
                double[] few = new double[60];
                few[i % 60] = i + 1;
                samples.set(i, new Sample(few, samples.get(i).label));
            }
            try (Shards shards = Samples.pack(context, samples, 3, Samples.packing(3))) {
                Batch first = shards.sample(20);
                assertThat(first.rows()).isEqualTo(20);
                assertThat(first.features().isSparse()).isEqualTo(sparse);
                List<String> rows = texts(first);
                assertThat(rows).doesNotHaveDuplicates().isEqualTo(texts(shards.sample(20)));
                assertThat(texts(shards.sample(1000))).hasSize(200).containsAll(rows);
            }
        }
    }

    private static List<String> texts(Batch batch) {
        int columns = batch.features().columns();
        float[] values = new float[batch.rows() * columns];
        batch.features().copyTo(values);
        List<String> texts = new ArrayList<>();
        for (int row = 0; row < batch.rows(); row++) {
            texts.add(Arrays.toString(Arrays.copyOfRange(values, row * columns, (row + 1) * columns))
                    + batch.target(row));
        }
        return texts;
    }

    @Test
    void valuesFarFromZeroKeepWhatFloat32WouldLose() {
        List<Sample> near = Samples.clusters(60, 8);
        List<Sample> far = new ArrayList<>();
        for (Sample sample : near) {
            double[] features = sample.features.clone();
            features[1] = Math.rint(1024 * features[1]) / 1024; // exact, even with 2^40 added
            sample.features[1] = features[1];
            features[1] += 0x1p40;
            far.add(new Sample(features, sample.label));
        }
        double[] column =
                near.stream().mapToDouble(sample -> sample.features[1]).sorted().toArray();
        double middle = (column[0] + column[column.length - 1]) / 2;
        RowReader<Sample> sparse = (row, sink) -> {
            sink.sparse(row.features.length, new int[] {0, 1, 2, 3, 4, 5}, row.features);
            sink.label(row.label);
        };
        try (Shards plain = Samples.pack(context, near, 2, Samples.packing(1));
                Shards moved = Samples.pack(context, far, 3, Samples.packing(1));
                Shards again = Shards.pack(context.parallelize(far, 2), sparse, Samples.packing(1))) {
            assertThat(plain.offsets().isNone()).isTrue();
            assertThat(moved.offsets().columns()).containsExactly(1);
            assertThat(moved.offsets().feature(1)).isEqualTo(0x1p40 + middle);
            assertThat(again.fingerprint()).isEqualTo(moved.fingerprint());
            assertThat(column(moved, 1)).containsExactly(floats(column, middle));
        }
    }

    @Test
    void targetsFarFromZeroKeepWhatFloat32WouldLose() {
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i <= 40; i++) {
            samples.add(new Sample(new double[] {i % 7}, 1e12 + i / 4.0));
        }
        Packing packing = new Packing(1, 7, new ValueLoss.SquaredError(), 0, 0, Samples.COLUMNS);
        try (Shards shards = Samples.pack(context, samples, 3, packing)) {
            assertThat(shards.offsets().target(0)).isEqualTo(1e12 + 5);
            PackedRows rows = shards.rdd().first().training;
            float[] labels = new float[rows.rows()];
            for (int row = 0; row < labels.length; row++) {
                labels[row] = rows.label(row);
            }
            Arrays.sort(labels);
            assertThat(labels).startsWith(-5f, -4.75f, -4.5f).endsWith(4.75f, 5f);
        }
    }

    private static float[] floats(double[] values, double middle) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) (values[i] - middle);
        }
        return floats;
    }

    private static float[] column(Shards shards, int column) {
        PackedRows rows = shards.rdd().first().training;
        float[] values = new float[rows.rows()];
        for (int row = 0; row < values.length; row++) {
            values[row] = rows.value(row, column);
        }
        Arrays.sort(values);
        return values;
    }

    @Test
    void sparseRowsStaySparseAndTrainAsTheirDenseTwins() {
        SplitMix64 random = new SplitMix64(4);
        List<Sample> samples = new ArrayList<>();
        for (int row = 0; row < 40; row++) {
            double[] features = new double[60];
            for (int k = 0; k < 3; k++) {
                features[random.nextInt(60)] = 1 + random.nextDouble();
            }
            samples.add(new Sample(features, row % 2));
        }
        RowReader<Sample> sparse = (row, sink) -> {
            int[] indices = java.util.stream.IntStream.range(0, 60)
                    .filter(i -> row.features[i] != 0)
                    .toArray();
            double[] values =
                    Arrays.stream(indices).mapToDouble(i -> row.features[i]).toArray();
            sink.sparse(60, indices, values);
            sink.label(row.label);
        };
        List<Shard> fromSparse;
        try (Shards shards = Shards.pack(context.parallelize(samples, 2), sparse, Samples.packing(2))) {
            fromSparse = shards.rdd().collect();
        }
        try (Shards shards = Samples.pack(context, samples, 3, Samples.packing(2))) {
            List<Shard> fromDense = shards.rdd().collect();
            for (int i = 0; i < 2; i++) {
                assertThat(fromSparse.get(i).training.isSparse()).isTrue();
                assertThat(fromDense.get(i).training.rows())
                        .isEqualTo(fromSparse.get(i).training.rows());
                for (int row = 0; row < fromDense.get(i).training.rows(); row++) {
                    assertThat(values(fromDense.get(i).training, row))
                            .isEqualTo(values(fromSparse.get(i).training, row));
                    assertThat(fromSparse.get(i).training.stored(row)).isLessThanOrEqualTo(3);
                }
            }
        }
    }

    private static long size(Shards shards) {
        return shards.rdd().map(shard -> SizeEstimator.estimate(shard.training)).collect().stream()
                .mapToLong(size -> size)
                .sum();
    }

    @Test
    void denseRowsTakeLittleMoreThanFourBytesAValue() {
        SplitMix64 random = new SplitMix64(5);
        List<Sample> samples = new ArrayList<>();
        for (int row = 0; row < 2_000; row++) {
            double[] features = new double[400];
            Arrays.setAll(features, i -> random.nextDouble());
            samples.add(new Sample(features, row % 2));
        }
        try (Shards shards = Samples.pack(context, samples, 3, Samples.packing(2))) {
            assertThat(size(shards)).isBetween(4L * 2_000 * 400, 41L * 2_000 * 400 / 10);
        }
    }

    @Test
    void aWideRowOfFewValuesTakesLessThanAKilobyte() {
        RowReader<Sample> reader = (row, sink) -> {
            int[] indices = new int[50];
            double[] values = new double[50];
            Arrays.setAll(indices, i -> 2_000 * i + row.label.intValue());
            Arrays.setAll(values, i -> row.features[0] + i);
            sink.sparse(100_000, indices, values);
            sink.label(row.label);
        };
        try (Shards shards =
                Shards.pack(context.parallelize(Samples.clusters(300, 6), 2), reader, Samples.packing(2))) {
            assertThat(size(shards)).isLessThan(300 * 1_000L);
        }
    }

    @Test
    void zerosOfEitherSignStoredOrNotAreOneRow() {
        RowReader<Sample> stored = (row, sink) -> {
            sink.sparse(6, new int[] {0, 1, 2, 3, 4, 5}, row.features);
            sink.label(row.label);
        };
        List<Sample> positive = new ArrayList<>();
        List<Sample> negative = new ArrayList<>();
        for (int row = 0; row < 40; row++) {
            positive.add(new Sample(new double[] {row, 0, 0, 1, 1e-300, 0}, row % 2));
            negative.add(new Sample(new double[] {row, -0.0, 0, 1, -1e-300, -0.0}, row % 2));
        }
        try (Shards a = Samples.pack(context, positive, 2, Samples.packing(2));
                Shards b = Shards.pack(context.parallelize(negative, 3), stored, Samples.packing(2))) {
            List<Shard> first = a.rdd().collect();
            List<Shard> second = b.rdd().collect();
            for (int i = 0; i < 2; i++) {
                assertThat(second.get(i).training.rows())
                        .isEqualTo(first.get(i).training.rows());
                for (int row = 0; row < first.get(i).training.rows(); row++) {
                    assertThat(values(second.get(i).training, row)).isEqualTo(values(first.get(i).training, row));
                }
            }
        }
    }

    @Test
    void manyChunksHoldTheSameRows() {
        PackedRows.Builder builder = new PackedRows.Builder(5, 700_000, 1, 5L * 700_000);
        for (int row = 0; row < 5; row++) {
            builder.add(2, new int[] {0, 699_999}, new float[] {row + 1, -row - 1}, new float[] {row}, 1);
        }
        PackedRows rows = builder.build();
        for (int row = 0; row < 5; row++) {
            assertThat(rows.run(row, 10)).isEqualTo(1);
            float[] values = new float[700_000];
            rows.slice(row, 1).features().copyTo(values);
            assertThat(values[0]).isEqualTo(row + 1);
            assertThat(values[699_999]).isEqualTo(-row - 1);
        }
    }

    @Test
    void aFeatureThatIsNotFiniteIsRefused() {
        assertRefused(
                with(new Sample(new double[] {0, 1, Double.NaN, 0, 0, 0}, 1)),
                "value 2 of column \"features\" must be a finite number, but is NaN or null in row 4 of partition 1");
        assertRefused(
                with(new Sample(new double[] {0, 1, 2, 0, 0, Double.NEGATIVE_INFINITY}, 1)),
                "value 5 of column \"features\" must be a finite number, but is -Infinity in row 4 of partition 1");
        assertRefused(
                with(new Sample(new double[] {1e300, 1, 2, 0, 0, 0}, 1)),
                "value 0 of column \"features\" must be a finite number, but is 1.0E300, beyond float32's range, in row"
                        + " 4 of partition 1");
    }

    @Test
    void missingFeaturesAreRefused() {
        assertRefused(
                with(new Sample(null, 1)),
                "column \"features\" must have a vector in every row, but is null in row 4 of partition 1");
    }

    @Test
    void vectorsOfUnequalSizeAreRefusedWithinAndAcrossPartitions() {
        assertRefused(
                with(new Sample(new double[7], 1)),
                "all vectors in column \"features\" must be of one size, but it is 6 in row 1 of partition 1 and 7 in"
                        + " row 4 of partition 1");
        List<Sample> halves = Samples.clusters(20, 1);
        for (int i = 10; i < 20; i++) {
            halves.set(i, new Sample(new double[] {1, i}, i % 2));
        }
        assertRefused(
                halves,
                "all vectors in column \"features\" must be of one size, but it is 6 in row 1 and 2 in row 1 of"
                        + " partition 1");
    }

    @Test
    void labelsThatAreNoClassIndicesAreRefused() {
        double[] features = {1, 2, 3, 4, 5, 6};
        String must = "label column \"label\" must hold class indices 0, 1, 2, … (StringIndexer makes them), but is ";
        assertRefused(with(new Sample(features, 0.5)), must + "0.5 in row 4 of partition 1");
        assertRefused(with(new Sample(features, -1)), must + "-1.0 in row 4 of partition 1");
        assertRefused(with(new Sample(features, Double.NaN)), must + "NaN in row 4 of partition 1");
        assertRefused(
                with(new Sample(features, null, 1.0, false)),
                "label column \"label\" must have a value in every row, but is null in row 4 of partition 1");
    }

    @Test
    void aLabelBeyondTheClassesOfTheMetadataIsRefused() {
        Packing packing = new Packing(2, 7, new Loss.SoftmaxCrossEntropy(), 2, 0, Samples.COLUMNS);
        assertThatThrownBy(() -> Samples.pack(context, Samples.clusters(20, 1), 2, packing))
                .isInstanceOf(InvalidInput.class)
                .hasMessage("label column \"label\" must hold class indices below 2, the number of classes given by"
                        + " its metadata or classCount, but is 2.0 in row 3");
    }

    @Test
    void identifiersTakenForClassesAreRefused() {
        assertRefused(
                with(new Sample(new double[] {1, 2, 3, 4, 5, 6}, 90_210)),
                "label column \"label\" must hold class indices 0, 1, 2, … (StringIndexer makes them), but the largest is"
                        + " 90210 among 20 rows");
    }

    @Test
    void weightsThatAreNegativeOrNotFiniteAreRefused() {
        Sample sample = Samples.clusters(1, 1).get(0);
        String must = "weight column \"weight\" must hold finite weights that are not negative, but is ";
        assertRefused(with(sample.weighted(-2)), must + "-2.0 in row 4 of partition 1");
        assertRefused(with(sample.weighted(Double.NaN)), must + "NaN in row 4 of partition 1");
    }

    @Test
    void allWeightsZeroAreRefused() {
        assertRefused(
                Samples.clusters(20, 1).stream()
                        .map(sample -> sample.weighted(0))
                        .toList(),
                "weight column \"weight\" must have a weight above 0, but all are 0");
    }

    @Test
    void noRowsAreRefused() {
        assertRefused(List.of(), "the data must have at least one row, but are empty");
    }

    @Test
    void aSingleClassIsRefused() {
        assertRefused(
                Samples.clusters(20, 1).stream()
                        .map(sample -> new Sample(sample.features, 2))
                        .toList(),
                "label column \"label\" must have at least two classes, but holds only 2");
    }
}
