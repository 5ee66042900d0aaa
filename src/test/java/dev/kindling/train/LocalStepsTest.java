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
import dev.kindling.data.Shards;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.loss.Loss;
import dev.kindling.nn.Layer;
import dev.kindling.nn.Network;
import dev.kindling.optim.Optimizer;
import dev.kindling.optim.OuterOptimizer;
import dev.kindling.optim.UpdateRule;
import dev.kindling.spec.Spec;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("end-to-end")
@Tag("one-line")
class LocalStepsTest {
    private static final JavaSparkContext CONTEXT =
            JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());

    private static TrainState fit(
            String layers, String optimizer, List<Sample> samples, int shards, int batchSize, int localSteps) {
        return fit(layers, optimizer, samples, shards, batchSize, localSteps, new OuterOptimizer.Average());
    }

    private static TrainState fit(
            String layers,
            String optimizer,
            List<Sample> samples,
            int shards,
            int batchSize,
            int localSteps,
            OuterOptimizer outer) {
        Network network = Network.of(Samples.FEATURES, Spec.parseAll(Layer.class, layers));
        TrainOptions options = Samples.options(6, batchSize, 3, localSteps, outer);
        UpdateRule rule = new UpdateRule(Spec.parse(Optimizer.class, optimizer), 0.05);
        Trainer trainer = new Trainer(
                new RunConfig(network, new Loss.SoftmaxCrossEntropy(), rule, options, "java"), new TrainListener() {});
        try (Shards packed = Samples.pack(CONTEXT, samples, 3, Samples.packing(shards))) {
            return trainer.fit(packed);
        }
    }

    private static void assertSame(TrainState one, TrainState other) {
        for (int i = 0; i < one.parameters.length; i++) {
            assertThat((double) one.parameters[i]).isCloseTo(other.parameters[i], within(2e-5));
        }
        for (int epoch = 0; epoch < one.history().size(); epoch++) {
            Epoch a = one.history().get(epoch);
            Epoch b = other.history().get(epoch);
            assertThat(a.trainingLoss()).isCloseTo(b.trainingLoss(), within(1e-5));
            assertThat(a.gradientNorm()).isCloseTo(b.gradientNorm(), within(1e-4));
            assertThat(a.learningRate()).isEqualTo(b.learningRate());
        }
        assertThat(one.step).isEqualTo(other.step);
    }

    @InOneJvm
    @ParameterizedTest
    @ValueSource(strings = {"adam", "nesterov", "lamb", "adadelta"})
    void aSingleShardTakesTheStepsOfTheWholeBatch(String optimizer) {
        List<Sample> samples = Samples.clusters(130, 4);
        String layers = "batchNorm dense(5) relu dropout(0.2) dense(3)";
        TrainState local = fit(layers, optimizer, samples, 1, 20, 3); // 7 steps an epoch: rounds of 3, 3 and 1
        assertSame(local, fit(layers, optimizer, samples, 1, 20, 1));
    }

    /** Both are linear in the gradient, so the mean of the shards' steps is the step along the mean gradient. */
    @ParameterizedTest
    @ValueSource(strings = {"sgd", "momentum"})
    void roundsOfOneStepAreStepsOfTheWholeBatch(String optimizer) {
        List<Sample> samples = new ArrayList<>();
        for (Sample sample : Samples.clusters(90, 5)) {
            samples.add(sample.weighted(samples.size() % 4)); // some weigh nothing
        }
        for (int shards : new int[] {3, 40}) {
            TrainState local = fit("dense(4) tanh dense(3)", optimizer, samples, shards, 1000, 2);
            TrainState whole = fit("dense(4) tanh dense(3)", optimizer, samples, shards, 1000, 1);
            for (int i = 0; i < whole.parameters.length; i++) {
                assertThat((double) local.parameters[i]).isCloseTo(whole.parameters[i], within(2e-6));
            }
        }
    }

    @InOneJvm
    @ParameterizedTest
    @CsvSource({"4, average", "64, average", "4, nesterov(momentum=0.3)"})
    void theyLearnTheSame(int localSteps, String outer) {
        List<Sample> samples = Samples.clusters(600, 6);
        TrainState local = fit(
                "dense(8) relu dense(3)", "adam", samples, 4, 40, localSteps, Spec.parse(OuterOptimizer.class, outer));
        TrainState whole = fit("dense(8) relu dense(3)", "adam", samples, 4, 40, 1);
        assertThat(local.history().get(5).trainingLoss())
                .isCloseTo(whole.history().get(5).trainingLoss(), within(0.05));
    }

    @Test
    void whatTheyCannotServeIsRefused() {
        List<Sample> samples = Samples.clusters(30, 6);
        assertThatThrownBy(() -> fit("dense(3)", "lbfgs", samples, 2, 10, 4))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("lbfgs has no use for a number of local steps");
        assertThatThrownBy(() -> fit("dense(3)", "adam", samples, 2, 10, 1, new OuterOptimizer.Nesterov()))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("needs local steps");
        assertThatThrownBy(() -> fit("dense(3)", "adam", samples, 2, 10, 0)).isInstanceOf(InvalidInput.class);
    }

    @Test
    void lossesThatAreNoLongerNumbersEndTheRun() {
        List<Sample> samples = Samples.clusters(60, 6);
        assertThatThrownBy(() ->
                        fit("dense(8) relu dense(3)", "sgd", samples, 2, 10, 4, new OuterOptimizer.Nesterov(1e30, 0.9)))
                .isInstanceOf(DivergenceException.class);
    }
}
