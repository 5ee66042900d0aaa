package dev.kindling.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.LocalSpark;
import dev.kindling.Samples;
import dev.kindling.Samples.Sample;
import dev.kindling.checkpoint.Epoch;
import dev.kindling.checkpoint.TrainState;
import dev.kindling.data.Moments;
import dev.kindling.data.Shards;
import dev.kindling.engine.RunSetup;
import dev.kindling.engine.ShardEngine;
import dev.kindling.engine.ShardWork;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.RandomKey;
import dev.kindling.loss.Loss;
import dev.kindling.loss.Metric;
import dev.kindling.nn.Layer;
import dev.kindling.nn.Network;
import dev.kindling.optim.Clip;
import dev.kindling.optim.GradientSource;
import dev.kindling.optim.Horizon;
import dev.kindling.optim.Optimizer;
import dev.kindling.optim.OuterOptimizer;
import dev.kindling.optim.Penalty;
import dev.kindling.optim.Plateau;
import dev.kindling.optim.Schedule;
import dev.kindling.optim.UpdateRule;
import dev.kindling.spark.OneJvm;
import dev.kindling.spec.Spec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The ways to move parameters beside plain steps, and what surrounds them. */
@Tag("one-line")
final class EpochStrategyTest {
    private static final TrainOptions PLAIN = plain(5);

