package dev.kindling.ml;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kindling.ml.params.Output;
import dev.kindling.spec.Spec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.spark.ml.linalg.Matrix;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/**
 * What a model's {@code transform} returns, by its param {@code output}.
 *
 * @param scorer scores rows
 * @param evaluator evaluates the model on rows
 */
record ModelRows(
        MlpModel model, Dataset<?> rows, Function<Dataset<?>, Dataset<Row>> scorer, Function<Dataset<?>, ?> evaluator)
        implements Output.Source {
    /** Numbers that are not finite are {@code NaN} and {@code Infinity}, as Python's json and Spark's from_json read them. */
    @SuppressWarnings("deprecation") // the builder that replaces it came after Spark 3.5's Jackson
    private static final ObjectMapper JSON =
            new ObjectMapper().configure(JsonGenerator.Feature.QUOTE_NON_NUMERIC_NUMBERS, false);

    private static Output output(MlpModel model) {
        return Spec.parse(Output.class, model.getOutput());
    }

    static StructType schema(MlpModel model, Supplier<StructType> predictions) {
        return output(model).columns().orElseGet(predictions);
    }

    Dataset<Row> transformed() {
        return output(model).of(this);
    }

    @Override
    public Dataset<Row> predictions() {
        return scorer.apply(rows);
    }

    @Override
    public Dataset<Row> network(StructType columns) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("network", model.network());
        facts.put("layers", model.layers());
        facts.put("members", model.numMembers());
        facts.put("parameters", model.numParameters());
        facts.put("temperature", model.temperature());
        facts.put("offsets", model.offsets().toArray());
        return dataset(List.of(row(facts)), columns);
    }

    @Override
    public Dataset<Row> weights(StructType columns) {
        List<Row> all = new ArrayList<>();
        model.weights().forEach((name, values) -> all.add(row(name, values)));
        return dataset(all, columns);
    }

    private static Row row(String name, Matrix matrix) {
        Float[] values = new Float[matrix.numRows() * matrix.numCols()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) matrix.apply(i / matrix.numCols(), i % matrix.numCols());
        }
        return RowFactory.create(name, matrix.numRows(), matrix.numCols(), values);
    }

    @Override
    public Dataset<Row> summary(StructType columns) {
        return dataset(
                model.summary()
                        .map(summary -> List.of(RowFactory.create(summary.toJson())))
                        .orElse(List.of()),
                columns);
    }

    @Override
    public Dataset<Row> evaluation(StructType columns) {
        return dataset(List.of(row(evaluator.apply(rows))), columns);
    }

    @Override
    public Dataset<Row> importance(StructType columns, int repeats, long seed) {
        return dataset(
                model.permutationImportance(rows, repeats, seed).stream()
                        .map(each -> RowFactory.create(each.index(), each.name(), each.mean(), each.deviation()))
                        .toList(),
                columns);
    }

    private static Row row(Object facts) {
        try {
            return RowFactory.create(JSON.writeValueAsString(facts));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e); // they are numbers and texts
        }
    }

    private Dataset<Row> dataset(List<Row> all, StructType columns) {
        return rows.sparkSession().createDataFrame(all, columns);
    }
}
