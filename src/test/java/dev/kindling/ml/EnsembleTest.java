package dev.kindling.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.InOneJvm;
import dev.kindling.checkpoint.TrainState;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.ml.internal.NetworkWeights;
import dev.kindling.nn.ensemble.Ensemble;
import dev.kindling.train.TrainListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models of several networks, and calibrated ones. */
@Tag("end-to-end")
@InOneJvm
@Tag("one-line")
final class EnsembleTest {
    private static final int MEMBERS = 3;

    private final Dataset<Row> rows = Flowers.clusters(150, 3, 1);

    @TempDir
    private Path folder;

    @AfterEach
    void nothingStaysCached() {
        assertThat(rows.sparkSession().sparkContext().getPersistentRDDs().isEmpty())
                .isTrue();
    }

    private static MlpClassifier classifier() {
        return new MlpClassifier()
                .setHiddenLayers(5)
                .setMaxIter(3)
                .setBatchSize(20)
                .setNumShards(2)
                .setMembers(MEMBERS);
    }

    private static List<MlpClassificationModel> apart(MlpClassificationModel model) {
        NetworkWeights all = model.trained();
        List<MlpClassificationModel> members = new ArrayList<>();
        for (int k = 0; k < model.numMembers(); k++) {
            members.add(new MlpClassificationModel(
                    "member" + k,
                    new NetworkWeights(
                            Ensemble.of(all.network, all.loss),
                            all.ensemble.member(all.parameters, k),
                            all.classes,
                            all.gemm,
                            all.shards,
                            all.offsets),
                    null));
        }
        return members;
    }

    @Test
    void probabilitiesAreTheMeanOfTheMembers() {
        for (String loss : List.of("softmaxCrossEntropy", "focal")) {
            MlpClassificationModel model = classifier().setLoss(loss).fit(rows);
            assertThat(model.numMembers()).isEqualTo(MEMBERS);
            List<MlpClassificationModel> members = apart(model);
            List<Row> scored = model.transform(rows).collectAsList();
            List<List<Row>> each = members.stream()
                    .map(member -> member.transform(rows).collectAsList())
                    .toList();
            for (int row = 0; row < scored.size(); row++) {
                Vector probability = scored.get(row).getAs("probability");
                for (int label = 0; label < 3; label++) {
                    double mean = 0;
                    for (List<Row> of : each) {
                        mean += of.get(row).<Vector>getAs("probability").apply(label) / MEMBERS;
                    }
                    assertThat(probability.apply(label)).isCloseTo(mean, within(1e-6));
                }
                Vector raw = scored.get(row).getAs("rawPrediction");
                assertThat(model.predictRaw(scored.get(row).getAs("features"))).isEqualTo(raw);
                assertThat((double) probability.argmax())
                        .isEqualTo(scored.get(row).<Double>getAs("prediction"));
            }
            double logLoss = new MulticlassClassificationEvaluator()
                    .setMetricName("logLoss")
                    .evaluate(model.transform(rows));
            assertThat(model.evaluate(rows).logLoss()).isCloseTo(logLoss, within(1e-9));
            TrainingSummary summary = model.summary().orElseThrow();
            assertThat(summary.validationRows()).isPositive();
            assertThat(summary.validationMetric()).isBetween(0.0, 1.0);
            assertThat(model.permutationImportance(rows, 2, 1)).hasSize(model.numFeatures());
        }
    }

    @Test
    void valuesAreTheMeanOfTheMembers() {
        for (String loss : List.of("squaredError", "poisson", "squaredLogError")) {
            MlpRegressor regressor = new MlpRegressor()
                    .setHiddenLayers(5)
                    .setMaxIter(3)
                    .setBatchSize(20)
                    .setNumShards(2)
                    .setLoss(loss);
            List<Row> all = regressor.setMembers(2).fit(rows).transform(rows).collectAsList();
            MlpRegressionModel model = regressor.fit(rows);
            NetworkWeights trained = model.trained();
            for (int row = 0; row < all.size(); row++) {
                Vector features = all.get(row).getAs("features");
                double mean = 0;
                for (int k = 0; k < 2; k++) {
                    float[] own = trained.ensemble.member(trained.parameters, k);
                    mean += new MlpRegressionModel(
                                            "member",
                                            new NetworkWeights(
                                                    Ensemble.of(trained.network, trained.loss),
                                                    own,
                                                    0,
                                                    trained.gemm,
                                                    trained.shards,
                                                    trained.offsets),
                                            null)
                                    .predict(features)
                            / 2;
                }
                assertThat(all.get(row).<Double>getAs("prediction"))
                        .isCloseTo(mean, within(1e-5 * Math.max(1, Math.abs(mean))));
            }
        }
    }

    @Test
    void oneMemberIsAPlainFit() {
        float[] plain = classifier().setMembers(1).fit(rows).parameters();
        MlpClassificationModel several = classifier().fit(rows);
        assertThat(several.numParameters()).isEqualTo(MEMBERS * plain.length);
        assertThat(apart(several).get(0).parameters()).isEqualTo(plain);
        assertThat(several.weights()).containsKeys("member1.dense1.weight", "member3.dense2.bias");
    }

