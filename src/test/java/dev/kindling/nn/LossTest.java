package dev.kindling.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.Numeric;
import dev.kindling.linalg.Rows;
import dev.kindling.loss.Batch;
import dev.kindling.loss.Loss;
import dev.kindling.loss.ValueLoss;
import dev.kindling.spec.Spec;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code NetworkTest}, {@code GradientTest} and {@code NnGoldenTest} do not say of losses. */
@Numeric
class LossTest {
    private static final double[] NONE = {};

    // Links

    @ParameterizedTest
    @ValueSource(strings = {"multiclassHinge", "focal", "softmaxCrossEntropy(labelSmoothing=0.2)"})
    void lossesOfManyClassesLinkByTheSoftmax(String spec) {
        float[] logits = {1f, 2f, 3f, -1f, -1f, -1f};
        float[] expected = logits.clone();
        new Loss.SoftmaxCrossEntropy().link(2, 3, expected);
        Loss loss = Spec.parse(Loss.class, spec);
        loss.link(2, 3, logits);
        assertThat(logits).containsExactly(expected);
        assertThat(loss.outputs(3)).isEqualTo(3);
        assertThat(loss.fits(3, 3)).isTrue();
        assertThat(loss.fits(4, 3)).isTrue();
        assertThat(loss.fits(2, 3)).isFalse();
        assertThat(loss.fits(1, 1)).isFalse();
        assertThat(loss.isClassification()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"squaredError", "absoluteError", "huber", "quantile", "poisson"})
    void lossesOfValuesLinkByTheIdentityButPoissonByTheExponential(String spec) {
        float[] logits = {0f, 1f, -200f, 200f};
        Loss loss = Spec.parse(Loss.class, spec);
        loss.link(4, 1, logits);
        if (spec.equals("poisson")) {
            assertThat(logits).containsExactly(1f, (float) Math.E, 0f, Float.POSITIVE_INFINITY);
        } else {
            assertThat(logits).containsExactly(0f, 1f, -200f, 200f);
        }
        assertThat(loss.outputs(1)).isEqualTo(1);
        assertThat(loss.fits(1, 0)).isTrue();
        assertThat(loss.fits(3, 0)).as("of three targets").isTrue();
        assertThat(loss.fits(1, 2)).as("of classes").isFalse();
        assertThat(loss.isClassification()).isFalse();
    }

    @Test
    void squaredLogErrorLinksByTheExponentialLessOne() {
        float[] logits = {0f, 1f, 1e-20f, -200f, 200f};
        new ValueLoss.SquaredLogError().link(5, 1, logits);
        assertThat(logits).containsExactly(0f, (float) (Math.E - 1), 1e-20f, -1f, Float.POSITIVE_INFINITY);
        assertThat(new ValueLoss.SquaredLogError().outputs(3)).isEqualTo(3);
        assertThat(new ValueLoss.SquaredLogError().fits(1, 2)).as("of classes").isFalse();
    }

    // Targets

    @Test
    void onlyLogarithmsMindTheSignOfATarget() {
        for (String name : Spec.names(Loss.class)) {
            Loss loss = Spec.parse(Loss.class, name);
            assertThat(loss.targetProblem(0f)).as(name).isNull();
            assertThat(loss.targetProblem(2.5f)).as(name).isNull();
            assertThat(loss.targetProblem(-0.5f))
                    .as(name)
                    .isEqualTo(List.of("poisson", "squaredLogError").contains(name) ? "at least 0" : null);
        }
        assertThat(new ValueLoss.Poisson().targetProblem(Float.NaN)).isEqualTo("at least 0");
    }

    // Where derivatives are a choice

