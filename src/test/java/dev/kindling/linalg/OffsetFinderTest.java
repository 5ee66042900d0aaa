package dev.kindling.linalg;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Against the definition: an offset where the middle of a column's range is more than 256 times half that range. */
final class OffsetFinderTest {
    private static final int COLUMNS = 9;
    private static final double[] MIDDLE = {1.7e9, -1e12, 5, 0, 1e6, 300, 200, 0, 1};
    private static final double[] HALF = {50, 0.5, 0, 1, 1e3, 1, 1, 0, 1e-3};

    private static double[][] rows(int count, long seed) {
        SplitMix64 random = new SplitMix64(seed);
        double[][] rows = new double[count][COLUMNS];
        for (double[] row : rows) {
            for (int j = 0; j < COLUMNS; j++) {
                row[j] = MIDDLE[j] + HALF[j] * (2 * random.nextDouble() - 1);
            }
        }
        for (int j = 0; j < COLUMNS; j++) { // so that the ranges are exactly these
            rows[0][j] = MIDDLE[j] - HALF[j];
            rows[count - 1][j] = MIDDLE[j] + HALF[j];
        }
        return rows;
    }

    private static OffsetFinder found(double[][] rows, int[] order, int parts) {
        OffsetFinder all = new OffsetFinder();
        for (int part = 0; part < parts; part++) {
            OffsetFinder own = new OffsetFinder();
            for (int i = part; i < order.length; i += parts) {
                double[] row = rows[order[i]];
                if (i % 3 == 0) {
                    int[] stored = IntStream.range(0, row.length)
                            .filter(j -> row[j] != 0)
                            .toArray();
                    own.add(
                            stored,
                            Arrays.stream(stored).mapToDouble(j -> row[j]).toArray());
                } else {
                    own.add(row);
                }
            }
            all.add(own);
        }
        return all;
    }

    @Test
    void columnsFarFromZeroHaveTheMiddleOfTheirRange() {
        int[] order = IntStream.range(0, 50).toArray();
        OffsetFinder finder = found(rows(50, 1), order, 1);
        assertThat(finder.columns()).containsExactly(0, 1, 4, 5, 8);
        assertThat(finder.offsets()).containsExactly(1.7e9, -1e12, 1e6, 300, 1);
    }

    @Test
    void neitherOrderNorPartitionsMatter() {
        double[][] rows = rows(50, 2);
        OffsetFinder expected = found(rows, IntStream.range(0, 50).toArray(), 1);
        SplitMix64 random = new SplitMix64(3);
        for (int parts = 1; parts <= 60; parts += 7) { // some of 60 are empty
            OffsetFinder other = found(rows, permuted(random), parts);
            assertThat(other.columns()).isEqualTo(expected.columns());
            assertThat(other.offsets()).isEqualTo(expected.offsets());
        }
    }

    private static int[] permuted(SplitMix64 random) {
        int[] order = IntStream.range(0, 50).toArray();
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
        return order;
    }

    @Test
    void aColumnThatIsOnceZeroHasNone() {
        for (int zero : new int[] {12, 13}) { // in a sparse and in a dense row
            double[][] rows = rows(20, 4);
            rows[zero][0] = 0;
            assertThat(found(rows, IntStream.range(0, 20).toArray(), 3).columns())
                    .as("zero in row %d", zero)
                    .containsExactly(1, 4, 5, 8);
        }
    }

    @Test
    void theRoundingErrorOfAConstantIsNoRange() {
        OffsetFinder finder = new OffsetFinder();
        finder.add(new double[] {0.1 + 0.2, 7});
        finder.add(new double[] {0.3, 7});
        assertThat(finder.columns()).isEmpty();
    }
}
