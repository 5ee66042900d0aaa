package dev.kindling.train.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.LocalSpark;
import dev.kindling.Samples;
import dev.kindling.data.CvFold;
import dev.kindling.data.PackedRows;
import dev.kindling.data.Packing;
import dev.kindling.data.Shards;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

final class OwnFoldsTest {
    private final JavaSparkContext context =
            JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());

    private Shards pack(int rows, int shards, double validationFraction) {
        Packing plain = Samples.packing(shards);
        return Samples.pack(
                context,
                Samples.clusters(rows, 1),
                2,
                new Packing(shards, plain.seed(), plain.loss(), plain.classes(), validationFraction, plain.columns()));
    }

    /** The rows, each by its first feature, which no two share. */
    private static List<Float> firstFeatures(Shards shards, boolean training) {
        List<Float> values = new ArrayList<>();
        shards.rdd().collect().forEach(shard -> {
            PackedRows rows = training ? shard.training : shard.validation;
            IntStream.range(0, rows.rows()).forEach(row -> values.add(rows.value(row, 0)));
        });
        return values;
    }

    @Test
    void eachRowTrainsAllMembersButOneAtMost() {
        try (Shards shards = pack(400, 3, 0.25)) {
            OwnFolds folds = OwnFolds.of(shards);
            assertThat(folds.of(0)).isNull();
            List<Float> validated = new ArrayList<>(firstFeatures(shards, false));
            List<Float> all = new ArrayList<>(firstFeatures(shards, true));
            all.addAll(validated);
            assertThat(all).hasSize(400).doesNotHaveDuplicates();
            for (int k = 1; k < 4; k++) {
                Shards own = shards.fold(Objects.requireNonNull(folds.of(k)));
                assertThat((double) own.validationRows()).isBetween(80.0, 120.0);
                List<Float> left = new ArrayList<>(all);
                left.removeAll(firstFeatures(own, false));
                assertThat(firstFeatures(own, true)).containsExactlyInAnyOrderElementsOf(left);
                assertThat(Collections.disjoint(validated, firstFeatures(own, false)))
                        .isTrue();
                validated.addAll(firstFeatures(own, false));
            }
            assertThat(validated).containsExactlyInAnyOrderElementsOf(all);
            assertThat(folds.of(4)).isEqualTo(folds.of(1)).isEqualTo(new CvFold(0, 3));
        }
    }

    @Test
    void membersShareRowsThatAreFewOrManyOrAllToTrainOn() {
        for (int[] each : new int[][] {{16, 3, 25}, {10_010, 3, 25}, {400, 3, 0}}) {
            try (Shards shards = pack(each[0], each[1], each[2] / 100.0)) {
                OwnFolds folds = OwnFolds.of(shards);
                assertThat(folds.isNone()).isTrue();
                assertThat(folds.of(1)).isNull();
            }
        }
    }
}