    @ParameterizedTest
    @CsvSource({
        "absoluteError, 2, 2, 0, 0",
        "quantile(tau=0.9), 2, 2, 0, 0",
        "huber(delta=2), 5, 3, 2, 2",
        "huber(delta=2), 1, 3, 2, -2",
    })
    void gradientAtAKinkIsAsStated(String spec, float logit, float target, double loss, float gradient) {
        float[] delta = new float[1];
        Batch batch = new Batch(Rows.dense(1, 1, new float[1], 0), new float[] {target}, 0, null, 0);
        assertThat(Spec.parse(Loss.class, spec).evaluate(batch, 1, new float[] {logit}, delta))
                .isEqualTo(loss);
        assertThat(delta[0]).isEqualTo(gradient);
    }

    @Test
    void aMarginJustReachedPullsNoMore() {
        float[] delta = new float[3];
        Batch batch = new Batch(Rows.dense(1, 1, new float[1], 0), new float[] {1}, 0, null, 0);
        assertThat(new Loss.MulticlassHinge().evaluate(batch, 3, new float[] {1, 2, 1.5f}, delta))
                .isEqualTo(0.5);
        assertThat(delta).containsExactly(0, -1, 1);
    }

    @Test
    void aLogitThatIsNotANumberMakesTheLossNotANumber() {
        for (String name : Spec.names(Loss.class)) {
            Loss loss = Spec.parse(Loss.class, name);
            int outputs = loss.fits(3, 3) ? 3 : 1;
            Batch batch = new Batch(Rows.dense(1, 1, new float[1], 0), new float[] {0}, 0, null, 0);
            float[] logits = new float[outputs];
            logits[outputs - 1] = Float.NaN;
            assertThat(loss.evaluate(batch, outputs, logits, new float[outputs]))
                    .as(name)
                    .isNaN();
        }
    }

    @Test
    void aMeanCountBeyondFloat32IsInfiniteAndNotCutOff() {
        float[] delta = new float[1];
        Batch batch = new Batch(Rows.dense(1, 1, new float[1], 0), new float[] {3}, 0, null, 0);
        assertThat(new ValueLoss.Poisson().evaluate(batch, 1, new float[] {1e4f}, delta))
                .isInfinite();
        assertThat(delta[0]).isInfinite();
    }

    @Test
    void focalOfGammaZeroIsTheCrossEntropy() {
        float[] logits = {3f, -1f, 0.5f, 40f, -60f, 0f};
        Batch batch = new Batch(Rows.dense(2, 1, new float[2], 0), new float[] {1, 0}, 0, new float[] {0.5f, 2f}, 0);
        float[] focal = new float[6];
        float[] plain = new float[6];
        double expected = new Loss.SoftmaxCrossEntropy().evaluate(batch, 3, logits, plain);
        assertThat(new Loss.Focal(0).evaluate(batch, 3, logits, focal)).isCloseTo(expected, within(1e-7));
        assertThat(focal).containsExactly(plain, within(1e-7f));
    }

    // The bias to begin with

    static Stream<Arguments> stationary() {
        float[] classes = {0, 0, 0, 1, 1, 2, 2, 2};
        float[] two = {0, 0, 0, 1, 1, 0, 0, 0};
        float[] counts = {0, 3, 2, 0, 7, 1, 1, 4};
        return Stream.of(
                Arguments.of("softmaxCrossEntropy", 3, classes),
                Arguments.of("softmaxCrossEntropy(labelSmoothing=0.2)", 3, classes),
                Arguments.of("softmaxCrossEntropy(labelSmoothing=0.2)", 3, two),
                Arguments.of("sigmoidCrossEntropy", 1, two),
                Arguments.of("squaredError", 1, counts),
                Arguments.of("poisson", 1, counts));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("stationary")
    void withZeroWeightsTheGradientOfTheFirstBiasIsZero(String spec, int outputs, float[] targets) {
        Loss loss = Spec.parse(Loss.class, spec);
        float[] weights = {1, 0.5f, 2, 1.5f, 1, 3, 0.25f, 1};
        int rows = targets.length;
        Batch batch = new Batch(Rows.dense(rows, 1, new float[rows], 0), targets, 0, weights, 0);
        double[] classWeights = new double[loss.isClassification() ? 3 : 0];
        double sum = 0;
        for (int row = 0; row < rows; row++) {
            if (loss.isClassification()) {
                classWeights[(int) targets[row]] += weights[row];
            }
            sum += weights[row] * targets[row];
        }
        float[] bias = loss.outputBias(outputs, rows, classWeights, new double[] {sum / batch.weight()});
        float[] logits = new float[rows * outputs];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = bias[i % outputs];
        }
        float[] delta = new float[logits.length];
        loss.evaluate(batch, outputs, logits, delta);
        boolean absent = outputs == 3 && classWeights[2] == 0;
        for (int j = 0; j < outputs; j++) {
            double gradient = 0;
            for (int row = 0; row < rows; row++) {
                gradient += delta[row * outputs + j];
            }
            // a class that is absent counts as half a row of the eight
            assertThat(gradient / batch.weight()).isCloseTo(0, within(absent ? 0.06 : 1e-6));
        }
    }

