package dev.kindling.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.InOneJvm;
import dev.kindling.LocalSpark;
import dev.kindling.check.Checkup;
import dev.kindling.check.Finding;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.SplitMix64;
import dev.kindling.ml.search.MlpSearch;
import dev.kindling.ml.search.RandomParamGrid;
import dev.kindling.ml.search.SearchResult;
import dev.kindling.spark.OneJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.attribute.BinaryAttribute;
import org.apache.spark.ml.attribute.NumericAttribute;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Columns of many categories, from the metadata of the features to models that are saved, resumed and continued. */
@Tag("end-to-end")
@Tag("one-line")
@InOneJvm
final class EmbedTest {
    private static final int CITIES = 60; // so many that rows are packed as sparse
    private static final int COLOURS = 3;
    private static final int INPUTS = 1 + CITIES + COLOURS + 1;
    private static final Dataset<Row> TABLE = table(600, true, "mixed");

    @TempDir
    private Path folder;

    /** An age, a city, a colour and a height; the label follows from the city, but for some rows that have none. */
    private static Dataset<Row> table(int rows, boolean named, String kind) {
        SplitMix64 random = new SplitMix64(3);
        List<Row> data = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            double[] values = new double[INPUTS];
            int city = random.nextInt(CITIES + 1);
            values[0] = 40 + 10 * random.nextGaussian();
            if (city < CITIES) {
                values[1 + city] = 1;
            }
            values[1 + CITIES + random.nextInt(COLOURS)] = 1;
            values[INPUTS - 1] = random.nextGaussian();
            boolean sparse = kind.equals("sparse") || (kind.equals("mixed") && row % 2 == 0);
            Vector features = Vectors.dense(values);
            data.add(RowFactory.create(sparse ? features.toSparse() : features, (double) (city % 2)));
        }
        Metadata metadata = named ? names().toMetadata() : Metadata.empty();
        StructType schema = new StructType(new StructField[] {
            new StructField("features", SQLDataTypes.VectorType(), false, metadata),
            new StructField("label", DataTypes.DoubleType, false, Metadata.empty())
        });
        return LocalSpark.session().createDataFrame(data, schema);
    }

    private static AttributeGroup names() {
        List<Attribute> attributes = new ArrayList<>();
        attributes.add(NumericAttribute.defaultAttr().withName("age"));
        for (int city = 0; city < CITIES; city++) {
            attributes.add(category("city", "c" + city));
        }
        for (int colour = 0; colour < COLOURS; colour++) {
            attributes.add(category("colour", "" + colour));
        }
        attributes.add(NumericAttribute.defaultAttr().withName("height"));
        return new AttributeGroup("features", attributes.toArray(new Attribute[0]));
    }

    private static Attribute category(String column, String value) {
        return BinaryAttribute.defaultAttr().withName(column).withValues("other", value);
    }

    private static MlpClassifier classifier() {
        return new MlpClassifier()
                .setPreset("none")
                .setEmbedding("embed(dim=4)")
                .setHiddenLayers(6)
                .setMaxIter(4)
                .setBatchSize(64)
                .setStepSize(0.05)
                .setNumShards(3);
    }

    @Tag("smoke")
    @Test
    void columnsWiderThanTheLimitAreFoundInTheMetadata() {
        MlpClassificationModel model = classifier().fit(TABLE);
        assertThat(model.network())
                .isEqualTo("65 inputs: embed(dim=4, starts=[1], widths=[60]) dense(6) relu dense(2)");
        assertThat(model.weights().keySet()).contains("embed1.weight1", "dense1.weight");
        assertThat(model.weights().get("embed1.weight1").numRows()).isEqualTo(CITIES);
        assertThat(model.weights().get("dense1.weight").numRows()).isEqualTo(1 + 4 + COLOURS + 1);
        assertThat(classifier()
                        .setEmbedding("embed(dim=2, oneHotUpTo=2)")
                        .fit(TABLE)
                        .network())
                .startsWith("65 inputs: embed(dim=2, oneHotUpTo=2, starts=[1 61], widths=[60 3]) ");
    }

    @Test
    void theEmbeddingIsLearned() {
        MlpClassifier learner = classifier().setStandardize(true).setMaxIter(20);
        MlpClassificationModel model = learner.fit(TABLE);
        assertThat(model.network()).contains("widths=[60]) standardize dense(6)");
        assertThat(model.evaluate(table(200, true, "dense")).accuracy()).isGreaterThan(0.98);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void theBitsAreThoseOfDenseAndSparseRowsAndOfThreadsOfTheDriver(int localSteps) {
        MlpClassifier learner = classifier().setStandardize(true).setLocalSteps(localSteps);
        float[] expected = learner.fit(TABLE).parameters();
        LocalSpark.session().sparkContext().setLocalProperty(OneJvm.PROPERTY, "false");
        assertThat(learner.fit(TABLE).parameters()).containsExactly(expected);
        assertThat(learner.fit(table(600, true, "dense")).parameters()).containsExactly(expected);
        assertThat(learner.fit(table(600, true, "sparse")).parameters()).containsExactly(expected);
    }

    @Tag("smoke")
    @Test
    void aSavedModelNeedsNoMetadataAndGoesOn() throws IOException {
        MlpClassificationModel model = classifier().setStandardize(true).fit(TABLE);
        model.save(folder.resolve("model").toString());
        MlpClassificationModel loaded =
                MlpClassificationModel.load(folder.resolve("model").toString());
        Dataset<Row> nameless = table(50, false, "sparse");
        assertThat(loaded.network()).isEqualTo(model.network());
        assertThat(loaded.transform(nameless).select("probability").collectAsList())
                .isEqualTo(model.transform(table(50, true, "sparse"))
                        .select("probability")
                        .collectAsList());

        MlpClassifier further =
                classifier().setInitialModel(loaded).setMaxIter(1).setStepSize(1e-9);
        MlpClassificationModel continued = further.fit(nameless);
        assertThat(continued.network()).isEqualTo(model.network());
        float[] before = model.parameters();
        float[] after = continued.parameters();
        for (int i = 0; i < before.length; i++) {
            assertThat(Math.abs(before[i] - after[i])).isLessThan(1e-6f);
        }
    }

    @Test
    void aResumedRunEndsWithTheSameBitsAndAnotherEmbeddingIsRefused() {
        float[] expected = classifier().fit(TABLE).parameters();
        String checkpoints = folder.resolve("checkpoints").toString();
        classifier().setCheckpointDir(checkpoints).setMaxIter(2).fit(TABLE);
        assertThat(classifier().setCheckpointDir(checkpoints).fit(TABLE).parameters())
                .containsExactly(expected);
        assertThatThrownBy(() -> classifier()
                        .setEmbedding("embed(dim=4, oneHotUpTo=8)")
                        .setCheckpointDir(checkpoints)
                        .fit(TABLE))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("of a run with network 65 inputs: embed(dim=4, oneHotUpTo=9");
    }

    @Test
    void theLayerIsLeftOutWhereNoColumnIsWideOrNamed() {
        MlpClassifier narrow = classifier().setEmbedding("embed(oneHotUpTo=60)");
        assertThat(narrow.fit(TABLE).network()).isEqualTo("65 inputs: dense(6) relu dense(2)");
        assertThat(classifier().fit(table(100, false, "mixed")).network()).doesNotContain("embed");
        assertThat(found(narrow.check(TABLE), "embedding").message())
                .isEqualTo("the network has no embed layer: no column of the features is known to have more than 60"
                        + " categories");
        assertThat(classifier().check(TABLE).findings())
                .noneMatch(finding -> finding.name().equals("embedding"));
    }

    private static Finding found(Checkup checkup, String name) {
        return checkup.findings().stream()
                .filter(finding -> finding.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theChecksPassOverANetworkThatEmbeds() {
        Checkup checkup = classifier().setStandardize(true).check(TABLE);
        assertThat(checkup.findings()).noneMatch(finding -> finding.severity() == Finding.Severity.ERROR);
        assertThat(found(checkup, "gradient").message()).startsWith("backpropagation agrees with central differences");
        assertThat(found(classifier().check(TABLE), "unscaledFeatures").option())
                .isEqualTo("--standardize");
    }

    @Test
    void anArchitectureMayBeginWithIt() {
        MlpClassifier whole = classifier().setEmbedding("none");
        whole.clear(whole.hiddenLayers());
        assertThat(whole.setArchitecture("embed(dim=3) dense(5) relu")
                        .fit(TABLE)
                        .network())
                .isEqualTo("65 inputs: embed(dim=3, starts=[1], widths=[60]) dense(5) relu dense(2)");
        assertThat(whole.setArchitecture("embed(dim=3, starts=[1 61], widths=[60 3]) dense(5)")
                        .setStandardize(true)
                        .fit(table(100, false, "mixed"))
                        .network())
                .isEqualTo("65 inputs: embed(dim=3, starts=[1 61], widths=[60 3]) standardize dense(5) dense(2)");
        assertThatThrownBy(() -> whole.setEmbedding("embed").fit(TABLE))
                .isInstanceOf(InvalidInput.class)
                .hasMessage("architecture begins with embed, so embedding must not be set too");
        assertThatThrownBy(() -> whole.setEmbedding("none")
                        .setArchitecture("embed(starts=[30], widths=[60])")
                        .fit(TABLE))
                .isInstanceOf(InvalidInput.class)
                .hasMessage("embed takes inputs 30 to 89 for a column, but there are 65 inputs");
    }

    @Test
    void aSearchMayChooseWhetherToEmbed() {
        MlpClassifier base = classifier().setMaxIter(3);
        SearchResult result = new MlpSearch(
                        base, new RandomParamGrid(1).add(base.embedding(), List.of("none", "embed(dim=2)")))
                .setTrials(4)
                .setFolds(2)
                .run(TABLE);
        assertThat(result.trials())
                .hasSize(4)
                .allSatisfy(trial -> assertThat(trial.result().score()).isFinite());
    }

    @Test
    void permutedFeaturesOfAnEmbeddedColumnCount() {
        MlpClassificationModel model =
                classifier().setStandardize(true).setMaxIter(20).fit(TABLE);
        List<FeatureImportance> all = model.permutationImportance(TABLE, 1, 1);
        assertThat(all.get(0).name()).isEqualTo("city");
        assertThat(all).extracting(FeatureImportance::name).contains("age").doesNotHaveDuplicates();
    }
}
