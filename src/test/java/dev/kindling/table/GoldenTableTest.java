package dev.kindling.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kindling.GoldenFile;
import dev.kindling.LocalSpark;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The features are those that scikit-learn and pandas make: see src/test/python/golden_table.py. */
final class GoldenTableTest {
    private static final JsonNode GOLDEN = GoldenFile.read("table.json");
    private static final int TRAIN = GOLDEN.path("train").asInt();

    /** Rows as they are in the file, or all values as texts. */
    private static Dataset<Row> rows(boolean texts, int from, int to) {
        StructType schema = new StructType();
        List<Map.Entry<String, JsonNode>> columns = new ArrayList<>();
        columns.addAll(GOLDEN.path("table").properties());
        for (Map.Entry<String, JsonNode> column : columns) {
            boolean text = texts
                    || column.getValue().get(TRAIN).isTextual()
                    || column.getValue().get(0).isTextual();
            DataType type = text ? DataTypes.StringType : DataTypes.DoubleType;
            schema = schema.add(column.getKey(), type);
        }
        List<Row> rows = new ArrayList<>();
        for (int i = from; i < to; i++) {
            Object[] values = new Object[columns.size()];
            for (int j = 0; j < values.length; j++) {
                JsonNode value = columns.get(j).getValue().get(i);
                boolean text = schema.fields()[j].dataType().equals(DataTypes.StringType);
                values[j] = value.isNull() ? null : text ? (Object) value.asText() : (Object) value.asDouble();
            }
            rows.add(RowFactory.create(values));
        }
        return LocalSpark.session().createDataFrame(rows, schema);
    }

    private static TableVectorizerModel fit(String scale, Dataset<Row> rows) {
        return new TableVectorizer()
                .setScale(scale)
                .setMinCategoryRows(GOLDEN.path("leastRows").asInt())
                .setTimeZone("UTC")
                .fit(rows);
    }

    private static List<Vector> vectors(TableVectorizerModel model, Dataset<Row> rows) {
        return model.transform(rows).select("features").collectAsList().stream()
                .map(row -> row.<Vector>getAs(0))
                .toList();
    }

    @ParameterizedTest
    @CsvSource({"auto, false", "standard, false", "robust, false", "quantile, false", "standard, true", "robust, true"})
    void theFeaturesAreThoseOfScikitLearn(String scale, boolean texts) {
        TableVectorizerModel model = fit(scale, rows(texts, 0, TRAIN));
        int all = GOLDEN.path("table").path("flag").size();
        List<Vector> made = vectors(model, rows(texts, 0, all));
        JsonNode expected = GOLDEN.path("expected").path(scale);
        for (int i = 0; i < all; i++) {
            double[] row = made.get(i).toArray();
            assertThat(row).hasSize(expected.get(i).size());
            for (int j = 0; j < row.length; j++) {
                double value = expected.get(i).get(j).asDouble();
                assertThat(row[j])
                        .as("%s: row %d, feature %d", scale, i, j)
                        .isCloseTo(value, within(1e-8 * Math.max(1, Math.abs(value))));
            }
        }
    }

    @Tag("one-line")
    @Test
    void theBitsDependNeitherOnTheOrderOfRowsNorOnPartitions() {
        Dataset<Row> rows = rows(false, 0, TRAIN);
        for (String scale : List.of("standard", "robust", "quantile")) {
            String once = json(fit(scale, rows.coalesce(1)));
            assertThat(json(fit(scale, rows.orderBy("gaussian").repartition(7))))
                    .isEqualTo(once);
        }
    }

    private static String json(TableVectorizerModel model) {
        return model.get(model.encodings()).get();
    }
}
