package dev.kindling.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kindling.LocalSpark;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What standardize learns, against scikit-learn's StandardScaler, for all columns but those of 0 and 1, which stay: {@code
 * src/test/python/golden_standardize.py} wrote the file.
 */
final class StandardizeGoldenTest {
    private static final StructType SCHEMA = new StructType()
            .add("features", SQLDataTypes.VectorType())
            .add("label", DataTypes.DoubleType)
            .add("weight", DataTypes.DoubleType);

    private static final int EMPTY = 200; // columns without values, with which rows are packed as sparse

    private static JsonNode golden() throws IOException {
        try (InputStream in = StandardizeGoldenTest.class.getResourceAsStream("/golden/standardize.json")) {
            return new ObjectMapper().readTree(in);
        }
    }

    private static Dataset<Row> rows(JsonNode golden, boolean sparse) {
        JsonNode columns = golden.get("columns");
        List<Row> rows = new ArrayList<>();
        for (int row = 0; row < golden.get("weights").size(); row++) {
            double[] values = new double[columns.size() + (sparse ? EMPTY : 0)];
            for (int j = 0; j < columns.size(); j++) {
                values[j] = columns.get(j).get("values").get(row).asDouble();
            }
            Vector features = Vectors.dense(values);
            rows.add(RowFactory.create(
                    sparse ? features.toSparse() : features,
                    row * 0.1,
                    golden.get("weights").get(row).asDouble()));
        }
        return LocalSpark.session().createDataFrame(rows, SCHEMA);
    }

    @ParameterizedTest
    @CsvSource({"1, false", "1, true", "3, false", "3, true"})
    void columnsAreScaledAsByStandardScalerAndFlagsStay(int shards, boolean sparse) throws IOException {
        JsonNode golden = golden();
        MlpRegressionModel model = new MlpRegressor()
                .setPreset("none")
                .setStandardize(true)
                .setHiddenLayers()
                .setMaxIter(1)
                .setWeightCol("weight")
                .setNumShards(shards)
                .fit(rows(golden, sparse));
        assertThat(model.offsets().numNonzeros()).as("values lie as they are").isZero();
        JsonNode columns = golden.get("columns");
        int inputs = columns.size() + (sparse ? EMPTY : 0);
        for (int j = 0; j < columns.size(); j++) {
            String name = columns.get(j).get("name").asText();
            double mean = columns.get(j).get("mean").asDouble();
            double scale = columns.get(j).get("scale").asDouble();
            assertThat((double) model.parameters()[j])
                    .as("mean of " + name)
                    .isCloseTo(mean, within(1e-7 * (Math.abs(mean) + scale)));
            assertThat((double) model.parameters()[inputs + j])
                    .as("scale of " + name)
                    .isCloseTo(scale, within(1e-7 * scale));
        }
    }
}
