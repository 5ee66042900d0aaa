package dev.kindling.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.spec.Spec;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HalvingTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    27 | 3 | 0 | 100 | [3, 9, 27]
                    27 | 3 | 1 | 100 | [1, 3, 9, 27]
                    27 | 3 | 1 | 5   | [9, 27]
                    27 | 3 | 5 | 100 | [9, 27]
                    30 | 2 | 0 | 64  | [8, 15, 30]
                    2  | 3 | 0 | 64  | [1, 2]
                    1  | 3 | 0 | 64  | [1]
                    9  | 3 | 0 | 2   | [9]
                    """)
    void eachRungTakesTheEpochsOfTheOneBeforeTimesTheReduction(
            int epochs, int reduction, int least, int trials, String rungs) {
        assertThat(Halving.of(epochs, reduction, least, trials).rungs().toString())
                .isEqualTo(rungs);
    }

    @Test
    void atLeastOneGoesOn() {
        Halving halving = Halving.of(9, 3, 0, 10);
        assertThat(List.of(halving.goOn(10), halving.goOn(3), halving.goOn(2), halving.goOn(1)))
                .containsExactly(3, 1, 1, 1);
        assertThatThrownBy(() -> new Halving(List.of(3, 3), 2))
                .hasMessage("rungs must be ascending numbers of epochs, but are [3, 3]");
        assertThatThrownBy(() -> Halving.of(9, 1, 0, 9)).hasMessageContaining("the reduction must be at least 2");
    }

    /** Ten per cent of what the values span is added on each side, by logarithms where those are spread evenly. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    uniform(low=0, high=1)          | 0.2  | 0.4  | uniform(low=0.18, high=0.42)
                    uniform(low=0, high=1)          | 0.01 | 0.99 | uniform(low=0, high=1)
                    uniform(low=0, high=1)          | 0.5  | 0.5  | uniform(low=0, high=1)
                    int(low=1, high=100)            | 20   | 40   | int(low=18, high=42)
                    int(low=1, high=3)              | 1    | 3    | int(low=1, high=3)
                    """)
    void aDistributionIsNarrowedToWhereTheBestLie(String given, double one, double other, String expected) {
        Distribution narrowed = Spec.parse(Distribution.class, given).narrowed(List.of(one, other));
        Distribution wanted = Spec.parse(Distribution.class, expected);
        assertThat(narrowed.position(one)).isCloseTo(wanted.position(one), within(1e-9));
        assertThat(narrowed.position(other)).isCloseTo(wanted.position(other), within(1e-9));
    }

    @Test
    void logarithmsAreNarrowedAsLogarithms() {
        Distribution.LogUniform narrowed =
                (Distribution.LogUniform) new Distribution.LogUniform(1e-5, 1).narrowed(List.of(1e-3, 1e-2));
        assertThat(narrowed.low()).isCloseTo(Math.pow(10, -3.1), within(1e-9));
        assertThat(narrowed.high()).isCloseTo(Math.pow(10, -1.9), within(1e-9));
        assertThat(new Distribution.LogUniform(1e-4, 1).position(1e-2)).isCloseTo(0.5, within(1e-9));
    }
}
