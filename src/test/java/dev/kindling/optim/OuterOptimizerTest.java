package dev.kindling.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.Numeric;
import dev.kindling.nn.BatchNorm;
import dev.kindling.nn.Block;
import dev.kindling.nn.Dense;
import dev.kindling.nn.Network;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

@Numeric
class OuterOptimizerTest {
    private static final float[][] CHANGES = {{0.5f, 1f}, {-0.25f, 0.125f}, {0f, 2f}};

    /** Of torch.optim.SGD(lr=0.7, momentum=0.9, nesterov=True) with the changes' negatives as gradients. */
    private static final double[][] TORCH = {
        {1.6649999618530273, -0.6700000166893005},
        {1.6159999370574951, 0.06324990093708038},
        {1.7293999195098877, 3.30442476272583}
    };

    private static final List<Block> TWO =
            List.copyOf(Network.of(1, List.of(new Dense(1))).layout());

    @Test
    void nesterovIsTorchs() {
        OuterOptimizer nesterov = new OuterOptimizer.Nesterov(0.7, 0.9);
        float[] parameters = {1f, -2f};
        float[] velocity = new float[2];
        for (int round = 0; round < 3; round++) {
            nesterov.apply(TWO, parameters, CHANGES[round].clone(), velocity);
            for (int i = 0; i < 2; i++) {
                assertThat((double) parameters[i]).isCloseTo(TORCH[round][i], within(1e-6));
            }
        }
    }

    @Test
    void theAverageIsWhereTheShardsCameTo() {
        float[] parameters = {1f, -2f};
        new OuterOptimizer.Average().apply(TWO, parameters, CHANGES[0].clone(), new float[0]);
        assertThat(parameters).containsExactly(1.5f, -1f);
    }

    @Test
    void statisticsTakeTheMean() {
        List<Block> layout =
                Network.of(2, List.of(new BatchNorm(), new Dense(1))).layout();
        int length = layout.stream().mapToInt(Block::size).sum();
        float[] parameters = new float[length];
        float[] change = new float[length];
        Arrays.fill(change, 1f);
        new OuterOptimizer.Nesterov(0.5, 0).apply(layout, parameters, change, new float[length]);
        for (Block block : layout) {
            float expected = block.role() == Block.Role.STATISTIC ? 1f : 0.5f;
            for (int i = block.offset(); i < block.offset() + block.size(); i++) {
                assertThat(parameters[i]).as(block.name()).isEqualTo(expected);
            }
        }
    }
}
