package dev.kindling.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.kindling.InOneJvm;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.ml.params.Output;
import dev.kindling.spec.Spec;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.linalg.Matrix;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rows of {@code transform} tell what the model's methods tell, whatever its param {@code output}. */
@InOneJvm
final class ModelRowsTest {
    /** Reads NaN too, as Python does. */
    private static final ObjectMapper NUMBERS = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private static Dataset<Row> rows;
    private static MlpClassificationModel classifier;
    private static MlpRegressionModel regressor;

    @BeforeAll
    static void train() {
        rows = Flowers.clusters(90, 3, 1).cache();
        classifier = new MlpClassifier()
                .setHiddenLayers(4)
                .setMaxIter(2)
                .setMembers(2)
                .fit(rows);
        regressor = new MlpRegressor()
                .setHiddenLayers(4)
                .setMaxIter(2)
                .setMembers(1)
                .fit(rows);
    }

    private static Dataset<Row> told(MlpClassificationModel model, String output) {
        return model.copy(new ParamMap()).setOutput(output).transform(rows);
    }

    private static JsonNode json(Dataset<Row> told) throws Exception {
        return NUMBERS.readTree(told.first().getString(0));
    }

    static List<String> outputs() {
        return Spec.names(Output.class);
    }

    @ParameterizedTest
    @MethodSource("outputs")
    void theSchemaIsThatOfTheRows(String output) {
        Transformer ofClasses = classifier.copy(new ParamMap()).setOutput(output);
        assertThat(ofClasses.transform(rows).schema().fields())
                .containsExactlyInAnyOrder(
                        ofClasses.transformSchema(rows.schema()).fields()); // Spark has its own order of predictions
        Transformer ofValues = regressor.copy(new ParamMap()).setOutput(output);
        assertThat(ofValues.transform(rows).schema()).isEqualTo(ofValues.transformSchema(rows.schema()));
    }

    @Test
    void weightsAreNamedAndInRows() {
        List<Row> told = told(classifier, "weights").collectAsList();
        assertThat(told)
                .extracting(row -> row.getString(0))
                .containsExactlyElementsOf(classifier.weights().keySet());
        for (Row row : told) {
            Matrix matrix = classifier.weights().get(row.getString(0));
            List<Float> values = row.getList(3);
            assertThat(values).hasSize(row.getInt(1) * row.getInt(2));
            for (int i = 0; i < values.size(); i++) {
                assertThat((double) values.get(i)).isEqualTo(matrix.apply(i / row.getInt(2), i % row.getInt(2)));
            }
        }
    }

    @Test
    void theNetworkIsTold() throws Exception {
        JsonNode told = json(told(classifier, "network"));
        assertThat(told.get("network").asText()).isEqualTo(classifier.network());
        assertThat(told.get("members").asInt()).isEqualTo(2);
        assertThat(told.get("parameters").asInt()).isEqualTo(classifier.numParameters());
        assertThat(told.get("offsets")).hasSize(classifier.offsets().size());
    }

    @Test
    void theSummaryIsToldAfterAFitAndNotAfterLoading(@TempDir Path folder) throws Exception {
        assertThat(json(told(classifier, "summary")).get("history")).hasSize(2);
        classifier.save(folder.resolve("model").toString());
        MlpClassificationModel loaded =
                MlpClassificationModel.load(folder.resolve("model").toString());
        assertThat(told(loaded, "summary").count()).isZero();
    }

    @Test
    void theEvaluationIsThatOfTheModel() throws Exception {
        JsonNode told = json(told(classifier, "evaluation"));
        ClassificationEvaluation evaluation = classifier.evaluate(rows);
        evaluation.values().forEach((name, value) -> assertThat(
                        told.get("values").get(name).asDouble())
                .as(name)
                .isEqualTo(value));
        assertThat(told.get("confusion").get(1).get(1).asDouble())
                .isEqualTo(evaluation.confusion()[1][1]);
        JsonNode values =
                json(regressor.copy(new ParamMap()).setOutput("evaluation").transform(rows));
        assertThat(values.get("r2").asDouble())
                .isEqualTo(regressor.evaluate(rows).r2());
    }

    @Test
    void theImportanceIsThatOfTheModel() {
        List<FeatureImportance> importance = classifier.permutationImportance(rows, 2, 7);
        assertThat(told(classifier, "importance(repeats=2, seed=7)").collectAsList())
                .extracting(row ->
                        new FeatureImportance(row.getInt(0), row.getString(1), row.getDouble(2), row.getDouble(3)))
                .containsExactlyElementsOf(importance);
    }

    @Test
    void anOutputThatThereIsNotIsRefused() {
        assertThatThrownBy(() -> classifier.copy(new ParamMap()).setOutput("weight"))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("predictions, network, weights");
        assertThatThrownBy(() -> classifier.copy(new ParamMap()).setOutput("importance(repeats=0)"))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("repeats");
    }
}
