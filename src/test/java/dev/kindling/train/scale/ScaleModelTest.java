package dev.kindling.train.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The model's formulas, against examples computed by hand. */
class ScaleModelTest {
    private static final double TINY = 1e-12;

    /** A job takes 10 ms and 1 ms a task; a byte 1 ns, and 10 ns for each receiver, or 20 ns for each sender. */
    private static final Wire WIRE = new Wire(
            0.010, 0.001, new Transfer(1e-9, 10e-9, 0.002, 800_000), new Transfer(1e-9, 20e-9, 0.003, 1 << 20));

    /** A step takes a core 1 ms and 10 µs a row; a local step 0.8 of that and 0.5 ms more; an update 2 ms; a pass 1 ns a float. */
    private static final Compute COMPUTE = new Compute(0.001, 10e-6, 0.8, 0.0005, 0.002, 1e-9);

    /** 8 steps of 1,000 rows; 100,000 parameters, 400 kB; two vectors of state. */
    private static final RunShape RUN = new RunShape(8_000, 1_000, 100_000, 2, 1, 2, 1, Touches.NONE);

    private static ScaleModel model(RunShape run, int cores) {
        return new ScaleModel(WIRE, COMPUTE, run, cores);
    }

    @Test
    void aStepOnTwoExecutorsIsTheSumOfItsParts() {
        Prediction step = model(RUN, 1).of(2, 1);
        assertThat(step.schedule()).isCloseTo(0.010 + 2 * 0.001, within(TINY));
        assertThat(step.sent()).isCloseTo(400e3 * (1e-9 + 2 * 10e-9), within(TINY));
        assertThat(step.returned()).isCloseTo(400e3 * (1e-9 + 2 * 20e-9), within(TINY));
        assertThat(step.compute()).isCloseTo(0.001 + 500 * 10e-6, within(TINY));
        assertThat(step.driver()).isCloseTo(0.002 + 100e3 * 1e-9, within(TINY));
        assertThat(step.epoch()).isCloseTo(8 * step.round(), within(TINY));
    }

    @Test
    void whatTheStepAtHandTookBeyondItsPartsIsInEveryRoundOnce() {
        ScaleModel parts = new ScaleModel(WIRE, COMPUTE, RUN, 1);
        ScaleModel held = new ScaleModel(WIRE.longer(-0.001), COMPUTE, RUN, 1);
        for (int executors : new int[] {1, 2, 64}) {
            for (int steps : new int[] {1, 16}) {
                assertThat(parts.of(executors, steps).round()
                                - held.of(executors, steps).round())
                        .isCloseTo(0.001, within(1e-12));
            }
        }
        assertThat(WIRE.longer(-100).job()).isZero();
        assertThat(WIRE.longer(0.5).job()).isEqualTo(WIRE.job() + 0.5);
    }

    @Test
    void localStepsMoveTheOptimizersStateTooInFewerRounds() {
        Prediction round = model(RUN, 1).of(2, 3); // rounds of 3, 3 and 2 steps
        assertThat(round.schedule()).isCloseTo(0.012, within(TINY));
        assertThat(round.sent()).as("1.2 MB, which is broadcast").isCloseTo(1.2e6 * 21e-9 + 0.002, within(TINY));
        assertThat(round.returned()).isCloseTo(1.2e6 * 41e-9 + 0.003, within(TINY));
        assertThat(round.compute()).isCloseTo(3 * (0.8 * 0.006 + 0.0005), within(TINY));
        assertThat(round.driver()).as("adds one, and passes three times").isCloseTo(4 * 300e3 * 1e-9, within(TINY));
        assertThat(round.epoch()).isCloseTo(3 * round.round() - 0.0053, within(TINY));
    }

    @Test
    void roundsAreNoLongerThanAnEpoch() {
        Prediction round = model(RUN, 1).of(2, 64);
        assertThat(round.compute()).isCloseTo(8 * 0.0053, within(TINY));
        assertThat(round.epoch()).isCloseTo(round.round(), within(TINY));
    }

