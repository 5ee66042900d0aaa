package dev.kindling.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.Numeric;
import dev.kindling.linalg.Gemm;
import dev.kindling.linalg.RandomKey;
import dev.kindling.linalg.SplitMix64;
import dev.kindling.spec.Spec;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What first weights do to signals on their way through many layers, and back. */
@Numeric
class InitializerTest {
    private static final int DEPTH = 10;
    private static final int WIDTH = 256;
    private static final int ROWS = 200;

    /** The factors by which the standard deviation changes from the first layer to the last, and from the last back. */
    private record Change(double forward, double backward) {}

    @BeforeAll
    static void printHead() {
        System.out.printf(
                "InitializerTest, standard deviations after %d layers of %d:%n%-14s %-14s %10s %10s%n",
                DEPTH, WIDTH, "activation", "initializer", "forward", "backward");
    }

    /** Of the values before each activation, and of the gradients with respect to them. */
    private static Change change(String activationText, String initializerText) {
        Activation activation = Spec.parse(Activation.class, activationText);
        Initializer initializer = Spec.parse(Initializer.class, initializerText);
        SplitMix64 random = RandomKey.of(12).generator();
        Gemm gemm = Gemm.best();
        int n = ROWS * WIDTH;
        float[][] weights = new float[DEPTH][WIDTH * WIDTH];
        float[][] in = new float[DEPTH][n]; // of the activation
        float[][] out = new float[DEPTH][n];
        float[] values = normal(n, random);
        for (int i = 0; i < DEPTH; i++) {
            initializer.fill(WIDTH, WIDTH, activation, random, weights[i], 0);
            gemm.multiply(ROWS, WIDTH, WIDTH, values, 0, weights[i], 0, 0f, in[i], 0);
            activation.apply(n, in[i], out[i]);
            values = out[i];
        }
        float[] delta = normal(n, random);
        activation.chain(n, in[DEPTH - 1], out[DEPTH - 1], delta);
        double last = deviation(delta);
        for (int i = DEPTH - 1; i > 0; i--) {
            float[] below = new float[n];
            gemm.multiplyTransB(ROWS, WIDTH, WIDTH, delta, 0, weights[i], 0, 0f, below, 0);
            activation.chain(n, in[i - 1], out[i - 1], below);
            delta = below;
        }
        Change change = new Change(deviation(in[DEPTH - 1]) / deviation(in[0]), deviation(delta) / last);
        System.out.printf(
                "%-14s %-14s %10.3g %10.3g%n", activationText, initializerText, change.forward, change.backward);
        return change;
    }