    @Test
    void firstBiasesAreThoseOfTheFormulas() {
        double[] weights = {6, 3, 0};
        // ten rows of weight 9: half of an average row is 0.45
        assertThat(new Loss.SoftmaxCrossEntropy().outputBias(3, 10, weights, new double[] {0}))
                .containsExactly(logs(6 / 9.45, 3 / 9.45, 0.45 / 9.45), within(1e-6f));
        assertThat(new Loss.Focal().outputBias(3, 10, weights, new double[] {0}))
                .containsExactly(logs(6 / 9.45, 3 / 9.45, 0.45 / 9.45), within(1e-6f));
        assertThat(new Loss.SoftmaxCrossEntropy(0.3).outputBias(3, 10, new double[] {6, 3, 1}, new double[] {0}))
                .containsExactly(logs(0.7 * 0.6 + 0.1, 0.7 * 0.3 + 0.1, 0.7 * 0.1 + 0.1), within(1e-6f));
        assertThat(new Loss.SigmoidCrossEntropy().outputBias(1, 10, new double[] {2, 6}, new double[] {0}))
                .containsExactly(logs(3), within(1e-6f));
        assertThat(new Loss.SigmoidCrossEntropy().outputBias(1, 10, new double[] {8}, new double[] {0}))
                .containsExactly(logs(0.4 / 8), within(1e-6f));
        assertThat(new Loss.MulticlassHinge().outputBias(3, 10, weights, new double[] {0}))
                .containsExactly(0, 0, 0);
        for (String name : new String[] {"squaredError", "absoluteError", "huber", "quantile"}) {
            assertThat(Spec.parse(Loss.class, name).outputBias(1, 10, NONE, new double[] {2.5}))
                    .as(name)
                    .containsExactly(2.5f);
        }
        assertThat(new ValueLoss.Poisson().outputBias(1, 10, NONE, new double[] {2.5}))
                .containsExactly(logs(2.5), within(1e-6f));
        assertThat(new ValueLoss.SquaredLogError().outputBias(1, 10, NONE, new double[] {2.5}))
                .containsExactly(logs(3.5), within(1e-6f));
        assertThat(new ValueLoss.Poisson().outputBias(1, 10, NONE, new double[] {0}))
                .containsExactly(0);
    }

    @Test
    void withoutRowsAllClassesAreAlike() {
        assertThat(new Loss.SoftmaxCrossEntropy().outputBias(4, 0, new double[4], new double[] {0}))
                .containsExactly(logs(0.25, 0.25, 0.25, 0.25), within(1e-6f));
        assertThat(new Loss.SigmoidCrossEntropy().outputBias(1, 0, NONE, new double[] {0}))
                .containsExactly(0);
    }

    private static float[] logs(double... values) {
        float[] logs = new float[values.length];
        for (int i = 0; i < logs.length; i++) {
            logs[i] = (float) Math.log(values[i]);
        }
        return logs;
    }
}
