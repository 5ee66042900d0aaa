package dev.kindling.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Joining the moments of parts without Spark. */
class MomentsTest {
    private static Moments part(double weight, double target, double mean, double squares, double... classes) {
        Moments moments = Moments.none(classes.length, 1, 1);
        moments.weight = weight;
        moments.targets[0] = target;
        moments.targetLows[0] = target - 1;
        moments.targetHighs[0] = target + 1;
        moments.means[0] = mean;
        moments.squares[0] = squares;
        moments.others[0] = weight;
        System.arraycopy(classes, 0, moments.classes, 0, classes.length);
        return moments;
    }

    @Test
    void joinedPartsHaveTheMomentsOfAllTheirRows() {
        // 1 and 3 of weight 1; 6 of weight 2: mean 4, squares 9 + 1 + 2·4
        Moments joined = part(2, 0.5, 2, 2, 1, 1);
        joined.add(part(2, 2.5, 6, 0, 0, 2));
        assertThat(joined.weight).isEqualTo(4);
        assertThat(joined.targets).containsExactly(1.5);
        assertThat(joined.targetSquares).containsExactly(4); // between the parts alone
        assertThat(joined.targetLows).containsExactly(-0.5);
        assertThat(joined.targetHighs).containsExactly(3.5);
        assertThat(joined.means).containsExactly(4);
        assertThat(joined.squares).containsExactly(18);
        assertThat(joined.classes).containsExactly(1, 3);
    }

    @Test
    void aPartWithoutRowsChangesNothingOnEitherSide() {
        Moments joined = Moments.none(2, 1, 1);
        joined.add(part(3, 0.1, -7.3, 2.5, 2, 1));
        joined.add(Moments.none(2, 1, 1));
        assertThat(joined.weight).isEqualTo(3);
        assertThat(joined.targets).containsExactly(0.1);
        assertThat(joined.means).containsExactly(-7.3);
        assertThat(joined.squares).containsExactly(2.5);
    }

    @Test
    void aColumnThatRoundingAloneMovesIsConstant() {
        assertThat(part(4, 0, 1e6, 1e-8).centers()).containsExactly(1e6f);
        assertThat(part(4, 0, 1e6, 1e-8).scales()).containsExactly(1f);
        assertThat(part(4, 0, 1e6, 1).scales()).containsExactly(0.5f);
    }

    /** A number, flags of which a row without weight has another, rare flags, and many columns of zeros. */
    @ParameterizedTest
    @ValueSource(ints = {4, 60})
    void columnsOfZeroAndOneStayAndOthersAreMeasured(int columns) {
        float[][] rows = {{2, 1, 0}, {4, 0, 0}, {0, 1, 1}, {9, 7, 0}};
        float[] weights = {1f, 2f, 1.5f, 0f};
        PackedRows.Builder builder = new PackedRows.Builder(rows.length, columns, 1, 7);
        for (int row = 0; row < rows.length; row++) {
            builder.add(FloatBuffer.wrap(Arrays.copyOf(rows[row], columns)), 0, new float[] {0.5f}, weights[row]);
        }
        PackedRows packed = builder.build();
        assertThat(packed.isSparse()).isEqualTo(columns > 4);
        Moments moments = Moments.of(packed, 0, columns);
        double mean = (2 + 2 * 4) / 4.5;
        double variance = (Math.pow(2 - mean, 2) + 2 * Math.pow(4 - mean, 2) + 1.5 * mean * mean) / 4.5;
        float[] centers = new float[columns];
        float[] scales = new float[columns];
        Arrays.fill(scales, 1f);
        centers[0] = (float) mean;
        scales[0] = (float) Math.sqrt(variance);
        boolean[] numbers = new boolean[columns];
        numbers[0] = true;
        assertThat(moments.numbers()).containsExactly(numbers);
        assertThat(moments.centers()).containsExactly(centers, within(1e-6f));
        assertThat(moments.scales()).containsExactly(scales, within(1e-6f));
    }

    @Test
    void classFactorsWeighTheClassesAndTheirTotal() {
        Moments moments = part(4, 0, 0, 0, 1, 3);
        Moments weighted = moments.reweighted(new float[] {2f, 0.5f});
        assertThat(weighted.classes).containsExactly(2, 1.5);
        assertThat(weighted.weight).isEqualTo(3.5);
    }
}
