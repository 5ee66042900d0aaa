package dev.kindling.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.linalg.Rows;
import dev.kindling.loss.Batch;
import dev.kindling.loss.Loss;
import dev.kindling.loss.ValueLoss;
import dev.kindling.nn.Dense;
import dev.kindling.nn.Layer;
import dev.kindling.nn.Network;
import dev.kindling.spec.Spec;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Networks small enough to say by hand what their layers do. */
class LayerProbeTest {
    private static final Loss LOSS = new ValueLoss.SquaredError();

    /** Two rows of one feature, -1 and 3, and targets of 0. */
    private static List<LayerState> look(String hidden, float... parameters) {
        List<Layer> layers = new ArrayList<>(Spec.parseAll(Layer.class, hidden));
        layers.add(new Dense(1));
        Batch rows = new Batch(Rows.dense(2, 1, new float[] {-1, 3}, 0), new float[2], 0, null, 0);
        return new LayerProbe(Network.of(1, layers), LOSS, "java", rows).look(parameters);
    }

    @Test
    void aUnitThatIsOffForEveryRowIsDeadAndOneThatIsOffForSomeIsNot() {
        // units: x, -100 always off
        List<LayerState> states = look("dense(2) relu", 1, 0, 0, -100, /* out */ 1, 1, 0);
        LayerState relu = states.get(1);
        assertThat(relu.name()).isEqualTo("relu1");
        assertThat(relu.dead()).isEqualTo(0.5);
        assertThat(relu.saturated()).isEqualTo(0.75);
        assertThat(states.get(0).dead()).isNaN();
        assertThat(states.get(2).saturated()).isNaN();
    }

    @Test
    void aSigmoidFarFromZeroIsSaturated() {
        LayerState near = look("dense(1) sigmoid", 1, 0, 1, 0).get(1);
        assertThat(near.saturated()).isZero(); // slopes at -1 and 3 are 0.79 and 0.18 of the one at 0
        LayerState far = look("dense(1) sigmoid", 10, 0, 1, 0).get(1);
        assertThat(far.saturated()).isEqualTo(1);
        assertThat(far.dead()).as("slope at -10 is 1.8e-4 of the steepest").isEqualTo(1);
    }

    @Test
    void outputsAndGradientsAreThoseOfTheChainRule() {
        List<LayerState> states = look("dense(1) identity", 2, 1, 3, 0);
        LayerState dense = states.get(0); // 2x + 1: -1 and 7
        assertThat(dense.mean()).isEqualTo(3);
        assertThat(dense.deviation()).isEqualTo(4);
        // predictions -3 and 21; the gradient of (y - t)²/2 is y
        LayerState out = states.get(2);
        double scale = out.gradientSize() / Math.sqrt((9 + 441) / 2.0);
        assertThat(scale).as("squared error with or without its half").isIn(1.0, 2.0);
        assertThat(dense.gradientSize()).isCloseTo(3 * out.gradientSize(), within(1e-5));
    }
}