    @Test
    void coresOfAnExecutorShareItsMessageAndAnswerEachForItself() {
        Prediction step = model(RUN, 4).of(2, 1);
        assertThat(step.schedule()).isCloseTo(0.018, within(TINY));
        assertThat(step.sent()).isCloseTo(400e3 * 21e-9, within(TINY));
        assertThat(step.returned()).isCloseTo(400e3 * (1e-9 + 8 * 20e-9), within(TINY));
        assertThat(step.compute()).isCloseTo(0.001 + 125 * 10e-6, within(TINY));
    }

    @Test
    void moreShardsThanCoresTakeTurns() {
        assertThat(model(RUN, 1).of(2, 5, 1).compute()).isCloseTo(3 * (0.001 + 200 * 10e-6), within(TINY));
    }

    @Test
    void aShardHasARowAtLeast() {
        RunShape small = new RunShape(8_000, 10, 100_000, 2, 1, 2, 1, Touches.NONE);
        assertThat(model(small, 1).of(64, 1).compute()).isCloseTo(0.001 + 10e-6, within(TINY));
    }

    @Test
    void membersShareJobsAndNothingElse() {
        RunShape three = new RunShape(8_000, 1_000, 100_000, 2, 1, 2, 3, Touches.NONE);
        Prediction alone = model(RUN, 1).of(2, 1);
        Prediction step = model(three, 1).of(2, 1);
        assertThat(step.schedule()).isEqualTo(alone.schedule());
        assertThat(step.compute()).isCloseTo(3 * alone.compute(), within(TINY));
        assertThat(step.driver()).isCloseTo(3 * alone.driver(), within(TINY));
        assertThat(step.sent()).isCloseTo(1.2e6 * 21e-9 + 0.002, within(TINY));
    }

    @Test
    void executorsAddWhatIsTooMuchForTheDriver() {
        RunShape large =
                new RunShape(8_000, 1_000, 10_000_000, 2, 1, 2, 1, Touches.NONE); // four answers have 40 million floats
        RunShape onDriver = new RunShape(8_000, 1_000, 10_000_000, 2, 1, 1, 1, Touches.NONE);
        Prediction step = model(large, 1).of(4, 1);
        assertThat(step.schedule()).as("two stages").isCloseTo(2 * 0.014, within(TINY));
        assertThat(step.returned())
                .as("one sum to the driver, and three quarters of an answer to each executor")
                .isCloseTo(40e6 * (1e-9 + 20e-9) + 0.003 + 40e6 * 20e-9 * 0.75, within(TINY));
        assertThat(step.driver()).isCloseTo(0.002 + 3 * 10e6 * 1e-9 / 4, within(TINY));
        assertThat(model(onDriver, 1).of(4, 1).returned()).isCloseTo(40e6 * (1e-9 + 4 * 20e-9) + 0.003, within(TINY));
    }

    @Test
    void blocksOfABroadcastComeFromOtherExecutorsToo() {
        assertThat(Wire.copies(1e6, 1)).isEqualTo(1);
        assertThat(Wire.copies(1e6, 8)).as("one block").isEqualTo(8);
        assertThat(Wire.copies(20e6, 1)).as("five blocks").isCloseTo(1, within(TINY));
        // of 4 blocks, the first from the driver, then from it or one other with 1/4, 2/4, 3/4 of the blocks
        assertThat(Wire.copies(4.0 * Wire.BLOCK, 2))
                .isCloseTo(2 / 4.0 * (1 + 1 / 1.25 + 1 / 1.5 + 1 / 1.75), within(TINY));
        assertThat(Wire.copies(400e6, 256)).as("hardly more than four times").isBetween(3.0, 9.0);
    }

