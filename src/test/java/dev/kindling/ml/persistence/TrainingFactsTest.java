package dev.kindling.ml.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtException;
import dev.kindling.InOneJvm;
import dev.kindling.LocalSpark;
import dev.kindling.export.OnnxModel;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.ml.MlpClassificationModel;
import dev.kindling.ml.MlpClassifier;
import dev.kindling.ml.TrainingSummary;
import dev.kindling.model.NetworkDescription;
import dev.kindling.model.TrainingFacts;
import dev.kindling.score.Scorer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model tells how it was trained wherever it goes. */
@InOneJvm
final class TrainingFactsTest {
    @TempDir
    Path folder;

    @Test
    void aModelTellsTheSameInMemorySavedInSafetensorsAndInOnnx() throws IOException, OrtException {
        MlpClassificationModel model = new MlpClassifier()
                .setFeaturesCols("x", "town")
                .setHiddenLayers(4)
                .setMembers(1)
                .setValidationFraction(0.25)
                .setMaxIter(3)
                .fit(rows());
        TrainingFacts facts = model.training().orElseThrow();
        TrainingSummary summary = model.summary().orElseThrow();
        assertThat(facts.rows()).isEqualTo(summary.rows()).isPositive();
        assertThat(facts.validationRows()).isEqualTo(summary.validationRows()).isPositive();
        assertThat(facts.epochs()).isEqualTo(3);
        assertThat(facts.bestEpoch()).isEqualTo(summary.bestEpoch());
        assertThat(facts.validationLoss()).isEqualTo(summary.validationLoss()).isFinite();
        assertThat(facts.validationMetric()).isEqualTo(summary.validationMetric());
        assertThat(facts.metric()).isEqualTo("accuracy");
        assertThat(facts.features()).containsExactly("x", "town=Bern", "town=Genf");

        model.write().save(folder + "/model");
        assertThat(MlpClassificationModel.load(folder + "/model").training()).contains(facts);
        model.exportSafetensors(folder + "/model.safetensors");
        assertThat(Scorer.load(folder + "/model.safetensors").training()).contains(facts);
        MlpClassificationModel.load(folder + "/model").exportOnnx(folder + "/model.onnx");
        try (OnnxModel runtime = new OnnxModel(Files.readAllBytes(folder.resolve("model.onnx")))) {
            Map<String, String> metadata = runtime.session.getMetadata().getCustomMetadata();
            assertThat(metadata)
                    .containsEntry("kindling.epochs", "3")
                    .containsEntry("kindling.rows", String.valueOf(summary.rows()))
                    .containsEntry("kindling.validationLoss", String.valueOf(summary.validationLoss()))
                    .containsEntry("kindling.metric", "accuracy")
                    .containsEntry("kindling.version", facts.version())
                    .containsEntry("kindling.features", "[\"x\",\"town=Bern\",\"town=Genf\"]")
                    .containsEntry("kindling.classes", "[\"0\",\"1\"]");
        }
    }

    @Test
    void withoutRowsToValidateOnThereIsNoFigureOfThem() {
        TrainingFacts facts = new MlpClassifier()
                .setFeaturesCols("x", "town")
                .setHiddenLayers(4)
                .setMembers(1)
                .setValidationFraction(0)
                .setMaxIter(1)
                .fit(rows())
                .training()
                .orElseThrow();
        assertThat(facts.validationRows()).isZero();
        assertThat(facts.texts()).doesNotContainKeys("validationLoss", "validationMetric");
    }

    @Test
    void figuresOfADamagedModelAreRefusedInASentence() {
        NetworkDescription whole = new MlpClassifier()
                .setFeaturesCols("x", "town")
                .setHiddenLayers(4)
                .setMembers(1)
                .setMaxIter(1)
                .fit(rows())
                .trained()
                .description();
        String json = whole.toJson();
        assertThat(NetworkDescription.parse(json, "a model").training()).isEqualTo(whole.training());
        refused(json.replace("\"epochs\":1", "\"epochs\":-1"), "the epochs of its training must be a count, but is -1");
        refused(json.replace("\"epochs\":1", "\"epochs\":9e99"), "the epochs of its training must be a count");
        refused(
                json.replace("\"stopReason\":\"epochs\",", ""),
                "the stopReason of its training must be a text, but is missing");
        refused(json.replace("\"features\":[\"x\"", "\"features\":[7"), "must be texts, but one is 7");
    }

    private static void refused(String json, String sentence) {
        assertThatThrownBy(() -> NetworkDescription.parse(json, "a model"))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining(sentence);
    }

    private static Dataset<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 80; i++) {
            rows.add(RowFactory.create(Math.sin(i), i % 3 == 0 ? "Bern" : "Genf", (double) (i % 2)));
        }
        return LocalSpark.session()
                .createDataFrame(
                        rows,
                        new StructType()
                                .add("x", DataTypes.DoubleType)
                                .add("town", DataTypes.StringType)
                                .add("label", DataTypes.DoubleType));
    }
}
