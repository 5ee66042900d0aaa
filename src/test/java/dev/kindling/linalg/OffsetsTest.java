package dev.kindling.linalg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.Numeric;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Rows less their offsets; {@code FarValuesTest} has whole fits. */
@Numeric
final class OffsetsTest {
    private static final int[] COLUMNS = {1, 4, 6};
    private static final double[] VALUES = {1.7e9, -2.5, 0x1p40};
    private static final Offsets OFFSETS = new Offsets(COLUMNS, VALUES, new double[] {3});

    @Test
    void unixSecondsKeepTheirDigitsInFloat32() {
        double[] row = {5, 1.7e9 + 37, 0, 0, -3, 1, 0x1p40 + 1};
        double[] less = OFFSETS.subtract(row);
        assertThat(less).containsExactly(5, 37, 0, 0, -0.5, 1, 1);
        assertThat((float) row[1]).isEqualTo((float) 1.7e9); // without an offset
        assertThat(row[1]).isEqualTo(1.7e9 + 37); // not modified
        assertThat(OFFSETS.subtract(new double[] {5, 1.7e9})).containsExactly(5, 0); // no column of the other offsets
    }

    @Test
    void aSparseRowIsTheDenseRowOfTheSameValues() {
        SplitMix64 random = RandomKey.of(4).generator();
        for (int round = 0; round < 200; round++) {
            double[] row = new double[1 + random.nextInt(9)];
            for (int j = 0; j < row.length; j++) {
                row[j] = random.nextInt(2) == 0 ? 0 : random.nextGaussian();
            }
            int[] indices =
                    IntStream.range(0, row.length).filter(j -> row[j] != 0).toArray();
            double[] values = Arrays.stream(indices).mapToDouble(j -> row[j]).toArray();
            int[] stored = OFFSETS.stored(row.length, indices);
            assertThat(stored).isSorted().doesNotHaveDuplicates();
            double[] sparse = OFFSETS.subtract(indices, values, stored);
            double[] less = new double[row.length];
            for (int p = 0; p < stored.length; p++) {
                less[stored[p]] = sparse[p];
            }
            assertThat(less).isEqualTo(OFFSETS.subtract(row));
        }
    }
}