    private final JavaSparkContext context =
            JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());
    private final List<Shards> packed = new ArrayList<>();

    @BeforeEach
    void computeByThreadsOfTheDriver() {
        context.setLocalProperty(OneJvm.PROPERTY, "true");
    }

    @AfterEach
    void unpersist() {
        context.setLocalProperty(OneJvm.PROPERTY, null);
        packed.forEach(Shards::close);
    }

    private Shards shards(List<Sample> samples, int count) {
        Shards shards = Samples.pack(context, samples, 3, Samples.packing(count));
        packed.add(shards);
        return shards;
    }

    private static Trainer trainer(String layers, String optimizer, double rate, TrainOptions options) {
        return trainer(layers, new UpdateRule(Spec.parse(Optimizer.class, optimizer), rate), options);
    }

    private static Trainer trainer(String layers, UpdateRule rule, TrainOptions options) {
        Network network = Network.of(Samples.FEATURES, Spec.parseAll(Layer.class, layers));
        return new Trainer(
                new RunConfig(network, new Loss.SoftmaxCrossEntropy(), rule, options, "java"), new TrainListener() {});
    }

    private static TrainOptions plain(int epochs) {
        return new TrainOptions(epochs, 60, 3, EarlyStopping.NEVER, 2);
    }

    private static TrainOptions options(
            int epochs, ClassWeights weights, Plateau plateau, double emaDecay, GradientSource source) {
        return new TrainOptions(epochs, 60, 3, EarlyStopping.NEVER, 2)
                .withClassWeights(weights)
                .withPlateau(plateau)
                .withEmaDecay(emaDecay)
                .withGradientSource(source);
    }

    private static List<Double> losses(TrainState state) {
        return state.history().stream().map(Epoch::trainingLoss).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"dense(4) tanh layerNorm dropout(0.2) dense(3)", "batchNorm dense(3)"})
    void centralDifferencesTrainAsBackpropagationDoes(String layers) {
        Shards shards = shards(Samples.clusters(90, 1), 2);
        TrainOptions differences =
                options(5, new ClassWeights.None(), new Plateau.None(), 0, new GradientSource.CentralDifferences());
        TrainState backpropagated = trainer(layers, "momentum", 0.1, PLAIN).fit(shards);
        TrainState differenced = trainer(layers, "momentum", 0.1, differences).fit(shards);
        assertThat(differenced.result()).containsExactly(backpropagated.result(), within(0.01f));
        List<Double> expected = losses(backpropagated);
        List<Double> actual = losses(differenced);
        for (int epoch = 0; epoch < 5; epoch++) {
            assertThat(actual.get(epoch)).isCloseTo(expected.get(epoch), within(1e-3));
        }
        assertThat(actual.get(4)).isLessThan(0.8 * actual.get(0));
    }

    @Test
    void randomSearchKeepsWhatIsBetter() {
        Shards shards = shards(Samples.clusters(90, 2), 3);
        TrainOptions whole = new TrainOptions(60, 1000, 3, EarlyStopping.NEVER, 2);
        List<Double> losses =
                losses(trainer("dense(3)", "randomSearch", 0.1, whole).fit(shards));
        for (int epoch = 1; epoch < losses.size(); epoch++) {
            assertThat(losses.get(epoch)).isLessThanOrEqualTo(losses.get(epoch - 1) + 1e-9);
        }
        assertThat(losses.get(59)).isLessThan(0.95 * losses.get(0));
    }

    @Test
    void randomSearchTriesNewNoiseEachStep() {
        // so small a noise lowers the loss as often as not; always the same one would do so always or never
        TrainOptions whole = new TrainOptions(20, 1000, 3, EarlyStopping.NEVER, 2);
        List<Double> losses =
                losses(trainer("dense(3)", "randomSearch", 1e-3, whole).fit(shards(Samples.clusters(90, 2), 3)));
        int lower = 0;
        for (int epoch = 1; epoch < losses.size(); epoch++) {
            lower += losses.get(epoch) < losses.get(epoch - 1) ? 1 : 0;
        }
        assertThat(lower).isBetween(2, 17);
    }

    @Test
    void randomSearchLowersThePenaltyToo() {
        Shards shards = shards(Samples.clusters(30, 2), 1);
        Penalty penalty = new Penalty(0, 1000); // next to which the loss is nothing
        double[] values = new double[2];
        for (int run = 0; run < 2; run++) {
            UpdateRule rule = new UpdateRule(
                    new Optimizer.RandomSearch(),
                    run == 0 ? 1e-30 : 0.1,
                    new Schedule.Constant(),
                    penalty,
                    new Clip.None(),
                    0);
            Trainer trainer = trainer("dense(3)", rule, new TrainOptions(100, 1000, 3, EarlyStopping.NEVER, 2));
            values[run] = penalty.of(
                    trainer.run().network().layout(), trainer.fit(shards).result());
        }
        assertThat(values[1]).isLessThan(0.6 * values[0]);
    }

    /** With 30, 30 and some rows of the classes. */
    private static List<Sample> uneven() {
        return Samples.clusters(90, 9).stream()
                .filter(sample -> sample.label != 2 || sample.features[0] > 0.5)
                .toList();
    }

    private static double entropy(List<Sample> samples) {
        double entropy = 0;
        for (int label = 0; label < 3; label++) {
            int own = label;
            double share =
                    samples.stream().filter(sample -> sample.label == own).count() / (double) samples.size();
            entropy -= share * Math.log(share);
        }
        return entropy;
    }

    @Test
    void lbfgsComesToWherePenalizedStepsCome() {
        Shards shards = shards(uneven(), 2);
        TrainOptions whole = new TrainOptions(200, 1000, 3, EarlyStopping.NEVER, 2);
        float[][] results = new float[2][];
        for (int run = 0; run < 2; run++) {
            Optimizer optimizer = Spec.parse(Optimizer.class, run == 0 ? "lbfgs" : "nesterov");
            UpdateRule rule = new UpdateRule(
                    optimizer, run == 0 ? 1 : 0.1, new Schedule.Constant(), new Penalty(0, 0.1), new Clip.None(), 0);
            results[run] = trainer("dense(3)", rule, whole).fit(shards).result();
        }
        assertThat(results[0]).containsExactly(results[1], within(1e-3f));
    }

    @Test
    void lbfgsWithAnOverwhelmingL1PenaltyKeepsTheBiases() {
        UpdateRule rule = new UpdateRule(
                new Optimizer.Lbfgs(), 1, new Schedule.Constant(), new Penalty(10, 0), new Clip.None(), 0);
        TrainState state = trainer("dense(3)", rule, new TrainOptions(100, 50, 4, EarlyStopping.NEVER, 2))
                .fit(shards(uneven(), 2));
        assertThat(losses(state).get(state.history().size() - 1)).isCloseTo(entropy(uneven()), within(1e-4));
    }

    @Test
    void lbfgsThatStartsAtTheOptimumStaysThere() {
        List<Sample> blank = uneven().stream()
                .map(sample -> new Sample(new double[Samples.FEATURES], sample.label))
                .toList();
        UpdateRule rule = new UpdateRule(new Optimizer.Lbfgs(10, 1e-5), 1);
        TrainState state =
                trainer("dense(3, initializer=zeros)", rule, plain(5)).fit(shards(blank, 2));
        assertThat(state.stopReason()).isEqualTo(TrainState.StopReason.CONVERGED);
        assertThat(state.history()).hasSize(1);
        assertThat(state.history().get(0).steps()).as("the start is evaluated").isEqualTo(1);
        assertThat(losses(state).get(0)).isCloseTo(entropy(blank), within(1e-6));
    }

    @Test
    void aValidationLossThatIsNotANumberIsADivergence() {
        List<Sample> samples = new ArrayList<>(Samples.clusters(60, 4));
        samples.replaceAll(sample -> sample.features[0] > 0 ? sample.held() : sample);
        TrainOptions once = new TrainOptions(1, 1000, 3, EarlyStopping.NEVER, 2);
        assertThatThrownBy(() ->
                        trainer("dense(8) relu dense(3)", "sgd", 1e30, once).fit(shards(samples, 2)))
                .isInstanceOf(DivergenceException.class);
    }

    @Test
    void batchesWithoutWeightTakeNoStep() {
        List<Sample> samples = new ArrayList<>(Samples.clusters(30, 4));
        samples.replaceAll(sample -> sample.features[0] > 1 ? sample : sample.weighted(0));
        TrainOptions single = new TrainOptions(2, 1, 3, EarlyStopping.NEVER, 2);
        TrainState state = trainer("dense(3)", "sgd", 0.1, single).fit(shards(samples, 1));
        assertThat(losses(state).get(1)).isLessThan(losses(state).get(0));
    }

    @Test
    void momentsOfWeightTwoAreThoseOfTheRowTwice() {
        List<Sample> weighted = new ArrayList<>();
        List<Sample> repeated = new ArrayList<>();
        for (Sample sample : Samples.clusters(30, 4)) {
            int times = sample.features[0] > 0 ? 2 : 1;
            weighted.add(sample.weighted(times));
            repeated.addAll(Collections.nCopies(times, sample));
        }
        Moments one = shards(weighted, 2).moments(true);
        Moments two = shards(repeated, 3).moments(true);
        assertThat(one.weight).isEqualTo(two.weight);
        assertThat(one.classes).isEqualTo(two.classes);
        assertThat(one.targets).containsExactly(two.targets, within(1e-9));
        assertThat(one.targetSquares).containsExactly(two.targetSquares, within(1e-6));
        assertThat(one.means).containsExactly(two.means, within(1e-9));
        assertThat(one.squares).containsExactly(two.squares, within(1e-6));
    }

    @Test
    void lbfgsComesToTheOptimumWhateverTheShardsAndTheBatchSize() {
        List<Sample> samples = Samples.clusters(120, 3);
        UpdateRule rule = new UpdateRule(
                new Optimizer.Lbfgs(), 1, new Schedule.Constant(), new Penalty(0, 0.05), new Clip.None(), 0);
        TrainState one = trainer("dense(3)", rule, new TrainOptions(100, 7, 3, EarlyStopping.NEVER, 2))
                .fit(shards(samples, 1));
        TrainState four = trainer("dense(3)", rule, new TrainOptions(100, 50, 4, EarlyStopping.NEVER, 2))
                .fit(shards(samples, 4));
        assertThat(one.stopReason()).isEqualTo(TrainState.StopReason.CONVERGED);
        assertThat(four.stopReason()).isEqualTo(TrainState.StopReason.CONVERGED);
        assertThat(one.history()).hasSizeLessThan(60);
        double last = losses(one).get(one.history().size() - 1);
        assertThat(losses(four).get(four.history().size() - 1)).isCloseTo(last, within(1e-4));

        TrainState again = trainer("dense(3)", rule, new TrainOptions(100, 50, 4, EarlyStopping.NEVER, 2))
                .fit(shards(samples, 4));
        assertThat(again.result()).as("the same bits").isEqualTo(four.result());
    }

    @Test
    void anL1PenaltyMakesLbfgssWeightsExactlyZero() {
        UpdateRule rule = new UpdateRule(
                new Optimizer.Lbfgs(), 1, new Schedule.Constant(), new Penalty(0.1, 0), new Clip.None(), 0);
        TrainState state = trainer("dense(3)", rule, new TrainOptions(100, 50, 4, EarlyStopping.NEVER, 2))
                .fit(shards(Samples.clusters(120, 3), 2));
        int zeros = 0;
        for (int i = 0; i < Samples.FEATURES * 3; i++) {
            zeros += state.result()[i] == 0f ? 1 : 0;
        }
        assertThat(zeros).isBetween(6, 17);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    lbfgs | dense(3) dropout(0.5) dense(3) | cosine | none | dropout draws a new one
                    lbfgs | dense(3) batchNorm dense(3) | constant | none | batchNorm needs for its moving averages
                    lbfgs | dense(3) | cosine | none | lbfgs has no use for a schedule
                    lbfgs | dense(3) | constant | value(1) | lbfgs has no use for a gradient clip
                    randomSearch | dense(3) | constant | value(1) | randomSearch has no use for a gradient clip
                    randomSearch | residual([batchNorm dense(6)]) dense(3) | constant | none | batchNorm needs
                    """)
    void whatAnOptimizerCannotUseIsRefused(
            String optimizer, String layers, String schedule, String clip, String message) {
        UpdateRule rule = new UpdateRule(
                Spec.parse(Optimizer.class, optimizer),
                1,
                Spec.parse(Schedule.class, schedule),
                Penalty.NONE,
                Spec.parse(Clip.class, clip),
                0);
        assertThatThrownBy(() -> trainer(layers, rule, PLAIN))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining(message);
    }

    @Test
    void theMovingAverageIsThatOfTheParametersAfterEachStep() {
        Shards shards = shards(Samples.clusters(60, 4), 2);
        double decay = 0.75;
        TrainState first = trainer("dense(3)", "sgd", 0.5, plain(1)).fit(shards);
        TrainState second = trainer("dense(3)", "sgd", 0.5, plain(2)).fit(shards);
        TrainState averaged = trainer(
                        "dense(3)",
                        "sgd",
                        0.5,
                        options(
                                2,
                                new ClassWeights.None(),
                                new Plateau.None(),
                                decay,
                                new GradientSource.Backpropagation()))
                .fit(shards);
        assertThat(averaged.parameters).isEqualTo(second.parameters);
        TrainState still = trainer("dense(3)", "sgd", 1e-30, plain(1)).fit(shards);
        for (int i = 0; i < averaged.parameters.length; i++) {
            double expected = decay * (decay * still.parameters[i] + (1 - decay) * first.parameters[i])
                    + (1 - decay) * second.parameters[i];
            assertThat((double) averaged.result()[i]).isCloseTo(expected, within(1e-6));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sgd", "randomSearch"})
    void aPlateauLowersTheLearningRate(String optimizer) {
        TrainState state = trainer(
                        "dense(3)",
                        optimizer,
                        1e-9, // too small to lower the loss
                        options(
                                6,
                                new ClassWeights.None(),
                                new Plateau.Reduce(0.5, 1, 1e-4, 0, 0),
                                0,
                                new GradientSource.Backpropagation()))
                .fit(shards(Samples.clusters(60, 5), 2));
        assertThat(state.history().stream().map(Epoch::learningRate))
                .containsExactly(1e-9, 1e-9, 1e-9, 5e-10, 5e-10, 2.5e-10);
    }

    @Test
    void balancedClassesWeighTheirRowsAsRowWeightsWould() {
        List<Sample> uneven = new ArrayList<>();
        List<Sample> weighted = new ArrayList<>();
        for (Sample sample : Samples.clusters(120, 6)) {
            if (sample.label == 0 || uneven.size() % 3 == 0) {
                uneven.add(sample);
            }
        }
        double[] counts = new double[3];
        uneven.forEach(sample -> counts[sample.label.intValue()]++);
        assertThat(counts[0]).isGreaterThan(2 * counts[1]);
        for (Sample sample : uneven) {
            weighted.add(sample.weighted((float) (uneven.size() / (3 * counts[sample.label.intValue()]))));
        }
        TrainOptions whole = new TrainOptions(5, 1000, 3, EarlyStopping.NEVER, 2);
        TrainOptions wholeBalanced = whole.withClassWeights(new ClassWeights.Balanced());
        List<Double> one = losses(trainer("dense(3)", "sgd", 0.5, wholeBalanced).fit(shards(uneven, 2)));
        List<Double> other = losses(trainer("dense(3)", "sgd", 0.5, whole).fit(shards(weighted, 2)));
        for (int epoch = 0; epoch < 5; epoch++) {
            assertThat(one.get(epoch)).isCloseTo(other.get(epoch), within(1e-5));
        }
    }

    @Test
    void standardizeMeasuresTheTrainingRowsAndTrainsAsOnScaledFeatures() {
        List<Sample> raw = new ArrayList<>();
        List<Sample> scaled = new ArrayList<>();
        List<Sample> samples = Samples.clusters(90, 7);
        double[] mean = new double[Samples.FEATURES];
        double[] square = new double[Samples.FEATURES];
        for (Sample sample : samples) {
            double[] features = sample.features.clone();
            for (int i = 0; i < features.length; i++) {
                features[i] = i == 5 ? 7 : features[i] * (i + 1) * 3 + 100 * i; // the last column is constant
                mean[i] += features[i] / samples.size();
                square[i] += features[i] * features[i] / samples.size();
            }
            raw.add(new Sample(features, sample.label.intValue()));
        }
        for (Sample sample : raw) {
            double[] features = new double[Samples.FEATURES];
            for (int i = 0; i < features.length; i++) {
                double deviation = i == 5 ? 1 : Math.sqrt(square[i] - mean[i] * mean[i]);
                features[i] = i == 5 ? 0 : (sample.features[i] - mean[i]) / deviation;
            }
            scaled.add(new Sample(features, sample.label.intValue()));
        }
        TrainOptions whole = new TrainOptions(8, 1000, 3, EarlyStopping.NEVER, 2);
        TrainState inside = trainer("standardize dense(3, initializer=zeros)", "sgd", 0.5, whole)
                .fit(shards(raw, 4));
        TrainState outside =
                trainer("dense(3, initializer=zeros)", "sgd", 0.5, whole).fit(shards(scaled, 4));
        for (int i = 0; i < Samples.FEATURES; i++) {
            assertThat((double) inside.result()[i]).isCloseTo(mean[i], within(1e-4));
            double deviation = i == 5 ? 1 : Math.sqrt(square[i] - mean[i] * mean[i]);
            assertThat((double) inside.result()[Samples.FEATURES + i]).isCloseTo(deviation, within(1e-4));
        }
        for (int epoch = 0; epoch < 8; epoch++) {
            assertThat(losses(inside).get(epoch)).isCloseTo(losses(outside).get(epoch), within(1e-4));
        }
    }

    @Test
    void batchNormsAveragesAreThoseOfAllShards() {
        Shards shards = shards(Samples.clusters(90, 8), 3);
        UpdateRule still = new UpdateRule(Spec.parse(Optimizer.class, "sgd"), 1e-30);
        TrainState state = trainer(
                        "batchNorm(momentum=1) dense(3)", still, new TrainOptions(1, 1000, 3, EarlyStopping.NEVER, 2))
                .fit(shards);
        double[] sums = new double[Samples.FEATURES];
        for (Sample sample : Samples.clusters(90, 8)) {
            for (int i = 0; i < sums.length; i++) {
                sums[i] += sample.features[i];
            }
        }
        for (int i = 0; i < sums.length; i++) {
            assertThat((double) state.result()[2 * Samples.FEATURES + i]).isCloseTo(sums[i] / 90, within(1e-5));
        }
        assertThatThrownBy(() -> trainer("batchNorm dense(3)", still, new TrainOptions(1, 5, 3, EarlyStopping.NEVER, 2))
                        .fit(shards))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("batchNorm needs at least 2 rows of each shard in a step, but batches of 5 rows");
    }

    @Test
    void theFirstLossOfUnevenClassesIsTheirEntropy() {
        TrainState state = trainer(
                        "dense(3, initializer=zeros)",
                        "sgd",
                        1e-30,
                        new TrainOptions(1, 1000, 3, EarlyStopping.NEVER, 2))
                .fit(shards(uneven(), 2));
        assertThat(losses(state).get(0)).isCloseTo(entropy(uneven()), within(1e-6));
    }

    /** The time of a step is the time measured over the steps that were measured, not over all of the epoch. */
    /** Where the factor is 0, nothing is dropped; where it is 1, all is as without a schedule. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aDropoutScheduleScalesTheRateStepByStep(int localSteps) {
        Shards shards = shards(Samples.clusters(90, 1), 2);
        TrainOptions options = plain(2).withLocalSteps(localSteps, new OuterOptimizer.Average());
        Schedule late = Spec.parse(Schedule.class, "piecewise([epochs(3)], [0 1])");
        Schedule early = Spec.parse(Schedule.class, "piecewise([epochs(1)], [1 0])");
        String dropping = "dense(4) tanh dropout(0.5) dense(3)";
        float[] never = trainer(dropping, "adam", 0.1, options.withDropoutSchedule(late))
                .fit(shards)
                .result();
        float[] once = trainer(dropping, "adam", 0.1, options.withDropoutSchedule(early))
                .fit(shards)
                .result();
        float[] always = trainer(dropping, "adam", 0.1, options).fit(shards).result();
        float[] none = trainer("dense(4) tanh dropout(0) dense(3)", "adam", 0.1, options)
                .fit(shards)
                .result();
        assertThat(never).isEqualTo(none);
        assertThat(once).isNotEqualTo(none).isNotEqualTo(always);
    }

    @ParameterizedTest
    @CsvSource({"randomSearch, 2", "sgd, 1"})
    void anEpochResumedInItsMiddleTimesOnlyTheStepsThatItTakes(String name, int sumsPerStep) {
        Shards shards = shards(Samples.clusters(60, 1), 2);
        Network network = Network.of(Samples.FEATURES, Spec.parseAll(Layer.class, "dense(3)"));
        Loss loss = new Loss.SoftmaxCrossEntropy();
        Optimizer optimizer = Spec.parse(Optimizer.class, name);
        UpdateRule rule = new UpdateRule(optimizer, 0.01);
        Horizon horizon = new Horizon(6, 6);
        RunSetup setup = new RunSetup(
                network,
                loss,
                Metric.of(loss),
                new GradientSource.Backpropagation(),
                "java",
                7,
                1,
                new Schedule.Constant(),
                null,
                null);
        try (ShardWork work = new ShardWork(ShardEngine.open(shards.rdd(), shards, 2), setup)) {
            StepStrategy strategy = sumsPerStep == 2
                    ? new RandomSearchStrategy(work, rule, network.layout(), horizon, RandomKey.of(5))
                    : new MiniBatchStrategy(work, rule, network.layout(), horizon, 0, null);
            float[] first = network.initialize(RandomKey.of(5));
            TrainState state = new TrainState(optimizer, new OuterOptimizer.Average(), first, false);
            state.taken = 4;
            EpochStrategy.Progress progress = new SteppedEpoch(work, strategy, 6).epoch(state, () -> {});
            assertThat(state.taken).isEqualTo(6);
            assertThat(progress).isEqualTo(new EpochStrategy.Progress(6L * sumsPerStep, 2L * sumsPerStep, false));
        }
    }
}
