package dev.kindling.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.InOneJvm;
import dev.kindling.LocalSpark;
import dev.kindling.Samples;
import dev.kindling.Samples.Sample;
import dev.kindling.checkpoint.Epoch;
import dev.kindling.checkpoint.TrainState;
import dev.kindling.data.Packing;
import dev.kindling.data.RowReader;
import dev.kindling.data.Shards;
import dev.kindling.linalg.Gemm;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.RandomKey;
import dev.kindling.linalg.Rows;
import dev.kindling.loss.Batch;
import dev.kindling.loss.Loss;
import dev.kindling.loss.ValueLoss;
import dev.kindling.nn.Layer;
import dev.kindling.nn.Network;
import dev.kindling.nn.Workspace;
import dev.kindling.optim.FirstOrder;
import dev.kindling.optim.Horizon;
import dev.kindling.optim.Slots;
import dev.kindling.optim.UpdateRule;
import dev.kindling.spark.OneJvm;
import dev.kindling.spec.Spec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("one-line")
final class TrainerTest {
    private final JavaSparkContext context =
            JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());

    /** Full-batch steps on one machine, without Spark and without shards. */
    private static List<Double> lossesOfOneMachine(List<Sample> samples, int epochs) {
        Network network = Samples.network();
        Loss loss = new Loss.SoftmaxCrossEntropy();
        UpdateRule rule = new UpdateRule(new FirstOrder.Adam(), 0.01);
        float[] parameters = network.initialize(RandomKey.of(11).fold(RandomKey.INITIALIZE));
        Slots slots = new Slots(rule.optimizer(), parameters.length);
        int n = samples.size();
        float[] values = new float[n * Samples.FEATURES];
        float[] labels = new float[n];
        float[] weights = new float[n];
        for (int row = 0; row < n; row++) {
            for (int i = 0; i < Samples.FEATURES; i++) {
                values[row * Samples.FEATURES + i] = (float) samples.get(row).features[i];
            }
            labels[row] = samples.get(row).label.floatValue();
            weights[row] = samples.get(row).weight.floatValue();
        }
        Batch batch = new Batch(Rows.dense(n, Samples.FEATURES, values, 0), labels, 0, weights, 0);
        double[] classes = new double[Samples.CLASSES];
        for (int row = 0; row < n; row++) {
            classes[(int) labels[row]] += weights[row];
        }
        int bias = network.outputBias().orElseThrow().offset();
        System.arraycopy(
                loss.outputBias(Samples.CLASSES, n, classes, new double[0]), 0, parameters, bias, Samples.CLASSES);
        Workspace workspace = network.workspace(Gemm.named("java"), n);
        List<Double> losses = new ArrayList<>();
        for (int step = 0; step < epochs; step++) {
            float[] gradient = new float[parameters.length];
            double sum = network.accumulate(parameters, batch, loss, RandomKey.of(0), workspace, gradient);
            losses.add(sum / batch.weight());
            Horizon horizon = new Horizon(1, epochs);
            double rate = rule.rate(step, horizon);
            rule.apply(network.layout(), batch.weight(), rate, step, horizon, parameters, gradient, slots);
        }
        return losses;
    }

    private static List<Double> losses(TrainState state) {
        return state.history().stream().map(Epoch::trainingLoss).toList();
    }

    private static void assertClose(List<Double> actual, List<Double> expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(actual.get(i)).isCloseTo(expected.get(i), within(1e-5));
        }
    }

    @AfterEach
    void leaveStepsToSpark() {
        context.setLocalProperty(OneJvm.PROPERTY, null);
    }

    @Tag("smoke")
    @ParameterizedTest
    @CsvSource({"1, false", "2, false", "7, false", "40, false", "1, true", "2, true", "7, true", "40, true"})
    void anyNumberOfShardsComputesWhatOneMachineDoesOnTheWholeBatch(int shards, boolean oneJvm) {
        context.setLocalProperty(OneJvm.PROPERTY, Boolean.toString(oneJvm));
        List<Sample> samples = Samples.clusters(61, 3); // 40 shards of 61 rows: uneven, and some empty
        TrainState state = Samples.fit(context, samples, shards, 15, 1_000);
        assertClose(losses(state), lossesOfOneMachine(samples, 15));
        assertThat(losses(state).get(14)).isLessThan(losses(state).get(0) * 0.8);
    }

    @Test
    void someOfFortyShardsOfSixtyOneRowsAreEmptyAndUneven() {
        try (Shards shards = Samples.pack(context, Samples.clusters(61, 3), 3, Samples.packing(40))) {
            List<Integer> sizes =
                    shards.rdd().map(shard -> shard.training.rows()).collect();
            assertThat(sizes).contains(0).anyMatch(size -> size > 2);
            assertThat(sizes.stream().mapToInt(Integer::intValue).sum()).isEqualTo(61);
        }
    }

    @Test
    void rowsInAnyOrderAndAnyPartitionsGiveTheSameBits() {
        List<Sample> samples = Samples.clusters(200, 5);
        List<Sample> shuffled = new ArrayList<>(samples);
        Collections.shuffle(shuffled, new Random(1));
        float[] expected;
        try (Shards shards = Samples.pack(context, samples, 1, Samples.packing(4))) {
            expected = Samples.trainer(3, 32).fit(shards).result();
        }
        try (Shards shards = Samples.pack(context, shuffled, 9, Samples.packing(4))) {
            assertThat(Samples.trainer(3, 32).fit(shards).result()).isEqualTo(expected);
        }
    }

    @Test
    void executorsAddingGroupsGivesTheBitsOfTheDriverAddingAll() {
        List<Sample> samples = Samples.clusters(300, 6);
        try (Shards shards = Samples.pack(context, samples, 3, Samples.packing(40))) {
            float[] onDriver =
                    Samples.trainer(2, 150, EarlyStopping.NEVER, 1).fit(shards).result();
            float[] onExecutors =
                    Samples.trainer(2, 150, EarlyStopping.NEVER, 2).fit(shards).result();
            assertThat(onExecutors).isEqualTo(onDriver);
        }
    }

    @Test
    void anotherSeedGivesOtherBits() {
        List<Sample> samples = Samples.clusters(100, 6);
        try (Shards shards = Samples.pack(context, samples, 3, Samples.packing(2))) {
            Trainer other = new Trainer(
                    new RunConfig(
                            Samples.network(),
                            new Loss.SoftmaxCrossEntropy(),
                            new UpdateRule(new FirstOrder.Adam(), 0.01),
                            new TrainOptions(1, 10, 12, EarlyStopping.NEVER, 2),
                            "java"),
                    new TrainListener() {});
            assertThat(other.fit(shards).result())
                    .isNotEqualTo(Samples.trainer(1, 10).fit(shards).result());
        }
    }

    @Test
    void weightTwoIsTheRowTwiceAndWeightZeroTheRowAbsent() {
        List<Sample> samples = Samples.clusters(60, 8);
        List<Sample> weighted = new ArrayList<>();
        List<Sample> repeated = new ArrayList<>();
        for (int i = 0; i < samples.size(); i++) {
            weighted.add(samples.get(i).weighted(i % 3));
            repeated.addAll(Collections.nCopies(i % 3, samples.get(i)));
        }
        assertClose(
                losses(Samples.fit(context, weighted, 3, 10, 1_000)),
                losses(Samples.fit(context, repeated, 2, 10, 1_000)));
    }

    @Test
    void eachRowIsUsedOnceAnEpoch() {
        // With a learning rate that changes nothing, an epoch's mean loss is that of all rows at once.
        List<Sample> samples = Samples.clusters(101, 9);
        Trainer still = new Trainer(
                new RunConfig(
                        Samples.network(),
                        new Loss.SoftmaxCrossEntropy(),
                        new UpdateRule(new FirstOrder.Sgd(), 1e-30),
                        new TrainOptions(2, 7, 11, EarlyStopping.NEVER, 2),
                        "java"),
                new TrainListener() {});
        double whole = lossesOfOneMachine(samples, 1).get(0);
        try (Shards shards = Samples.pack(context, samples, 3, Samples.packing(5))) {
            TrainState state = still.fit(shards);
            assertThat(state.history()).allSatisfy(epoch -> {
                assertThat(epoch.steps()).isEqualTo(15);
                assertThat(epoch.trainingLoss()).isCloseTo(whole, within(1e-6));
            });
        }
    }

    @InOneJvm
    @Test
    void validationRowsAreNotTrainedOnAndTheBestWeightsAreKept() {
        List<Sample> samples = Samples.clusters(120, 10);
        List<Sample> split = new ArrayList<>(samples);
        for (int i = 0; i < 40; i++) {
            split.set(i, samples.get(i).held());
        }
        try (Shards shards = Samples.pack(context, split, 3, Samples.packing(3))) {
            assertThat(shards.rows()).isEqualTo(80);
            assertThat(shards.validationRows()).isEqualTo(40);
            TrainState state = Samples.trainer(60, 8).fit(shards);
            assertThat(state.bestEpoch()).isLessThan(60); // it overfits
            double best = state.history().get(state.bestEpoch() - 1).validationLoss();
            assertThat(state.history())
                    .allSatisfy(epoch -> assertThat(epoch.validationLoss()).isGreaterThanOrEqualTo(best));
            float[] early = Samples.trainer(state.bestEpoch(), 8).fit(shards).parameters;
            assertThat(state.result()).isEqualTo(early);
        }
    }

    @Test
    void trainingStopsOnceTheValidationLossHasNotImprovedForThePatience() {
        List<Sample> samples = Samples.clusters(120, 10);
        Packing packing = new Packing(3, 7, new Loss.SoftmaxCrossEntropy(), 0, 0.3, Samples.COLUMNS);
        try (Shards shards = Samples.pack(context, samples, 3, packing)) {
            assertThat(shards.validationRows()).isBetween(15L, 60L);
            TrainState state =
                    Samples.trainer(200, 8, new EarlyStopping(3, 0), 2).fit(shards);
            assertThat(state.stopReason()).isEqualTo(TrainState.StopReason.EARLY_STOPPING);
            assertThat(state.history()).hasSize(state.bestEpoch() + 3);
        }
    }

    @Test
    void aNetworkThatDoesNotFitTheDataIsRefused() {
        try (Shards shards = Samples.pack(context, Samples.clusters(50, 1), 2, Samples.packing(2))) {
            assertThatThrownBy(() -> of("dense(2)", Samples.FEATURES, new Loss.SoftmaxCrossEntropy())
                            .fit(shards))
                    .isInstanceOf(InvalidInput.class)
                    .hasMessage("softmaxCrossEntropy cannot train a network of 2 outputs on 3 classes");
            assertThatThrownBy(() -> of("dense(3)", Samples.FEATURES, new ValueLoss.SquaredError())
                            .fit(shards))
                    .isInstanceOf(InvalidInput.class)
                    .hasMessage("squaredError cannot train a network of 3 outputs on one target");
            assertThatThrownBy(() ->
                            of("dense(3)", 9, new Loss.SoftmaxCrossEntropy()).fit(shards))
                    .isInstanceOf(InvalidInput.class)
                    .hasMessage("the network takes 9 inputs, but the rows have 6");
        }
    }

    private static Trainer of(String layers, int inputs, Loss loss) {
        return new Trainer(
                new RunConfig(
                        Network.of(inputs, Spec.parseAll(Layer.class, layers)),
                        loss,
                        new UpdateRule(new FirstOrder.Adam(), 0.01),
                        new TrainOptions(1, 10, 1, EarlyStopping.NEVER, 2),
                        "java"),
                new TrainListener() {});
    }

    @Test
    void divergenceStopsTrainingWithAdvice() {
        try (Shards shards = Samples.pack(context, Samples.clusters(50, 1), 2, Samples.packing(2))) {
            Trainer wild = new Trainer(
                    new RunConfig(
                            Samples.network(),
                            new Loss.SoftmaxCrossEntropy(),
                            new UpdateRule(new FirstOrder.Sgd(), 1e30),
                            new TrainOptions(5, 10, 11, EarlyStopping.NEVER, 2),
                            "java"),
                    new TrainListener() {});
            assertThatThrownBy(() -> wild.fit(shards))
                    .isInstanceOf(DivergenceException.class)
                    .hasMessageContaining("learning rate 1.0E30")
                    .hasMessageContaining("step");
        }
    }

    @Test
    void listenersHearOfTheFirstParametersAndOfWhatEndedTheRun() {
        List<String> heard = new ArrayList<>();
        TrainListener witness = new TrainListener() {
            @Override
            public void begun(float[] parameters, int taken) {
                heard.add("begun with " + parameters.length + " after " + taken);
            }

            @Override
            public void stepped(Step step) {
                heard.add("stepped");
                throw new IllegalStateException("no more");
            }

            @Override
            public void failed(Throwable cause) {
                heard.add(String.valueOf(cause.getMessage()));
            }

            @Override
            public void closed() {
                heard.add("closed");
            }
        };
        try (Shards shards = Samples.pack(context, Samples.clusters(50, 1), 2, Samples.packing(2))) {
            Trainer trainer = new Trainer(
                    new RunConfig(
                            Samples.network(),
                            new Loss.SoftmaxCrossEntropy(),
                            new UpdateRule(new FirstOrder.Sgd(), 0.1),
                            new TrainOptions(5, 10, 11, EarlyStopping.NEVER, 2),
                            "java"),
                    TrainListener.all(new TrainListener() {}, witness));
            assertThatThrownBy(() -> trainer.fit(shards)).hasMessage("no more");
        }
        assertThat(heard)
                .containsExactly(
                        "begun with " + Samples.network().parameterCount() + " after 0",
                        "stepped",
                        "no more",
                        "closed");
    }

    @Test
    void threadsOfTheDriverGiveTheBitsOfSparksTasks() {
        try (Shards shards = Samples.pack(context, Samples.clusters(400, 3), 3, Samples.packing(40))) {
            float[] expected = Samples.trainer(2, 150).fit(shards).result();
            context.setLocalProperty(OneJvm.PROPERTY, "true");
            assertThat(Samples.trainer(2, 150).fit(shards).result()).isEqualTo(expected);
        }
        assertNothingCachedAndContextAlive();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Timeout(120)
    void aCancelledRunEndsAndLeavesNothingCached(boolean oneJvm) throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        AtomicReference<Throwable> end = new AtomicReference<>();
        Thread training = new Thread(() -> {
            context.setLocalProperty(OneJvm.PROPERTY, Boolean.toString(oneJvm));
            try (Shards shards = Samples.pack(context, Samples.clusters(500, 1), 2, Samples.packing(2))) {
                endless(begun).fit(shards);
            } catch (Throwable e) {
                end.set(e);
            }
        });
        training.start();
        assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
        while (training.isAlive()) {
            context.cancelAllJobs();
            training.join(50);
        }
        assertThat(end.get()).hasMessageContaining("cancelled");
        assertNothingCachedAndContextAlive();
    }

    @Test
    @Timeout(120)
    void anInterruptedThreadEndsItsJobAndLeavesNothingCached() throws InterruptedException {
        JavaRDD<Long> endless =
                LocalSpark.session().range(1L << 50).filter("id < 0").toJavaRDD();
        RowReader<Long> reader = (row, sink) -> {
            sink.dense(new double[] {row});
            sink.label(row % 2.0);
        };
        Thread packing = new Thread(() -> {
            try {
                Shards.pack(endless, reader, Samples.packing(2)).close();
            } catch (Throwable expected) {
                // interrupted: what is left behind is the question
            }
        });
        packing.start();
        awaitActiveJobs(true);
        packing.interrupt();
        packing.join(20_000);
        assertThat(packing.isAlive()).isFalse();
        awaitActiveJobs(false);
        assertNothingCachedAndContextAlive();
    }

    private void awaitActiveJobs(boolean wanted) {
        long deadline = System.nanoTime() + 30_000_000_000L;
        while (context.statusTracker().getActiveJobIds().length > 0 != wanted) {
            assertThat(System.nanoTime()).as("jobs active: " + !wanted).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private static Trainer endless(CountDownLatch begun) {
        return new Trainer(
                new RunConfig(
                        Samples.network(),
                        new Loss.SoftmaxCrossEntropy(),
                        new UpdateRule(new FirstOrder.Adam(), 0.001),
                        new TrainOptions(1_000_000, 50, 11, EarlyStopping.NEVER, 2),
                        "java"),
                new TrainListener() {
                    @Override
                    public void ended(Epoch epoch) {
                        begun.countDown();
                    }
                });
    }

    private void assertNothingCachedAndContextAlive() {
        assertThat(context.getPersistentRDDs()).isEmpty();
        assertThat(context.parallelize(Arrays.asList(1, 2, 3)).count()).isEqualTo(3);
    }
}