    private static float[] normal(int n, SplitMix64 random) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static double deviation(float[] values) {
        double sum = 0;
        double squares = 0;
        for (float value : values) {
            sum += value;
            squares += (double) value * value;
        }
        double mean = sum / values.length;
        return Math.sqrt(squares / values.length - mean * mean);
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "identity,       auto,       2",
        "relu,           auto,       2",
        "leakyRelu(0.2), auto,       2",
        "elu,            auto,       2",
        "elu(0.5),       auto,       2",
        "selu,           auto,       2",
        "gelu,           auto,       2",
        "geluTanh,       auto,       2",
        "mish,           auto,       2",
        "identity,       orthogonal, 2",
        "relu,           orthogonal, 2",
        "gelu,           orthogonal, 2",
        // what is a little above unit variance grows: no gain holds it still
        "silu,           auto,       3",
        // Glorot's gain is that of the straight part around 0, and what leaves it shrinks
        "tanh,           auto,       5",
        "tanh,           orthogonal, 5",
    })
    void matchedWeightsKeepTheDeviationOfSignalsAndGradients(String activation, String initializer, double factor) {
        Change change = change(activation, initializer);
        assertThat(change.forward).isBetween(1 / factor, factor);
        assertThat(change.backward).isBetween(1 / factor, factor);
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({"sigmoid, auto", "hardSigmoid, auto", "softplus, auto"})
    void activationsWithAMeanKeepSignalsButLoseGradients(String activation, String initializer) {
        Change change = change(activation, initializer);
        assertThat(change.forward).isBetween(0.5, 2.0);
        assertThat(change.backward).isLessThan(0.1);
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "tanh,    normal(0.01)",
        "tanh,    uniform",
        "sigmoid, normal(0.01)",
        "relu,    uniform",
        "relu,    lecunNormal",
        "gelu,    lecunNormal",
        "selu,    uniform",
        "relu,    normal(0.3)",
        "selu,    normal(0.3)",
        "tanh,    normal(1)",
    })
    void mismatchedWeightsLetThemFadeOrExplode(String activation, String initializer) {
        Change change = change(activation, initializer);
        assertThat(change.backward)
                .satisfiesAnyOf(factor -> assertThat(factor).isLessThan(0.1), factor -> assertThat(factor)
                        .isGreaterThan(10));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "relu, values",
        "leakyRelu(0.2), values",
        "elu, values",
        "elu(0.3), values",
        "selu, values",
        "softplus, values",
        "silu, derivatives",
        "gelu, derivatives",
        "geluTanh, derivatives",
        "mish, derivatives",
    })
    void gainsAreThoseOfAStandardNormalInput(String spec, String of) {
        Activation activation = Spec.parse(Activation.class, spec);
        int n = 24_001; // the trapezoidal rule on [-12, 12]
        float[] in = new float[n];
        float[] out = new float[n];
        float[] derivatives = new float[n];
        for (int i = 0; i < n; i++) {
            in[i] = -12 + i * 1e-3f;
        }
        activation.apply(n, in, out);
        Arrays.fill(derivatives, 1);
        activation.chain(n, in, out, derivatives);
        double squares = 0;
        for (int i = 0; i < n; i++) {
            float value = of.equals("values") ? out[i] : derivatives[i];
            squares += 1e-3 * value * value * Math.exp(-0.5 * in[i] * in[i]) / Math.sqrt(2 * Math.PI);
        }
        assertThat(activation.gain()).isCloseTo(1 / Math.sqrt(squares), within(1e-5));
    }

    @ParameterizedTest
    @CsvSource({"5, 5", "7, 3", "3, 7", "1, 4", "64, 200", "200, 64"})
    void orthogonalWeightsHaveOrthogonalRowsOrColumnsOfLengthGain(int inputs, int outputs) {
        float[] weights = new float[3 + inputs * outputs];
        Activation relu = new Activation.Relu();
        new Initializer.Orthogonal().fill(inputs, outputs, relu, RandomKey.of(4).generator(), weights, 3);
        boolean rows = inputs <= outputs;
        int vectors = Math.min(inputs, outputs);
        for (int v = 0; v < vectors; v++) {
            for (int w = 0; w <= v; w++) {
                double dot = 0;
                for (int i = 0; i < Math.max(inputs, outputs); i++) {
                    dot += rows
                            ? (double) weights[3 + v * outputs + i] * weights[3 + w * outputs + i]
                            : (double) weights[3 + i * outputs + v] * weights[3 + i * outputs + w];
                }
                assertThat(dot).isCloseTo(v == w ? 2 : 0, within(1e-6));
            }
        }
        assertThat(Arrays.copyOf(weights, 3)).containsExactly(0, 0, 0);
    }

    @Test
    void orthogonalWeightsAreTheSameBitsEachTime() {
        float[] first = new float[600];
        float[] second = new float[600];
        Activation identity = new Activation.Identity();
        new Initializer.Orthogonal().fill(20, 30, identity, RandomKey.of(4).generator(), first, 0);
        new Initializer.Orthogonal().fill(20, 30, identity, RandomKey.of(4).generator(), second, 0);
        assertThat(second).containsExactly(first);
        assertThat(Arrays.hashCode(first)).isEqualTo(534122276); // golden
    }

    @Test
    void aConstantIsEverywhere() {
        float[] weights = new float[8];
        new Initializer.Constant(0.25)
                .fill(2, 3, new Activation.Relu(), RandomKey.of(1).generator(), weights, 1);
        assertThat(weights).containsExactly(0, 0.25f, 0.25f, 0.25f, 0.25f, 0.25f, 0.25f, 0);
    }
}
