package dev.kindling.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.LocalSpark;
import dev.kindling.SparseSamples;
import dev.kindling.checkpoint.TrainState;
import dev.kindling.data.Shards;
import dev.kindling.engine.RunSetup;
import dev.kindling.engine.ShardEngine;
import dev.kindling.engine.ShardWork;
import dev.kindling.linalg.RandomKey;
import dev.kindling.loss.Loss;
import dev.kindling.loss.Metric;
import dev.kindling.nn.GradientSource;
import dev.kindling.nn.Layer;
import dev.kindling.nn.Network;
import dev.kindling.optim.Clip;
import dev.kindling.optim.Horizon;
import dev.kindling.optim.Optimizer;
import dev.kindling.optim.OuterOptimizer;
import dev.kindling.optim.Penalty;
import dev.kindling.optim.UpdateRule;
import dev.kindling.spec.Spec;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Steps over the rows of weights that a batch touches, beside steps over the whole network. */
class TouchedStepsTest {
    private static final JavaSparkContext CONTEXT =
            JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());
    private static final Loss LOSS = new Loss.SoftmaxCrossEntropy();
    private static final String DENSE = "dense(24) tanh dense(2)";
    private static final String EMBED = "embed(dim=24, starts=[3, 2200], widths=[1900, 1700]) dense(5) relu dense(2)";
    private static final Shards SHARDS = SparseSamples.pack(CONTEXT, SparseSamples.rows(300, 5), 3);
    private static final int BATCH = 40;
    private static final int EPOCHS = 3;

    @AfterAll
    static void release() {
        SHARDS.close();
    }

    private static UpdateRule rule(String optimizer) {
        return new UpdateRule(Spec.parse(Optimizer.class, optimizer), 0.05);
    }

    private static RunConfig run(String layers, UpdateRule rule, int localSteps, OuterOptimizer outer) {
        Network network = Network.of(SparseSamples.COLUMNS, Spec.parseAll(Layer.class, layers));
        TrainOptions options =
                new TrainOptions(EPOCHS, BATCH, 3, EarlyStopping.NEVER, 2).withLocalSteps(localSteps, outer);
        return new RunConfig(network, LOSS, rule, options, "java");
    }

    private static TrainState train(RunConfig run, boolean whole) {
        Network network = run.network();
        TrainState state = new TrainState(
                run.rule().optimizer(),
                run.options().outerOptimizer(),
                network.initialize(RandomKey.of(5)),
                run.options().emaDecay() > 0);
        RunSetup setup = new RunSetup(
                network, LOSS, Metric.of(LOSS), new GradientSource.Backpropagation(), "java", 3, null, null);
        int steps = (int) run.stepsPerEpoch(SHARDS.rows());
        Horizon horizon = new Horizon(steps, (long) steps * EPOCHS);
        try (ShardWork work = new ShardWork(ShardEngine.open(SHARDS.rdd(), SHARDS, 2), setup)) {
            TouchedSteps touched =
                    whole ? null : TouchedSteps.of(work, run, SHARDS).orElseThrow();
            StepStrategy strategy = run.options().localSteps() > 1
                    ? new LocalStepsStrategy(work, run.rule(), network.layout(), horizon, run.options(), touched)
                    : new MiniBatchStrategy(
                            work,
                            run.rule(),
                            network.layout(),
                            horizon,
                            run.options().emaDecay(),
                            touched);
            for (int epoch = 0; epoch < EPOCHS; epoch++) {
                new SteppedEpoch(work.meter(), strategy, steps).epoch(state, () -> {});
                state.epoch++;
                state.taken = 0;
            }
        }
        return state;
    }

    private static void assertSameBits(RunConfig run) {
        TrainState whole = train(run, true);
        TrainState touched = train(run, false);
        assertThat(touched.parameters).isEqualTo(whole.parameters);
        for (int slot = 0; slot < whole.slots.names().size(); slot++) {
            assertThat(touched.slots.vector(slot)).isEqualTo(whole.slots.vector(slot));
        }
        assertThat(touched.velocity).isEqualTo(whole.velocity);
        assertThat(touched.sums.loss).isEqualTo(whole.sums.loss);
        assertThat(touched.largestNorm).isCloseTo(whole.largestNorm, within(1e-12 * whole.largestNorm));
    }

    /** Those that step what is touched, and those that step all by a gradient of what is touched. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "sgd",
                "adagrad",
                "momentum",
                "nesterov",
                "adam",
                "adamw",
                "rmsprop",
                "lion",
                "lamb",
                "adadelta",
                "amsgrad"
            })
    void theBitsAreThoseOfStepsOverTheWholeNetwork(String optimizer) {
        for (String layers : List.of(DENSE, EMBED)) {
            assertSameBits(run(layers, rule(optimizer), 1, new OuterOptimizer.Average()));
        }
    }

    @Test
    void penaltiesClippingAndBoundsActAsOverTheWholeNetwork() {
        OuterOptimizer average = new OuterOptimizer.Average();
        assertSameBits(run(DENSE, rule("sgd").withPenalty(new Penalty(1e-4, 1e-3)), 1, average));
        assertSameBits(run(DENSE, rule("sgd").withMaxNorm(0.9), 1, average));
        assertSameBits(run(DENSE, rule("sgd").withClip(new Clip.GlobalNorm(0.05)), 1, average));
        assertSameBits(run(EMBED, rule("adagrad").withClip(new Clip.Value(0.01)), 1, average));
    }

    @ParameterizedTest
    @CsvSource({"average", "nesterov"})
    void localStepsExchangeWhatTheyTouchToTheSameBits(String outer) {
        OuterOptimizer optimizer = Spec.parse(OuterOptimizer.class, outer);
        assertSameBits(run(DENSE, rule("sgd"), 3, optimizer));
        assertSameBits(run(EMBED, rule("sgd"), 3, optimizer));
    }
}
