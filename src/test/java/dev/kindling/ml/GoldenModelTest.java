package dev.kindling.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.LocalSpark;
import dev.kindling.linalg.InvalidInput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Models that version 1 of the format saved are read for good, by each Spark: those of Spark 3.5.7, and those of Spark 4.1.0
 * and the pipelines, which {@link GoldenModels} wrote.
 */
@Tag("end-to-end")
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

    @Test
    void aClassifierOfSpark4() {
        MlpClassificationModel model = MlpClassificationModel.load(FOLDER + "classifier-1-spark-4.1");
        assertThat(Arrays.hashCode(model.parameters())).isEqualTo(1124771708);
        assertThat(model.network()).isEqualTo("4 inputs: standardize dense(5) layerNorm silu dropout(0.1) dense(3)");
        assertThat(model.predictProbability(ROW).toArray())
                .containsExactly(
                        new double[] {0.01278935931622982, 0.022436676546931267, 0.964773952960968}, within(1e-6));
        assertThat(model.getOptimizer()).startsWith("lion(");
        assertThat(model.getThresholds()).containsExactly(0.4, 0.5, 0.6);
    }

    @Test
    void aRegressorOfSpark4() {
        MlpRegressionModel model = MlpRegressionModel.load(FOLDER + "regressor-1-spark-4.1");
        assertThat(Arrays.hashCode(model.parameters())).isEqualTo(140264655);
        assertThat(model.network()).isEqualTo("4 inputs: dense(6) mish dense(1)");
        assertThat(model.predict(ROW)).isCloseTo(0.35309872031211853, within(1e-6));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pipeline-1-spark-3.5", "pipeline-1-spark-4.1"})
    void aPipeline(String name) {
        PipelineModel model = PipelineModel.load(FOLDER + name);
        Row scored =
                model.transform(Flowers.clusters(120, 3, 1).filter("id = 7")).first();
        assertThat(((Vector) scored.getAs("probability")).toArray())
                .containsExactly(
                        new double[] {
                            0.0760037750005722, 0.8902246356010437, 0.033349137753248215, 4.2247187229804695e-4
                        },
                        within(1e-6));
        assertThat((String) scored.getAs("guess")).isEqualTo("kind 1");
    }

    /** Rows as training had them, rows of texts alone, and values that are missing or that training did not know. */
    private static List<double[]> ofTable(PipelineModel model) {
        Dataset<Row> known = GoldenModels.table().limit(20);
        Dataset<Row> texts = known.selectExpr(Arrays.stream(known.columns())
                .map(column -> column.equals("sizes") ? column : "string(" + column + ") as " + column)
                .toArray(String[]::new));
        Dataset<Row> odd = LocalSpark.session()
                .sql("select double(null) as size, decimal(1e3) as price, 'pink' as colour, '-$7' as paid,"
                        + " timestamp'2031-02-03 04:05:06 Asia/Tokyo' as at, boolean(null) as member, 77L as grade,"
                        + " array(2f, float(null)) as sizes, 'a' as kind");
        return Stream.of(known, texts, odd)
                .flatMap(rows -> model.transform(rows).select("probability").collectAsList().stream())
                .map(row -> ((Vector) row.get(0)).toArray())
                .toList();
    }

    @Test
    void aTablesModelIsReadByTheOtherSparkWithTheSamePredictionsOfRawRows() {
        List<double[]> scored = ofTable(PipelineModel.load(FOLDER + "table-1-spark-3.5"));
        List<double[]> other = ofTable(PipelineModel.load(FOLDER + "table-1-spark-4.1"));
        assertThat(scored).hasSize(41);
        for (int i = 0; i < scored.size(); i++) {
            assertThat(other.get(i)).as("row %d", i).containsExactly(scored.get(i), within(1e-9));
        }
        assertThat(scored.subList(20, 40)).usingRecursiveComparison().isEqualTo(scored.subList(0, 20));
        assertThat(scored.get(3)).containsExactly(new double[] {0.5371531248092651, 0.46284687519073486}, within(1e-6));
        assertThat(scored.get(40)).containsExactly(new double[] {0.8846784234046936, 0.1153215691447258}, within(1e-6));
    }

    @Test
    void eachClassReadsItsOwnAndNamesTheOther() {
        String regressor = FOLDER + "regressor-1-spark-4.1";
        assertThatThrownBy(() -> MlpClassificationModel.load(regressor))
                .isInstanceOf(InvalidInput.class)
                .hasMessage(regressor + " must hold a dev.kindling.ml.MlpClassificationModel, but holds a"
                        + " dev.kindling.ml.MlpRegressionModel; load it with that class");
        String classifier = FOLDER + "classifier-1-spark-4.1";
        assertThatThrownBy(() -> MlpRegressionModel.load(classifier))
                .isInstanceOf(InvalidInput.class)
                .hasMessage(classifier + " must hold a dev.kindling.ml.MlpRegressionModel, but holds a"
                        + " dev.kindling.ml.MlpClassificationModel; load it with that class");
    }

    @Test
    void noneIsWrittenOverUnasked(@TempDir Path folder) throws IOException {
        String path = folder.resolve("model").toString();
        MlpRegressionModel first = MlpRegressionModel.load(FOLDER + "regressor-1");
        MlpRegressionModel second = MlpRegressionModel.load(FOLDER + "regressor-1-spark-4.1");
        first.save(path);
        assertThatThrownBy(() -> second.save(path)) // Spark's own sentence
                .isInstanceOf(IOException.class)
                .hasMessageContaining("already exists")
                .hasMessageContaining("overwrite()");
        assertThat(MlpRegressionModel.load(path).parameters()).isEqualTo(first.parameters());
        second.write().overwrite().save(path);
        assertThat(MlpRegressionModel.load(path).parameters()).isEqualTo(second.parameters());
    }
}
