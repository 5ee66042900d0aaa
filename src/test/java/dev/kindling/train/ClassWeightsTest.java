package dev.kindling.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.Numeric;
import org.junit.jupiter.api.Test;

@Numeric
final class ClassWeightsTest {
    /** {@code compute_class_weight("balanced", …)} of scikit-learn for 1, 3 and 4 rows, and for 1 and 4; a class without rows has 1. */
    @Test
    void balancedFactorsAreThoseOfScikitLearn() {
        ClassWeights balanced = new ClassWeights.Balanced();
        assertThat(balanced.of(new double[] {1, 3, 4}))
                .containsExactly(new float[] {2.6666667f, 0.8888889f, 0.6666667f}, within(1e-6f));
        assertThat(balanced.of(new double[] {1, 0, 4})).containsExactly(new float[] {2.5f, 1, 0.625f}, within(1e-6f));
    }
}