    @Test
    void whatIsDoneOnceIsToldFromTheLinkByTheNumberOfReceivers() {
        // 2 ms without a message, 3 ns a byte once, 10 ns for each receiver, 1 ms more for what does not fit into the
        // task
        Transfer.Pair small = new Transfer.Pair(0.003 + 1e6 * 13e-9, 0.003 + 1e6 * 43e-9);
        Transfer.Pair large = new Transfer.Pair(0.003 + 4e6 * 13e-9, 0.003 + 4e6 * 43e-9);
        Transfer transfer = Transfer.of(800_000, 1_000_000, 4_000_000, 4, 0.002, small, large);
        assertThat(transfer.once()).isCloseTo(3e-9, within(1e-15));
        assertThat(transfer.each()).isCloseTo(10e-9, within(1e-15));
        assertThat(transfer.indirect()).isCloseTo(0.001, within(1e-9));
        assertThat(transfer.seconds(500_000, 2)).isCloseTo(500_000 * 23e-9, within(1e-9));
        assertThat(transfer.seconds(2e6, 2)).isCloseTo(2e6 * 23e-9 + 0.001, within(1e-9));
        assertThat(transfer.over(8e-9).seconds(500_000, 2)).isCloseTo(500_000 * 29e-9, within(1e-9));
    }

    @Test
    void withOneReceiverAllIsTheLinks() {
        Transfer.Pair small = new Transfer.Pair(0.010, 0.010);
        Transfer.Pair large = new Transfer.Pair(0.040, 0.040);
        Transfer transfer = Transfer.of(800_000, 1_000_000, 4_000_000, 1, 0.002, small, large);
        assertThat(transfer.once()).isZero();
        assertThat(transfer.each()).isCloseTo(10e-9, within(1e-15));
    }

    @Test
    void whereNoiseHidesWhatMorePeersCostAllIsTheLinks() {
        Transfer.Pair small = new Transfer.Pair(0.010, 0.011);
        Transfer.Pair large = new Transfer.Pair(0.040, 0.035);
        Transfer transfer = Transfer.of(800_000, 1_000_000, 4_000_000, 2, 0.002, small, large);
        assertThat(transfer.each()).isCloseTo(4e-9, within(1e-15));
        assertThat(transfer.once()).isCloseTo(6e-9, within(1e-15));
    }

    @Test
    void noiseMakesNoTimeNegative() {
        Transfer.Pair small = new Transfer.Pair(0.004, 0.003);
        Transfer.Pair large = new Transfer.Pair(0.003, 0.005);
        Transfer transfer = Transfer.of(800_000, 1_000_000, 4_000_000, 2, 0.005, small, large);
        assertThat(List.of(transfer.once(), transfer.each(), transfer.indirect()))
                .allSatisfy(each -> assertThat(each).isNotNegative());
        Compute falling = Compute.of(10, 0.005, 80, 0.004);
        assertThat(falling.row()).isZero();
        assertThat(falling.step()).isEqualTo(0.004);
        Compute steep = Compute.of(10, 0.001, 80, 0.016);
        assertThat(steep.step()).isCloseTo(0, within(TINY));
        assertThat(steep.step(80)).isCloseTo(0.016, within(TINY));
    }

    @Test
    void computeIsALineThroughTwoMeasuredSteps() {
        Compute line = Compute.of(10, 0.002, 110, 0.003);
        assertThat(line.row()).isCloseTo(10e-6, within(TINY));
        assertThat(line.step()).isCloseTo(0.0019, within(TINY));
    }

    @Test
    void aLocalStepIsFasterWhereItsArraysAreWarmAndLongerByTheOptimizersStep() {
        Compute line = Compute.of(10, 0.002, 110, 0.003);
        Compute faster = line.with(0.003, 0.0024, 0, 0);
        assertThat(faster.localStep(110)).isCloseTo(0.0024, within(TINY));
        assertThat(faster.localStep(10)).isCloseTo(0.0016, within(TINY));
        Compute longer = line.with(0.003, 0.0035, 0, 0);
        assertThat(longer.localStep(110)).isCloseTo(0.0035, within(TINY));
        assertThat(longer.localStep(10)).isCloseTo(0.0025, within(TINY));
        assertThat(line.with(0.003, 0, 0, 0).localStep(110)).isEqualTo(line.step(110));
    }

    /** 90,000 of the parameters are 9,000 rows of 10; 1,000 rows of data touch 800 of them, 100 touch 200. */
    private static RunShape touching(double below, double belowLocal) {
        Touches touches = new Touches(
                9_000, 10, 3, below, belowLocal, 1e-6, 2e-9, Map.of(100.0, 200.0, 1_000.0, 800.0, 4_000.0, 1_600.0));
        return new RunShape(8_000, 1_000, 100_000, 2, 1, 2, 1, touches);
    }