    @Test
    @Tag("smoke")
    void aSavedModelPredictsTheSame() throws Exception {
        MlpClassificationModel model =
                classifier().setCalibration("temperature").fit(rows);
        assertThat(model.temperature()).isNotEqualTo(1);
        String path = folder.resolve("model").toString();
        model.write().save(path);
        MlpClassificationModel loaded = MlpClassificationModel.load(path);
        assertThat(loaded.numMembers()).isEqualTo(MEMBERS);
        assertThat(loaded.temperature()).isEqualTo(model.temperature());
        assertThat(loaded.transform(rows).collectAsList())
                .isEqualTo(model.transform(rows).collectAsList());

        Path description;
        try (var files = Files.list(Path.of(path, "network"))) {
            description = files.filter(file -> file.getFileName().toString().startsWith("part-"))
                    .findFirst()
                    .orElseThrow();
        }
        String text = Files.readString(description);
        assertThat(text).contains("\"format\":3").contains("\"members\":3");
        Files.delete(description.resolveSibling("." + description.getFileName() + ".crc"));
        Files.writeString(description, text.replace("\"members\":3", "\"members\":4"));
        assertThatThrownBy(() -> MlpClassificationModel.load(path))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("weights of its network");
        Files.writeString(description, text.replaceAll("\"temperature\":[0-9.E-]+", "\"temperature\":0"));
        assertThatThrownBy(() -> MlpClassificationModel.load(path))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("temperature");
    }

    @Test
    void eachMemberResumesFromItsCheckpoints() {
        String path = folder.resolve("checkpoints").toString();
        MlpClassifier learner = classifier().setSchedule("constant");
        float[] whole = learner.setMaxIter(4).fit(rows).parameters();
        learner.setCheckpointDir(path).setMaxIter(2).fit(rows);
        List<Integer> resumed = new ArrayList<>();
        MlpClassificationModel model = learner.setMaxIter(4)
                .setListener(new TrainListener() {
                    @Override
                    public void resumed(String checkpoint, TrainState state) {
                        assertThat(checkpoint).contains("member-1");
                        resumed.add(state.history().size());
                    }
                })
                .fit(rows);
        assertThat(resumed).containsExactly(2);
        assertThat(model.parameters()).isEqualTo(whole);
        assertThat(folder.resolve("checkpoints")).isDirectoryContaining("glob:**member-{1,2,3}");
    }

    @Test
    void trainingContinuesFromAllMembersOrFromOneNetwork() {
        MlpClassificationModel several = classifier().fit(rows);
        MlpClassifier warm = new MlpClassifier()
                .setInitialModel(several)
                .setMaxIter(1)
                .setBatchSize(20)
                .setStepSize(1e-30)
                .setSchedule("constant")
                .setNumShards(2);
        assertThat(warm.fit(rows).parameters()).isEqualTo(several.parameters());

        MlpClassificationModel one = classifier().setMembers(1).fit(rows);
        MlpClassificationModel spread = warm.setInitialModel(one).setMembers(2).fit(rows);
        assertThat(apart(spread))
                .allSatisfy(member -> assertThat(member.parameters()).isEqualTo(one.parameters()));

        assertThatThrownBy(() -> warm.setInitialModel(several).setMembers(2).fit(rows))
                .isInstanceOf(InvalidInput.class)
                .hasMessageMatching(
                        "initialWeights must be the \\d+ parameters of .*, or those of 2 members, but are \\d+");
    }

    @Test
    void calibrationLowersTheLossOfRowsSetAsideAndKeepsTheClasses() {
        Dataset<Row> marked = rows.withColumn(
                        "label",
                        functions
                                .when(functions.rand(5).lt(0.3), 0)
                                .otherwise(functions.col("label"))
                                .cast("double"))
                .withColumn("held", functions.rand(3).lt(0.4));
        MlpClassifier learner = classifier()
                .setPreset("none")
                .setMembers(1)
                .setHiddenLayers(64)
                .setMaxIter(60)
                .setStepSize(0.03)
                .setValidationIndicatorCol("held");
        Dataset<Row> held = marked.filter("held");
        MlpClassificationModel plain = learner.fit(marked);
        MlpClassificationModel calibrated =
                learner.setCalibration("temperature").fit(marked);
        assertThat(plain.temperature()).isEqualTo(1);
        assertThat(calibrated.summary().orElseThrow().validationLoss())
                .isCloseTo(calibrated.evaluate(held).logLoss(), within(1e-6));
        assertThat(calibrated.parameters()).isEqualTo(plain.parameters());
        assertThat(calibrated.evaluate(held).logLoss())
                .isLessThan(plain.evaluate(held).logLoss());
        assertThat(calibrated.transform(held).select("prediction").collectAsList())
                .isEqualTo(plain.transform(held).select("prediction").collectAsList());
    }

    @Test
    void whatCannotBeCalibratedIsRefused() {
        assertThatThrownBy(() -> classifier()
                        .setValidationFraction(0)
                        .setCalibration("temperature")
                        .fit(rows))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("validationFraction above 0");
        assertThatThrownBy(
                        () -> new MlpRegressor().setCalibration("temperature").fit(rows))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("a regressor predicts values");
        assertThatThrownBy(() -> new MlpClassifier().setCalibration("isotonic"))
                .hasMessageContaining("none, temperature");
    }
}
