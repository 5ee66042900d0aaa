package dev.kindling.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.Numeric;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Numeric
final class PermutationTest {
    private static final int KEYS = 100_000;

    /** Standard deviations of a chi-square; a fair order exceeds it about once in 100,000 tests. */
    private static final double FAIR = 5;

    @Property(tries = 300)
    void everyNumberComesOnce(@ForAll long seed, @ForAll @IntRange(max = 5000) int n) {
        Permutation permutation = Permutation.of(RandomKey.of(seed), n);
        BitSet seen = new BitSet(n);
        for (int i = 0; i < n; i++) {
            seen.set(permutation.at(i));
        }
        assertThat(seen.cardinality()).isEqualTo(n);
        assertThat(seen.length()).isEqualTo(n);
    }

    /** A change here changes the batches of every user's seed. */
    @Test
    void orderIsThatOfTheFirstRelease() {
        assertThat(order(42, 10)).containsExactly(2, 5, 6, 8, 7, 0, 4, 3, 9, 1);
        Permutation large = Permutation.of(RandomKey.of(42), 1_000_000);
        assertThat(new int[] {large.at(0), large.at(1), large.at(999_999)}).containsExactly(652302, 824070, 629882);
    }

    @Test
    void largestSizeStaysInside() {
        Permutation permutation = Permutation.of(RandomKey.of(1), Integer.MAX_VALUE);
        for (int i = 0; i < 1000; i++) {
            assertThat(permutation.at(i)).isNotNegative().isLessThan(Integer.MAX_VALUE);
            assertThat(permutation.at(Integer.MAX_VALUE - 1 - i)).isNotNegative();
        }
    }

    @Test
    void placesOutsideAreRefused() {
        assertThatThrownBy(() -> Permutation.of(RandomKey.of(1), 0).at(0))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> Permutation.of(RandomKey.of(1), 5).at(5))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> Permutation.of(RandomKey.of(1), 5).at(-1))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> Permutation.of(RandomKey.of(1), -1))
                .isInstanceOf(InvalidInput.class)
                .hasMessage("the size of a permutation must not be negative, but is -1");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5, 7, 10, 16, 33})
    void everyNumberIsEquallyLikelyAtEveryPlace(int n) {
        int[][] counts = new int[n][n]; // (places, numbers)
        for (int key = 0; key < KEYS; key++) {
            int[] order = order(key, n);
            for (int place = 0; place < n; place++) {
                counts[place][order[place]]++;
            }
        }
        double chiSquare = 0;
        double expected = (double) KEYS / n;
        for (int[] place : counts) {
            for (int count : place) {
                chiSquare += (count - expected) * (count - expected) / expected;
            }
        }
        assertThat(deviations(chiSquare, (n - 1) * (n - 1))).isLessThan(FAIR);
    }

    @ParameterizedTest
    @CsvSource({"3, 6", "4, 24", "5, 120", "6, 720"})
    void everyOrderOfAFewIsEquallyLikely(int n, int orders) {
        Map<String, Integer> counts = new HashMap<>();
        for (int key = 0; key < KEYS; key++) {
            counts.merge(Arrays.toString(order(key, n)), 1, Integer::sum);
        }
        assertThat(counts).hasSize(orders);
        double expected = (double) KEYS / orders;
        double chiSquare = counts.values().stream()
                .mapToDouble(count -> (count - expected) * (count - expected) / expected)
                .sum();
        assertThat(deviations(chiSquare, orders - 1)).isLessThan(FAIR);
    }

    /** Neighbours in a row of the grid, and in a column of it, where too few rounds show first. */
    @ParameterizedTest
    @CsvSource({"64, 1", "64, 8", "128, 1", "128, 11", "256, 16", "1000, 1", "1000, 32", "60000, 1", "60000, 245"})
    void whereOneGoesSaysNothingOfItsNeighbour(int n, int apart) {
        int bins = 16;
        int width = (n + bins - 1) / bins;
        int pairs = 0;
        int[][] counts = new int[bins][bins];
        for (int key = 0; key < KEYS / 4; key++) {
            Permutation permutation = Permutation.of(RandomKey.of(key), n);
            SplitMix64 places = RandomKey.of(key).fold(RandomKey.SPLIT).generator();
            for (int i = 0; i < 16; i++) {
                int place = places.nextInt(n - apart);
                counts[permutation.at(place) / width][permutation.at(place + apart) / width]++;
                pairs++;
            }
        }
        double chiSquare = 0;
        for (int one = 0; one < bins; one++) {
            for (int other = 0; other < bins; other++) {
                double first = Math.min(width, n - one * width);
                double second = Math.min(width, n - other * width) - (one == other ? 1 : 0);
                double expected = pairs * first * second / ((double) n * (n - 1));
                chiSquare += (counts[one][other] - expected) * (counts[one][other] - expected) / expected;
            }
        }
        assertThat(deviations(chiSquare, bins * bins - 1)).isLessThan(FAIR);
    }

    private static int[] order(long seed, int n) {
        Permutation permutation = Permutation.of(RandomKey.of(seed), n);
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            order[i] = permutation.at(i);
        }
        return order;
    }

    private static double deviations(double chiSquare, int degreesOfFreedom) {
        return (chiSquare - degreesOfFreedom) / Math.sqrt(2.0 * degreesOfFreedom);
    }
}
