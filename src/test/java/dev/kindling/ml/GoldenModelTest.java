package dev.kindling.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.LocalSpark;
import java.util.Arrays;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Models that version 1 of the format saved, with Spark 3.5.7, are read for good, by each Spark. */
class GoldenModelTest {
    private static final String FOLDER = "src/test/resources/golden/";
    private static final Vector ROW = Vectors.dense(0.5, -1, 2, 0.25);

    @BeforeAll
    static void startSpark() {
        LocalSpark.session();
    }

    @Test
    void aClassifier() {
        MlpClassificationModel model = MlpClassificationModel.load(FOLDER + "classifier-1");
        assertThat(Arrays.hashCode(model.parameters())).isEqualTo(1883827949);
        assertThat(model.network()).isEqualTo("4 inputs: standardize dense(5) batchNorm prelu dropout(0.1) dense(3)");
        assertThat(model.predictProbability(ROW).toArray())
                .containsExactly(
                        new double[] {0.27853503823280334, 0.2880924940109253, 0.43337246775627136}, within(1e-6));
        assertThat(model.getOptimizer()).startsWith("nadam(");
        assertThat(model.getThresholds()).containsExactly(0.4, 0.5, 0.6);
        assertThat(model.getMaxIter()).isEqualTo(3);
    }

    @Test
    void aRegressor() {
        MlpRegressionModel model = MlpRegressionModel.load(FOLDER + "regressor-1");
        assertThat(Arrays.hashCode(model.parameters())).isEqualTo(1324887068);
        assertThat(model.network()).isEqualTo("4 inputs: dense(6) gelu dense(1)");
        assertThat(model.predict(ROW)).isCloseTo(0.15624535083770752, within(1e-6));
    }
}
