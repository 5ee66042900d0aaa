package dev.kindling.optim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.Numeric;
import dev.kindling.spec.Spec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Numeric
class ScheduleTest {

    @ParameterizedTest
    @CsvSource({"1.1, 10, 11", "0.07, 100, 7", "0.14, 50, 7", "2.3, 100, 230", "0.3, 10, 3", "0.5, 7, 3.5"})
    void epochsAreTheDecimalNumberThatWasWritten(String epochs, long stepsPerEpoch, double steps) {
        Span span = Spec.parse(Span.class, "epochs(" + epochs + ")");
        assertThat(span.steps(new Horizon(stepsPerEpoch, 1000))).isEqualTo(steps);
    }

    @Test
    void aWarmupOfElevenStepsInEpochsEndsWithTheEleventh() {
        Schedule schedule = Spec.parse(Schedule.class, "warmup(epochs(1.1), then=piecewise([steps(1)], [0.5 0.25]))");
        Horizon horizon = new Horizon(10, 100);
        assertThat(schedule.at(10, horizon)).isEqualTo(1);
        assertThat(schedule.at(11, horizon)).isEqualTo(0.5);
        assertThat(schedule.at(12, horizon)).isEqualTo(0.25);
    }

    @Test
    void aBoundaryInEpochsFallsOnItsStep() {
        Schedule schedule = Spec.parse(Schedule.class, "piecewise([epochs(1.1)], [1 0.5])");
        assertThat(schedule.at(10, new Horizon(10, 100))).isEqualTo(1);
        assertThat(schedule.at(11, new Horizon(10, 100))).isEqualTo(0.5);
    }

    /** Runs of no steps, of one, of more than an int counts, and steps beyond their end. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "constant",
                "stepDecay(rest)",
                "stepDecay(epochs(1e-9))",
                "exponential(epochs(0.5), factor=0)",
                "inverseTime(rest)",
                "polynomial(power=0.01)",
                "cosine",
                "flatCosine",
                "flatCosine(length=steps(1), flat=1)",
                "cosLog",
                "cosLog(length=epochs(0.5), cycles=30)",
                "cosineRestarts(rest)",
                "cosineRestarts(steps(1), growth=1.0000000000000002)",
                "cosineRestarts(steps(1), growth=1e300, shrink=0)",
                "cosineRestarts(steps(9223372036854775807), growth=2)",
                "warmup(rest)",
                "warmup(rest, then=cosine)",
                "warmup(epochs(1e300), then=oneCycle)",
                "oneCycle",
                "oneCycle(length=steps(1), warm=0.999)",
                "oneCycle(length=steps(10), warm=0.1)",
                "piecewise([rest], [1 0])",
            })
    void theFactorIsFromZeroToOneWhateverTheRun(String text) {
        Schedule schedule = Spec.parse(Schedule.class, text);
        for (long stepsPerEpoch : new long[] {1, 7, 3_000_000_000L}) {
            for (long steps : new long[] {0, 1, 2, 21, 9_000_000_000L}) {
                Horizon horizon = new Horizon(stepsPerEpoch, steps);
                for (double step : new double[] {0, 0.5, 1, 2, 20, 21, 22, 1e6, 9e9, 1e18}) {
                    assertThat(schedule.at(step, horizon))
                            .as("%s at %s of %s", text, step, horizon)
                            .isBetween(0.0, 1.0);
                }
            }
        }
    }
}
