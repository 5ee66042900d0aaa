package dev.kindling.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.InOneJvm;
import dev.kindling.LocalSpark;
import dev.kindling.SparseSamples;
import dev.kindling.checkpoint.TrainState;
import dev.kindling.data.Shards;
import dev.kindling.engine.GradientSum;
import dev.kindling.engine.RunSetup;
import dev.kindling.engine.ShardEngine;
import dev.kindling.engine.ShardRequest;
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
import dev.kindling.optim.Schedule;
import dev.kindling.optim.UpdateRule;
import dev.kindling.spec.Spec;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Steps over the rows of weights that a batch touches, beside steps over the whole network. */
@Tag("end-to-end")
@Tag("one-line")
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

    private static TrainState state(RunConfig run) {
        return new TrainState(
                run.rule().optimizer(),
                run.options().outerOptimizer(),
                run.network().initialize(RandomKey.of(5)),
                run.options().emaDecay() > 0);
    }

    private static void work(RunConfig run, Consumer<ShardWork> use) {
        RunSetup setup = new RunSetup(
                run.network(),
                LOSS,
                Metric.of(LOSS),
                new GradientSource.Backpropagation(),
                "java",
                3,
                1,
                new Schedule.Constant(),
                null,
                null);
        try (ShardWork work = new ShardWork(ShardEngine.open(SHARDS.rdd(), SHARDS, 2), setup)) {
            use.accept(work);
        }
    }

    private static StepStrategy strategy(RunConfig run, ShardWork work, TouchedSteps touched) {
        long steps = run.stepsPerEpoch(SHARDS.rows());
        Horizon horizon = new Horizon(steps, steps * EPOCHS);
        TrainOptions options = run.options();
        return options.localSteps() > 1
                ? new LocalStepsStrategy(work, run.rule(), run.network().layout(), horizon, options, touched)
                : new MiniBatchStrategy(work, run.rule(), run.network().layout(), horizon, options.emaDecay(), touched);
    }

    private static TrainState train(RunConfig run, boolean whole) {
        TrainState state = state(run);
        int steps = (int) run.stepsPerEpoch(SHARDS.rows());
        work(run, work -> {
            TouchedSteps touched =
                    whole ? null : TouchedSteps.of(work, run, SHARDS).orElseThrow();
            StepStrategy strategy = strategy(run, work, touched);
            while (state.epoch < EPOCHS) {
                new SteppedEpoch(work, strategy, steps).epoch(state, () -> {});
                state.epoch++;
                state.taken = 0;
            }
        });
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
    @InOneJvm
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

    @InOneJvm
    @ParameterizedTest
    @CsvSource({"average", "nesterov"})
    void localStepsExchangeWhatTheyTouchToTheSameBits(String outer) {
        OuterOptimizer optimizer = Spec.parse(OuterOptimizer.class, outer);
        assertSameBits(run(DENSE, rule("sgd"), 3, optimizer));
        assertSameBits(run(EMBED, rule("sgd"), 3, optimizer));
    }

    /** So is it resumed: with nothing but the state. */
    @InOneJvm
    @ParameterizedTest
    @CsvSource({"lazyAdam, 1", "sgd, 2", "adam, 1", "lazyAdam, 2"})
    void aRunThatBeginsAnewAtEveryStepEndsWithTheSameBits(String optimizer, int localSteps) {
        RunConfig run = run(EMBED, rule(optimizer), localSteps, new OuterOptimizer.Average());
        TrainState whole = train(run, false);
        TrainState pieces = state(run);
        int steps = (int) run.stepsPerEpoch(SHARDS.rows());
        while (pieces.epoch < EPOCHS) {
            work(run, work -> {
                StepStrategy.Taken taken = strategy(
                                run, work, TouchedSteps.of(work, run, SHARDS).orElseThrow())
                        .step(pieces, steps);
                pieces.step += taken.steps();
                pieces.taken += taken.steps();
            });
            if (pieces.taken == steps) {
                pieces.epoch++;
                pieces.taken = 0;
            }
        }
        assertThat(pieces.parameters).isEqualTo(whole.parameters);
    }

    /** Against a naive loop over whole arrays in double. */
    @Test
    void lazyAdamLeavesWhatABatchLacksAsItIs() {
        RunConfig run = run(DENSE, rule("lazyAdam"), 1, new OuterOptimizer.Average());
        TrainState state = state(run);
        float[] first = state.parameters.clone();
        int steps = (int) run.stepsPerEpoch(SHARDS.rows());
        int width = 24;
        work(run, work -> {
            strategy(run, work, TouchedSteps.of(work, run, SHARDS).orElseThrow())
                    .step(state, steps);
            int[] touched = work.sum(new ShardRequest.Touched(0, 0, 1, 1, steps), first).touched[0];
            GradientSum sum = work.sum(new ShardRequest.Gradient(0, 0, steps), first);
            assertThat(touched).hasSizeBetween(20, 400);
            boolean[] is = new boolean[SparseSamples.COLUMNS];
            for (int input : touched) {
                is[input] = true;
            }
            for (int i = 0; i < first.length; i++) {
                double expected = first[i];
                boolean ofRow = i < is.length * width;
                if (!ofRow || is[i / width]) {
                    double g = sum.gradient[i] / sum.weight;
                    double m = 0.1 * g;
                    double v = 0.001 * g * g;
                    expected -= 0.05 * Math.sqrt(0.001) / 0.1 * m / (Math.sqrt(v) + 1e-8);
                } else {
                    assertThat(sum.gradient[i]).isZero();
                }
                assertThat((double) state.parameters[i]).isCloseTo(expected, within(1e-6));
            }
        });
    }

    @Test
    void whatLazyAdamCannotServeIsRefused() {
        OuterOptimizer average = new OuterOptimizer.Average();
        assertThatThrownBy(() -> run("standardize dense(2)", rule("lazyAdam"), 1, average))
                .isInstanceOf(InvalidInput.class)
                .hasMessage(
                        "lazyAdam steps the weights of the inputs that a batch has, so the first layer must be dense or"
                                + " embed, but is standardize; use adam");
        assertThatThrownBy(() -> run(DENSE, rule("lazyAdam").withPenalty(new Penalty(0, 1e-3)), 1, average))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("lazyAdam has no use for a penalty");
        assertThatThrownBy(() -> run(DENSE, rule("lazyAdam").withMaxNorm(2), 1, average))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("lazyAdam has no use for a bound on the norm of weights");
    }
}
