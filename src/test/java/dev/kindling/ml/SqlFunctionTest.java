package dev.kindling.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.InOneJvm;
import dev.kindling.LocalSpark;
import dev.kindling.score.Prediction;
import dev.kindling.score.Scorer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Models as functions of SQL, in queries and in streams. */
@Tag("end-to-end")
@InOneJvm
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SqlFunctionTest {
    private static final SparkSession SPARK = LocalSpark.session();

    private static final StructType SCHEMA = new StructType()
            .add("id", DataTypes.IntegerType)
            .add("age", DataTypes.DoubleType)
            .add("town", DataTypes.StringType)
            .add("label", DataTypes.DoubleType);

    @TempDir
    static Path folder;

    private Dataset<Row> people;
    private MlpClassificationModel model;

    @BeforeAll
    void fit() {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            String town = i % 7 == 0 ? null : i % 3 == 0 ? "Bern" : "Genf";
            rows.add(RowFactory.create(i, i % 5 == 0 ? null : 20.0 + i % 50, town, (double) (i % 3)));
        }
        people = SPARK.createDataFrame(rows, SCHEMA);
        people.createOrReplaceTempView("people");
        model = new MlpClassifier()
                .setFeaturesCols("age", "town")
                .setHiddenLayers(8)
                .setMembers(1)
                .setMaxIter(2)
                .fit(people);
        model.register(SPARK, "score");
    }

    @Test
    void aQueryHasWhatTransformHas() {
        List<Row> asked = SPARK.sql("SELECT id, s.label, s.probability['2'] AS p"
                        + " FROM (SELECT id, score(struct(*)) AS s FROM people) ORDER BY id")
                .collectAsList();
        List<Row> transformed = model.transform(people).orderBy("id").collectAsList();
        for (int i = 0; i < asked.size(); i++) {
            Row row = transformed.get(i);
            assertThat(Double.parseDouble(asked.get(i).getString(1))).isEqualTo(row.<Double>getAs("prediction"));
            assertThat(asked.get(i).getDouble(2))
                    .isEqualTo(row.<Vector>getAs("probability").apply(2), within(1e-6));
        }
    }

    @Test
    void aStreamIsScored() throws Exception {
        Path data = folder.resolve("data");
        people.write().parquet(data.toString());
        var query = SPARK.readStream()
                .schema(SCHEMA)
                .parquet(data.toString())
                .selectExpr("id", "score(struct(age, town)) AS s")
                .writeStream()
                .format("memory")
                .queryName("scored_people")
                .start();
        query.processAllAvailable();
        query.stop();
        assertThat(SPARK.table("scored_people").collectAsList())
                .containsExactlyInAnyOrderElementsOf(
                        SPARK.sql("SELECT id, score(struct(*)) FROM people").collectAsList());
    }

    /** Its own JVM could: the same file, the same bits. */
    @Test
    void aFileIsRegisteredAndHasTheScorersBits() throws Exception {
        Path file = folder.resolve("m.safetensors");
        model.exportSafetensors(file.toString());
        MlpModel.register(SPARK, "score_file", file.toString());
        Scorer scorer = Scorer.load(file);
        Row row = SPARK.sql(
                        "SELECT s.label, s.probability FROM (SELECT score_file(named_struct('town', 'Chur', 'age', 33)) AS s)")
                .first();
        Prediction prediction = scorer.predict(Map.of("town", "Chur", "age", 33));
        assertThat(row.getString(0)).isEqualTo(prediction.label());
        assertThat(row.<String, Double>getJavaMap(1)).isEqualTo(prediction.probabilities());
        assertThatThrownBy(() -> model.exportSafetensors(file.toString()))
                .hasMessageContaining("exportSafetensors must get the path of a new file");
        assertThatThrownBy(() -> MlpModel.register(SPARK, "none", folder.toString()))
                .hasMessageContaining("must have a file model.safetensors, but has none");
    }

    @Test
    void vectorsAreTakenAsTheyAre() {
        Dataset<Row> flowers = Flowers.clusters(60, 3, 1);
        MlpClassificationModel ofVectors = new MlpClassifier()
                .setPreset("none")
                .setHiddenLayers(8)
                .setMaxIter(1)
                .fit(flowers);
        ofVectors.register(SPARK, "score_vector");
        for (Row row : flowers.selectExpr("features", "score_vector(features).probability AS p")
                .collectAsList()) {
            Vector expected = ofVectors.predictProbability(row.<Vector>getAs(0));
            assertThat(row.<String, Double>getJavaMap(1).get("1")).isEqualTo(expected.apply(1));
        }
    }

    @Test
    void mistakesAreSentences() {
        refused("score(struct(age))", "a row must have the columns that the model takes, but has no \"town\"");
        refused("score(struct(label AS age, age AS twon, id AS x))", "did you mean \"twon\"?");
        refused("score(age)", "a model's function takes a struct of columns, such as struct(*), but got a Double");
        refused("score(struct(town AS age, town))", "column \"age\" must hold numbers");
        MlpClassificationModel keeping =
                model.copy(new org.apache.spark.ml.param.ParamMap()).setHandleInvalid("keep");
        keeping.register(SPARK, "score_or_null");
        assertThat(SPARK.sql("SELECT score_or_null(named_struct('town', 'Bern', 'age', 'much')) IS NULL")
                        .first()
                        .getBoolean(0))
                .isTrue();
    }

    private static void refused(String call, String sentence) {
        assertThatThrownBy(() -> SPARK.sql("SELECT " + call + " FROM people").collectAsList())
                .rootCause()
                .hasMessageContaining(sentence);
    }
}
