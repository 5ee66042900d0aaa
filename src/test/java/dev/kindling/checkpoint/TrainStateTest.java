package dev.kindling.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.optim.FirstOrder;
import dev.kindling.optim.OuterOptimizer;
import org.junit.jupiter.api.Test;

class TrainStateTest {
    private static TrainState averaging(float... parameters) {
        return new TrainState(new FirstOrder.Sgd(), new OuterOptimizer.Average(), parameters, true);
    }

    @Test
    void theAverageMovesItsShareOfTheWay() {
        TrainState state = averaging(8f, -4f);
        state.parameters[0] = 0f;
        state.parameters[1] = 4f;
        state.average(0.75);
        assertThat(state.current()).containsExactly(6f, -2f);
    }

    @Test
    void theAverageOfWhatStaysTheSameIsItToTheBit() {
        float[] parameters = {0.1f, -3.3e7f, 1e-12f};
        TrainState state = averaging(parameters.clone());
        for (int step = 0; step < 10_000; step++) {
            state.average(0.99999);
        }
        assertThat(state.current()).isEqualTo(parameters);
    }
}
