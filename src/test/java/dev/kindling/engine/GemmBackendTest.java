package dev.kindling.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.linalg.Gemm;
import dev.kindling.linalg.InvalidInput;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

final class GemmBackendTest {
    private static SparkConf forced(String name) {
        return new SparkConf(false).set(GemmBackend.PROPERTY, name);
    }

    @Test
    void withoutAWishTheFirstThatTheJvmHasIsChosen() {
        assertThat(GemmBackend.choose(new SparkConf(false)))
                .isEqualTo(Gemm.available().get(0));
    }

    @Test
    void thePropertyForcesABackend() {
        for (String name : Gemm.available()) {
            assertThat(GemmBackend.choose(forced(name))).isEqualTo(name);
            assertThat(GemmBackend.follow(name).name()).isEqualTo(name);
        }
    }

    @Test
    void anUnknownBackendIsRefusedWithTheList() {
        assertThatThrownBy(() -> GemmBackend.choose(forced("openblass")))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("openblas, vector, java");
    }

    @Test
    void aTaskWhoseJvmLacksTheChosenBackendFollowsWithTheFirstItHas() {
        assertThat(GemmBackend.follow("cuda").name()).isEqualTo(Gemm.best().name());
    }

    @Test
    void variablesThatOverruleOpenBlasAreNamedWithTheirValues() {
        assertThat(GemmBackend.overrules(Map.of("OPENBLAS_NUM_THREADS", "4"))).isEmpty();
        assertThat(GemmBackend.overrules(Map.of("OPENBLAS_CORETYPE", "Haswell", "OPENBLAS_L2_SIZE", "512")))
                .hasValueSatisfying(warning -> assertThat(warning)
                        .startsWith("the environment sets OPENBLAS_CORETYPE=Haswell and OPENBLAS_L2_SIZE=512,"));
    }

    @Test
    void onlyAMuchFasterBackendIsWorthAWord() {
        assertThat(GemmBackend.advice("openblas", 70, "vector", 90)).isEmpty();
        assertThat(GemmBackend.advice("openblas", 30, "vector", 70))
                .hasValue("openblas products run at 30 GFLOP/s a thread here, but vector would at 70: set"
                        + " spark.kindling.gemm=vector to force them");
    }

    @Test
    void whoIsLeftWithTheSlowestLearnsWhyAndWhatToDo() {
        assertThat(GemmBackend.slowest("java", "no class", "no module"))
                .startsWith(
                        "java products run at some 40 % of the speed that openblas has, which comes with the job jar")
                .contains("for Linux (here: no class)", "spark.executor.defaultJavaOptions")
                .endsWith("(here: no module)");
    }

    @Test
    void theSpeedIsMeasuredOnceAndSaidWithTheName() {
        for (String name : Gemm.available()) {
            String said = GemmBackend.describe(name);
            assertThat(said).matches(name + " products, [0-9]+ GFLOP/s a thread");
            assertThat(GemmBackend.describe(name)).isEqualTo(said);
        }
    }
}
