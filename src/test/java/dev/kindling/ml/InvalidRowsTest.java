package dev.kindling.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.InOneJvm;
import dev.kindling.LocalSpark;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that cannot be scored are refused, left out or kept without a prediction, as {@code handleInvalid} says. */
@Tag("end-to-end")
@InOneJvm
final class InvalidRowsTest {
    private static MlpClassificationModel classifier;
    private static MlpRegressionModel regressor;

    @BeforeAll
    static void train() {
        Dataset<Row> data = Flowers.clusters(60, 3, 1);
        classifier = new MlpClassifier()
                .setPreset("none")
                .setHiddenLayers(4)
                .setMaxIter(2)
                .setNumShards(1)
                .setEmbeddingCol("embedding")
                .fit(data);
        regressor = new MlpRegressor()
                .setPreset("none")
                .setHiddenLayers(4)
                .setMaxIter(2)
                .setNumShards(1)
                .fit(data);
    }

    /** Two thousand rows in one partition, of which row 1,003 is bad. */
    private static Dataset<Row> with(Vector bad) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            Vector good = Vectors.dense(i % 7, i % 5, i % 3, 1);
            rows.add(RowFactory.create(i, i == 1002 ? bad : good, (double) (i % 3), 1.0, false, "row"));
        }
        return LocalSpark.session().createDataFrame(rows, Flowers.SCHEMA).coalesce(1);
    }

    private static Vector bad(double value) {
        return Vectors.dense(1, 2, value, 4);
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e39, -1e300})
    void areRefusedWithRowAndColumn(double value) {
        for (Vector vector : List.of(bad(value), Vectors.sparse(4, new int[] {2}, new double[] {value}))) {
            String sentence = "value 2 of column \"features\" must be a finite number, but is ";
            assertThatThrownBy(() -> classifier.transform(with(vector)).collectAsList())
                    .hasStackTraceContaining(sentence)
                    .hasStackTraceContaining("in row 1003; handleInvalid");
            assertThatThrownBy(() -> regressor.transform(with(vector)).collectAsList())
                    .hasStackTraceContaining(sentence);
            assertThatThrownBy(() -> classifier.evaluate(with(vector)))
                    .hasStackTraceContaining(sentence)
                    .hasStackTraceContaining("in row 1003");
            assertThatThrownBy(() -> regressor.evaluate(with(vector))).hasStackTraceContaining(sentence);
        }
    }

    @Test
    void aNullVectorIsRefused() {
        assertThatThrownBy(() -> classifier.transform(with(null)).collectAsList())
                .hasStackTraceContaining(
                        "column \"features\" must have a vector in every row, but is null in row 1003");
    }

    @Tag("one-line")
    @Test
    void areLeftOut() {
        MlpClassificationModel skips = classifier.copy(new ParamMap()).setHandleInvalid("skip");
        for (Vector vector : Arrays.asList(bad(Double.NaN), null)) {
            List<Row> scored =
                    skips.transform(with(vector)).select("id", "prediction").collectAsList();
            assertThat(scored).hasSize(1999).noneMatch(row -> row.getInt(0) == 1002);
            assertThat(skips.evaluate(with(vector)).rows()).isEqualTo(1999);
        }
    }

    @Tag("one-line")
    @Test
    void aPartitionMayHoldNothingElse() {
        Dataset<Row> bad = with(bad(Double.NaN)).filter("id = 1002");
        assertThat(regressor
                        .copy(new ParamMap())
                        .setHandleInvalid("skip")
                        .transform(bad)
                        .count())
                .isZero();
        assertThat(regressor
                        .copy(new ParamMap())
                        .setHandleInvalid("keep")
                        .transform(bad)
                        .count())
                .isEqualTo(1);
        assertThatThrownBy(() ->
                        regressor.copy(new ParamMap()).setHandleInvalid("skip").evaluate(bad))
                .hasMessageContaining("must have rows");
    }

    @Test
    void areKeptWithoutAPrediction() {
        MlpClassificationModel keeps = classifier.copy(new ParamMap()).setHandleInvalid("keep");
        List<Row> good = classifier.transform(with(bad(3))).collectAsList();
        for (Vector vector : Arrays.asList(bad(Double.NaN), null)) {
            List<Row> scored = keeps.transform(with(vector)).collectAsList();
            assertThat(scored).hasSize(2000);
            Row row = scored.get(1002);
            for (String column : List.of("rawPrediction", "probability", "prediction", "embedding")) {
                assertThat(row.isNullAt(row.fieldIndex(column))).as(column).isTrue();
            }
            for (int i : new int[] {0, 511, 1001, 1003, 1999}) {
                assertThat(scored.get(i)).isEqualTo(good.get(i));
            }
            assertThat(keeps.evaluate(with(vector)).rows()).isEqualTo(1999);
        }
        MlpRegressionModel ofValues = regressor.copy(new ParamMap()).setHandleInvalid("keep");
        assertThat(ofValues.transform(with(null)).filter("prediction is null").count())
                .isEqualTo(1);
    }

    @Test
    void nullWithinAnArrayIsOne() {
        StructType schema = new StructType()
                .add("features", DataTypes.createArrayType(DataTypes.DoubleType, true))
                .add("label", DataTypes.DoubleType);
        Dataset<Row> data = LocalSpark.session()
                .createDataFrame(
                        List.of(
                                RowFactory.create(List.of(1.0, 2.0, 3.0, 4.0), 0.0),
                                RowFactory.create(Arrays.asList(1.0, 2.0, 3.0, null), 1.0)),
                        schema)
                .coalesce(1);
        String sentence = "value 3 of column \"features\" must be a finite number, but is NaN or null in row 2";
        assertThatThrownBy(() -> classifier.transform(data).collectAsList()).hasStackTraceContaining(sentence);
        assertThatThrownBy(() -> new MlpClassifier().setPreset("none").fit(data))
                .hasMessage(sentence);
    }
}
