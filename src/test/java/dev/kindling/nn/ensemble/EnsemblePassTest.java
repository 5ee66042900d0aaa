package dev.kindling.nn.ensemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.linalg.Gemm;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.RandomKey;
import dev.kindling.linalg.Rows;
import dev.kindling.linalg.SplitMix64;
import dev.kindling.loss.Loss;
import dev.kindling.loss.ValueLoss;
import dev.kindling.nn.Layer;
import dev.kindling.nn.Network;
import dev.kindling.nn.Workspace;
import dev.kindling.spec.Spec;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class EnsemblePassTest {
    private static final int ROWS = 7;
    private static final int MEMBERS = 3;
    private static final Network NETWORK = Network.of(4, Spec.parseAll(Layer.class, "dense(5) tanh dense(3)"));
    private static final Rows FEATURES = features();

    private static Rows features() {
        SplitMix64 random = new SplitMix64(1);
        float[] values = new float[ROWS * 4];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Rows.dense(ROWS, 4, values, 0);
    }

    private static float[] member(int k) {
        return NETWORK.initialize(RandomKey.of(k));
    }

    private static float[] all() {
        float[] all = new float[MEMBERS * NETWORK.parameterCount()];
        for (int k = 0; k < MEMBERS; k++) {
            System.arraycopy(member(k), 0, all, k * NETWORK.parameterCount(), NETWORK.parameterCount());
        }
        return all;
    }

    /** More room than rows, as the last block of a partition has. */
    private static EnsemblePass pass(Ensemble ensemble, float[] parameters) {
        return ensemble.pass(Gemm.named("java"), parameters, ROWS + 2);
    }

    @Test
    void theLogitsAreThoseOfTheMeanProbabilities() {
        Loss loss = new Loss.SoftmaxCrossEntropy();
        double[] means = new double[ROWS * 3];
        for (int k = 0; k < MEMBERS; k++) {
            Workspace workspace = NETWORK.workspace(Gemm.named("java"), ROWS);
            float[] own = NETWORK.forward(member(k), FEATURES, workspace).clone();
            loss.link(ROWS, 3, own);
            for (int i = 0; i < means.length; i++) {
                means[i] += own[i] / MEMBERS;
            }
        }
        float[] found = pass(new Ensemble(NETWORK, loss, MEMBERS, 1), all()).forward(FEATURES);
        float[] halved = pass(new Ensemble(NETWORK, loss, MEMBERS, 2), all()).forward(FEATURES);
        for (int i = 0; i < means.length; i++) {
            assertThat(halved[i]).isEqualTo(found[i] / 2);
            assertThat(Math.exp(found[i])).isCloseTo(means[i], within(1e-6));
        }
    }

    @Test
    void oneMemberIsThePlainNetworkToTheBit() {
        Ensemble one = Ensemble.of(NETWORK, new Loss.SoftmaxCrossEntropy());
        float[] plain = NETWORK.forward(member(0), FEATURES, NETWORK.workspace(Gemm.named("java"), ROWS));
        assertThat(Arrays.copyOf(pass(one, member(0)).forward(FEATURES), ROWS * 3))
                .isEqualTo(plain);
    }

    @Test
    void layersThatAreLookedAtAreTheFirstMembers() {
        Workspace workspace = NETWORK.workspace(Gemm.named("java"), ROWS);
        NETWORK.forward(member(0), FEATURES, workspace);
        EnsemblePass pass = pass(new Ensemble(NETWORK, new Loss.SoftmaxCrossEntropy(), MEMBERS, 1), all());
        pass.forward(FEATURES);
        assertThat(Arrays.copyOf(pass.output(1), ROWS * 5)).isEqualTo(workspace.output(1));
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThatThrownBy(() -> new Ensemble(NETWORK, new Loss.SoftmaxCrossEntropy(), 0, 1))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("the number of members must be positive");
        assertThatThrownBy(() -> new Ensemble(NETWORK, new Loss.SoftmaxCrossEntropy(), 100_000_000, 1))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("must fit in one array");
        assertThatThrownBy(() -> new Ensemble(NETWORK, new ValueLoss.SquaredError(), 1, 2))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("targets are values");
    }
}
