package dev.kindling.ml;

import static org.apache.spark.ml.functions.vector_to_array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.InOneJvm;
import dev.kindling.LocalSpark;
import dev.kindling.check.Checkup;
import dev.kindling.check.Finding;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.SplitMix64;
import dev.kindling.spark.OneJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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

/** Embeddings of numbers, from the rows that tell which features are numbers to models that are saved, resumed and continued. */
@Tag("end-to-end")
@Tag("one-line")
@InOneJvm
final class NumberEmbeddingTest {
    private static final int CITIES = 12;
    private static final int INPUTS = 1 + CITIES + 3;
    private static final Dataset<Row> TABLE = table(600, "mixed");

    @TempDir
    private Path folder;

    /** An age, a city, a flag, a height and a constant 1; the label is a wave of the height. */
    private static Dataset<Row> table(int rows, String kind) {
        SplitMix64 random = new SplitMix64(3);
        List<Row> data = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            double[] values = new double[INPUTS];
            values[0] = 40 + 10 * random.nextGaussian();
            values[1 + random.nextInt(CITIES)] = 1;
            values[1 + CITIES] = random.nextInt(2);
            values[2 + CITIES] = 3 * random.nextGaussian();
            double label = Math.sin(4 * values[2 + CITIES]) > 0 ? 1 : 0;
            boolean sparse = kind.equals("sparse") || (kind.equals("mixed") && row % 2 == 0);
            Vector features = Vectors.dense(values);
            data.add(RowFactory.create(sparse ? features.toSparse() : features, label));
        }
        StructType schema = new StructType(new StructField[] {
            new StructField("features", SQLDataTypes.VectorType(), false, names().toMetadata()),
            new StructField("label", DataTypes.DoubleType, false, Metadata.empty())
        });
        return LocalSpark.session().createDataFrame(data, schema);
    }

    private static AttributeGroup names() {
        List<Attribute> attributes = new ArrayList<>();
        attributes.add(NumericAttribute.defaultAttr().withName("age"));
        for (int city = 0; city < CITIES; city++) {
            attributes.add(BinaryAttribute.defaultAttr().withName("city").withValues("other", "c" + city));
        }
        for (String name : List.of("flag", "height", "never")) {
            attributes.add(NumericAttribute.defaultAttr().withName(name));
        }
        return new AttributeGroup("features", attributes.toArray(new Attribute[0]));
    }

    private static MlpClassifier classifier() {
        return new MlpClassifier()
                .setPreset("none")
                .setStandardize(true)
                .setNumberEmbedding("pbld(frequencies=4, sigma=1)")
                .setHiddenLayers(6)
                .setMaxIter(3)
                .setBatchSize(64)
                .setStepSize(0.02)
                .setNumShards(3);
    }

    @Test
    void theRowsTellWhichFeaturesAreNumbersBehindTheEmbeddingOfCategories() {
        MlpClassificationModel model = classifier().fit(TABLE);
        assertThat(model.network())
                .isEqualTo(
                        "16 inputs: standardize pbld(frequencies=4, sigma=1, starts=[0 14], widths=[1 1]) dense(6) relu"
                                + " dense(2)");
        assertThat(model.weights().get("pbld1.weight").numCols()).isEqualTo(2 * 3);
        assertThat(classifier().setEmbedding("embed(dim=5)").fit(TABLE).network())
                .isEqualTo("16 inputs: embed(dim=5, starts=[1], widths=[12]) standardize pbld(frequencies=4, sigma=1,"
                        + " starts=[0 7], widths=[1 1]) dense(6) relu dense(2)");
    }

    @Test
    void aWaveIsLearnedThatThePlainNetworkMisses() {
        MlpClassifier learner = classifier()
                .setNumberEmbedding("plr(sigma=1)")
                .setHiddenLayers(16)
                .setMaxIter(40);
        Dataset<Row> test = table(900, "dense");
        assertThat(learner.fit(TABLE).evaluate(test).accuracy()).isGreaterThan(0.9);
        assertThat(learner.setNumberEmbedding("none").fit(TABLE).evaluate(test).accuracy())
                .isLessThan(0.75);
    }

    @ParameterizedTest
    @ValueSource(strings = {"plr(frequencies=3)", "pbld", "ple(bins=5)"})
    void theBitsAreThoseOfDenseAndSparseRowsAndOfThreadsOfTheDriver(String embedding) {
        MlpClassifier learner = classifier().setNumberEmbedding(embedding);
        float[] expected = learner.fit(TABLE).parameters();
        LocalSpark.session().sparkContext().setLocalProperty(OneJvm.PROPERTY, "false");
        assertThat(learner.fit(TABLE).parameters()).containsExactly(expected);
        assertThat(learner.fit(table(600, "dense")).parameters()).containsExactly(expected);
        assertThat(learner.fit(table(600, "sparse")).parameters()).containsExactly(expected);
    }

    @Tag("smoke")
    @Test
    void theEdgesOfBinsAreTheQuantilesOfTheScaledNumbers() {
        MlpClassificationModel model =
                classifier().setNumberEmbedding("ple(bins=4)").fit(TABLE);
        assertThat(model.network())
                .isEqualTo("16 inputs: standardize ple(bins=4, starts=[0 14], widths=[1 1]) dense(6) relu dense(2)");
        int height = 2 + CITIES;
        List<Double> quantiles = quantiles(height);
        double mean = model.weights().get("standardize1.mean").apply(0, height);
        double deviation = model.weights().get("standardize1.deviation").apply(0, height);
        for (int t = 0; t <= 4; t++) {
            assertThat(model.weights().get("ple1.edge").apply(1, t))
                    .isCloseTo((quantiles.get(t) - mean) / deviation, within(1e-5));
        }
    }

    /** Of a feature, by Spark. */
    private static List<Double> quantiles(int feature) {
        return TABLE.select(vector_to_array(col("features"), "float64").as("values"))
                .selectExpr("percentile(values[" + feature + "], array(0, 0.25, 0.5, 0.75, 1)) as q")
                .head()
                .getList(0);
    }

    @Test
    void aSavedModelPredictsAlikeAndGoesOn() throws IOException {
        MlpClassificationModel model = classifier().fit(TABLE);
        model.save(folder.resolve("model").toString());
        MlpClassificationModel loaded =
                MlpClassificationModel.load(folder.resolve("model").toString());
        assertThat(loaded.network()).isEqualTo(model.network());
        assertThat(loaded.transform(TABLE).select("probability").collectAsList())
                .isEqualTo(model.transform(TABLE).select("probability").collectAsList());
        MlpClassificationModel continued = classifier()
                .setInitialModel(loaded)
                .setMaxIter(1)
                .setStepSize(1e-9)
                .fit(TABLE);
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
                        .setNumberEmbedding("plr")
                        .setCheckpointDir(checkpoints)
                        .fit(TABLE))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("of a run with network 16 inputs: standardize pbld(");
    }

    @Test
    void theLayerIsLeftOutWhereThereIsNoNumberAndTheChecksSaySo() {
        Dataset<Row> flags = LocalSpark.session()
                .range(200)
                .selectExpr("array(double(id % 2), double(id % 3 = 0)) as features", "double(id % 2) as label");
        assertThat(classifier().fit(flags).network()).isEqualTo("2 inputs: standardize dense(6) relu dense(2)");
        assertThat(classifier().check(flags).findings()).anyMatch(finding -> finding.message()
                .equals("the network has no pbld layer: no feature has a value other than 0 and 1 in the rows to"
                        + " train on"));
        Checkup checkup = classifier().check(TABLE);
        assertThat(checkup.findings()).noneMatch(finding -> finding.severity() == Finding.Severity.ERROR);
        assertThat(checkup.findings())
                .anyMatch(finding -> finding.message().startsWith("backpropagation agrees with central differences"));
    }

    @Test
    void anArchitectureMayBeginWithIt() {
        MlpClassifier whole = classifier().setNumberEmbedding("none");
        whole.clear(whole.hiddenLayers());
        assertThat(whole.setArchitecture("embed(dim=2) plr(dim=3) dense(5)")
                        .fit(TABLE)
                        .network())
                .isEqualTo(
                        "16 inputs: embed(dim=2, starts=[1], widths=[12]) standardize plr(dim=3, starts=[0 4], widths=[1 1])"
                                + " dense(5) dense(2)");
        assertThatThrownBy(() -> whole.setNumberEmbedding("pbld").fit(TABLE))
                .isInstanceOf(InvalidInput.class)
                .hasMessage("architecture begins with plr, so numberEmbedding must not be set too");
    }

    @Test
    void byDefaultATablesNumbersOfManyValuesAreEmbedded() {
        assertThat(ofTable(1000, 1))
                .isEqualTo(
                        "5 inputs: pbld(frequencies=8, starts=[0], widths=[1]) dense(4) relu dropout(0.25) dense(2)");
        assertThat(ofTable(999, 1)).isEqualTo("5 inputs: dense(4) relu dropout(0.25) dense(2)");
        assertThat(ofTable(1000, 64)).contains("pbld(frequencies=8, starts=[0], widths=[64])");
        assertThat(ofTable(1000, 65)).doesNotContain("pbld");
        Dataset<Row> vectors = table(1000, "dense"); // made by no vectorizer
        assertThat(byDefault().fit(vectors).network()).doesNotContain("pbld");
    }

    private static MlpClassifier byDefault() {
        return new MlpClassifier()
                .setHiddenLayers(4)
                .setMaxIter(1)
                .setValidationFraction(0)
                .setMembers(1)
                .setNumShards(2);
    }

    /** The network that is fitted to columns of different values, one of 9 values, and one of three texts. */
    private static String ofTable(int rows, int numbers) {
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < numbers; i++) {
            columns.add("rand(" + i + ") as x" + i);
        }
        columns.add("double(id % 9) / 2 as grade");
        columns.add("concat('c', id % 3) as city");
        Dataset<Row> table = LocalSpark.session()
                .range(0, rows, 1, 2)
                .selectExpr(columns.toArray(new String[0]))
                .withColumn("label", expr("double(x0 > 0.5)"));
        String[] names = Arrays.stream(table.columns())
                .filter(name -> !name.equals("label"))
                .toArray(String[]::new);
        return byDefault().setFeaturesCols(names).fit(table).network();
    }

    @Test
    void permutedNumbersCount() {
        MlpClassificationModel model =
                classifier().setNumberEmbedding("plr(sigma=1)").setMaxIter(30).fit(TABLE);
        assertThat(model.permutationImportance(TABLE, 1, 1).get(0).name()).isEqualTo("height");
    }
}
