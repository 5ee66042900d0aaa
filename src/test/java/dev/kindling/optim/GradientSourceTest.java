package dev.kindling.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.Numeric;
import dev.kindling.linalg.Gemm;
import dev.kindling.linalg.RandomKey;
import dev.kindling.linalg.Rows;
import dev.kindling.loss.Batch;
import dev.kindling.loss.Loss;
import dev.kindling.nn.Block;
import dev.kindling.nn.Layer;
import dev.kindling.nn.Network;
import dev.kindling.spec.Spec;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** EpochStrategyTest trains by central differences. */
@Numeric
final class GradientSourceTest {
    private static final int ROWS = 4;
    private static final int INPUTS = 3;
    private static final float[] X = {1, -2, 0.5f, 0, 1, 3, -1, 0.25f, 2, 0.5f, 0.5f, -1};
    private static final float[] TARGETS = {1, -0.5f, 2, 0};
    private static final float[] WEIGHTS = {1, 2, 0, 3};

    /** The gradient, added to ones. */
    private static float[] gradient(GradientSource source, Network network, float[] parameters) {
        float[] gradient = new float[parameters.length];
        Arrays.fill(gradient, 1);
        Batch batch = new Batch(Rows.dense(ROWS, INPUTS, X, 0), TARGETS, 0, WEIGHTS, 0);
        Loss loss = Spec.parse(Loss.class, "squaredError");
        source.accumulate(
                network,
                parameters,
                batch,
                loss,
                RandomKey.of(0),
                network.workspace(Gemm.named("java"), ROWS),
                gradient);
        return gradient;
    }

    /** Of a linear network the loss is a parabola of each parameter, whose differences are exact however wide. */
    @ParameterizedTest
    @ValueSource(doubles = {0x1p-8, 0.5, 4})
    void differencesOfAParabolaAreItsSlope(double step) {
        Network network = Network.of(INPUTS, Spec.parseAll(Layer.class, "dense(1)"));
        float[] parameters = {0.5f, -1, 2, 0.25f}; // weights, bias
        double[] expected = {1, 1, 1, 1};
        for (int row = 0; row < ROWS; row++) {
            double error = parameters[INPUTS] - TARGETS[row];
            for (int j = 0; j < INPUTS; j++) {
                error += parameters[j] * X[row * INPUTS + j];
            }
            for (int j = 0; j < INPUTS; j++) {
                expected[j] += WEIGHTS[row] * 2 * error * X[row * INPUTS + j];
            }
            expected[INPUTS] += WEIGHTS[row] * 2 * error;
        }
        float[] found = gradient(new GradientSource.CentralDifferences(step), network, parameters);
        for (int i = 0; i < found.length; i++) {
            assertThat((double) found[i]).as("parameter " + i).isCloseTo(expected[i], within(1e-4));
        }
        assertThat(parameters).containsExactly(0.5f, -1, 2, 0.25f);
    }

    @Test
    void statisticsAreThoseOfAPassAndTheRestIsNearBackpropagation() {
        Network network = Network.of(INPUTS, Spec.parseAll(Layer.class, "batchNorm tanh dense(1)"));
        float[] parameters = network.initialize(RandomKey.of(3));
        float[] exact = gradient(new GradientSource.Backpropagation(), network, parameters);
        float[] found = gradient(new GradientSource.CentralDifferences(), network, parameters);
        for (Block block : network.layout()) {
            for (int i = block.offset(); i < block.offset() + block.size(); i++) {
                boolean counted = block.role() == Block.Role.STATISTIC;
                assertThat(found[i]).as(block.name()).isCloseTo(exact[i], within(counted ? 0f : 0.01f));
            }
        }
    }
}