    @Test
    void aStepMovesOnlyWhatItsRowsTouch() {
        Prediction step = model(touching(1_001, 0), 1).of(10, 1);
        // 10,000 parameters and 800 rows of 10 for all, 200 rows of 10 for each shard; eight steps are asked for at
        // once
        double asking = 0.010 + 10 * 0.001;
        assertThat(step.schedule()).isCloseTo(asking + asking / 8, within(TINY));
        assertThat(step.sent())
                .as("the rows' numbers too")
                .isCloseTo(4 * (18e3 + 800) * (1e-9 + 10 * 10e-9), within(TINY));
        assertThat(step.returned()).isCloseTo((4 * 12e3 + 4 * 200) * (1e-9 + 10 * 20e-9), within(TINY));
        assertThat(step.compute()).isCloseTo(0.001 + 100 * 10e-6 + 100 * 1e-6, within(TINY));
        assertThat(step.driver()).isCloseTo(0.002 + 9 * 18e3 * 1e-9 + 10 * 200 * 2e-9, within(TINY));
        assertThat(step.epoch()).isCloseTo(8 * step.round(), within(TINY));
    }

    @Test
    void localStepsMoveWhatTheirRoundTouchesIfTheOptimizerLeavesTheRest() {
        double link = 1e-9 + 10 * 20e-9;
        Prediction part = model(touching(1e9, 1e9), 1).of(10, 4);
        // 1,600 rows for all, and 400 rows of data touch 200·4^(log 4 / log 10) rows for each shard
        double own = 10e3 + 10 * 200 * Math.pow(4, Math.log(4) / Math.log(10));
        double asked = 4 * (own - 10e3) / 10;
        assertThat(part.returned()).isCloseTo((4 * (own + 2 * 26e3) + asked) * link, within(TINY));
        Prediction whole = model(touching(1e9, 0), 1).of(10, 4);
        assertThat(whole).isEqualTo(model(RUN, 1).of(10, 4));
        assertThat(model(touching(1_000, 0), 1).of(10, 1))
                .as("more is touched than pays")
                .isEqualTo(model(RUN, 1).of(10, 1));
    }

    @Test
    void whatRowsTouchLiesBetweenWhatWasMeasured() {
        Touches touches = touching(1e9, 1e9).touches();
        assertThat(touches.numbers(50)).isEqualTo(100);
        assertThat(touches.numbers(100)).isEqualTo(200);
        assertThat(touches.numbers(Math.sqrt(100 * 1_000))).isCloseTo(Math.sqrt(200 * 800), within(1e-9));
        assertThat(touches.numbers(100_000)).isEqualTo(1_600);
        assertThat(Touches.NONE.numbers(10)).isZero();
    }

    @Test
    void theLimitIsNamedWithWhatWouldHelp() {
        RunShape run = new RunShape(60_000, 512, 235_146, 2, 1, 2, 1, Touches.NONE);
        List<String> lines = Limit.of(model(run, 1), List.of(1, 2, 4, 8));
        assertThat(lines.get(0))
                .startsWith("as it is (--local-steps 1, batches of 512 rows) more executors than 1 gain little: ")
                .contains("% of a round's time is moving bytes");
        assertThat(lines.get(1))
                .startsWith("if accuracy allows: --local-steps 16, ")
                .contains("--local-steps 64, ", "--batch-size 4096, ", "times as fast");
    }

    @Test
    void nothingIsAdvisedThatDoesNotHelp() {
        Compute slow = new Compute(0, 0.01, 1, 0, 0, 1e-9);
        ScaleModel model = new ScaleModel(WIRE, slow, RUN, 1);
        List<String> lines = Limit.of(model, List.of(1, 2, 4));
        assertThat(lines.get(0)).contains("4 executors do: ", "is computing");
        assertThat(lines.get(1)).isEqualTo("neither local steps nor larger batches would make it much faster");
    }
}
