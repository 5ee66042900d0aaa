package dev.kindling.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.checkpoint.Epoch;
import dev.kindling.engine.ExecutionMode;
import dev.kindling.engine.StepTimes;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdviceTest {
    private static final ExecutionMode CLUSTER = new ExecutionMode(8, true, false, false);
    private static final TrainOptions OPTIONS = new TrainOptions(1, 512, 1, EarlyStopping.NEVER, 2);

    private static String advice(StepTimes step, ExecutionMode place, int shards) {
        return Advice.of(step, place, OPTIONS, false, true, shards, 60_000).orElse("none");
    }

    @Test
    void noneWhereComputingTakesTheTime() {
        assertThat(advice(new StepTimes(1, 0.1, 20, 0.1, 1), CLUSTER, 8)).isEqualTo("none");
    }

    @Test
    void largerBatchesUntilTheFixedCostIsAFifth() {
        assertThat(advice(new StepTimes(12, 1, 4, 1, 2), CLUSTER, 8))
                .startsWith("16.0 of 20.0 ms per step do not depend on its rows")
                .contains("batches of 8,192 rows or 16 local steps would make an epoch about 4.0 times as fast");
    }

    @Test
    void noLargerBatchesForWhatTakesAllRowsAtOnce() {
        assertThat(Advice.of(new StepTimes(12, 1, 4, 1, 2), CLUSTER, OPTIONS, false, false, 8, 60_000))
                .isEmpty();
    }

    @Test
    void anEpochWithoutStepsHasNoMean() {
        StepTimes none = new StepTimes(0, 0, 0, 0, 0);
        Epoch ended = new Epoch(1, 0.5, 0.5, Double.NaN, Double.NaN, 1, 0, 0, 0, 0, none);
        assertThat(Epoch.meanStepTimes(List.of(ended))).isEqualTo(none);
    }

    @Test
    void noBatchLargerThanTheData() {
        StepTimes step = new StepTimes(1000, 0, 1, 0, 0);
        assertThat(advice(step, CLUSTER, 8)).contains("batches of 32,768 rows or 64 local steps");
        assertThat(Advice.of(step, CLUSTER, OPTIONS, false, true, 8, 600)).isEmpty();
    }

    @Test
    void memoryBeforeAllElse() {
        assertThat(advice(new StepTimes(12, 1, 4, 1, 2), new ExecutionMode(8, true, false, true), 8))
                .contains("more memory");
    }

    @Test
    void lazyAdamWhereMostOfTheUpdateIsOfWhatNoRowTouches() {
        StepTimes step = new StepTimes(12, 1, 4, 1, 30);
        assertThat(Advice.of(step, CLUSTER, OPTIONS, true, true, 8, 60_000).orElseThrow())
                .startsWith("30.0 of 48.0 ms per step update all weights, most of which its rows do not touch")
                .contains("lazyAdam");
    }

    @Test
    void fewerOrMoreShards() {
        assertThat(advice(new StepTimes(12, 1, 4, 1, 2), CLUSTER, 100))
                .contains("100 tasks on 8 cores; about 8 shards");
        assertThat(advice(new StepTimes(1, 0, 20, 0, 1), CLUSTER, 2))
                .isEqualTo("2 shards leave some of 8 cores idle; use 8 shards");
    }

    @Test
    void theThreadsOfOneJvmWhereTheyAreSwitchedOff() {
        assertThat(advice(new StepTimes(4, 0, 3, 0, 0), new ExecutionMode(2, true, true, false), 2))
                .contains("spark.kindling.oneJvm=false");
        assertThat(advice(new StepTimes(0.1, 0, 3, 0, 0), new ExecutionMode(2, false, true, false), 2))
                .isEqualTo("none");
    }
}
