package dev.kindling.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.linalg.Gemm;
import dev.kindling.linalg.InvalidInput;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

final class ProviderTest {
    private static SparkConf forced(String name) {
        return new SparkConf(false).set(Provider.PROPERTY, name);
    }

    @Test
    void withoutAWishTheFirstThatTheJvmHasIsChosen() {
        assertThat(Provider.choose(new SparkConf(false)))
                .isEqualTo(Gemm.available().get(0));
    }

    @Test
    void thePropertyForcesAProvider() {
        for (String name : Gemm.available()) {
            assertThat(Provider.choose(forced(name))).isEqualTo(name);
            assertThat(Provider.follow(name).name()).isEqualTo(name);
        }
    }

    @Test
    void anUnknownProviderIsRefusedWithTheList() {
        assertThatThrownBy(() -> Provider.choose(forced("openblass")))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("openblas, vector, java");
    }

    @Test
    void aTaskWhoseJvmLacksTheChosenProviderFollowsWithTheFirstItHas() {
        assertThat(Provider.follow("cuda").name()).isEqualTo(Gemm.best().name());
    }
}
