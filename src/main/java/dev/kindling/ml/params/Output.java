package dev.kindling.ml.params;

import dev.kindling.linalg.Require;
import java.io.Serializable;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * What a model's {@code transform} returns. Clients of Spark Connect reach a model only through its {@code transform}, so it can
 * return rows that tell of the model itself.
 */
public sealed interface Output extends Serializable {

    /** A model with the rows that it was given. */
    interface Source {
        Dataset<Row> predictions();

        Dataset<Row> network(StructType columns);

        Dataset<Row> weights(StructType columns);

        Dataset<Row> summary(StructType columns);

        Dataset<Row> evaluation(StructType columns);

        Dataset<Row> importance(StructType columns, int repeats, long seed);
    }

    Dataset<Row> of(Source model);

    /** The columns of all rows; empty for predictions, whose columns depend on the rows given. */
    Optional<StructType> columns();

    private static Optional<StructType> columns(String ddl) {
        return Optional.of(StructType.fromDDL(ddl));
    }

    /** The rows given, with the model's predictions. */
    record Predictions() implements Output {
        @Override
        public Optional<StructType> columns() {
            return Optional.empty();
        }

        @Override
        public Dataset<Row> of(Source model) {
            return model.predictions();
        }
    }

    /** The network in words, its layers, members, parameters, temperature and offsets: one JSON object. */
    record Network() implements Output {
        @Override
        public Optional<StructType> columns() {
            return Output.columns("json string");
        }

        @Override
        public Dataset<Row> of(Source model) {
            return model.network(columns().orElseThrow());
        }
    }

    /** A row for each named parameter, its values row by row. */
    record Weights() implements Output {
        @Override
        public Optional<StructType> columns() {
            return Output.columns("name string, rows int, columns int, values array<float>");
        }

        @Override
        public Dataset<Row> of(Source model) {
            return model.weights(columns().orElseThrow());
        }
    }

    /** The summary of the fit, one JSON object; no row where the model was loaded. */
    record Summary() implements Output {
        @Override
        public Optional<StructType> columns() {
            return Output.columns("json string");
        }

        @Override
        public Dataset<Row> of(Source model) {
            return model.summary(columns().orElseThrow());
        }
    }

    /** The evaluation on the rows given: one JSON object. */
    record Evaluation() implements Output {
        @Override
        public Optional<StructType> columns() {
            return Output.columns("json string");
        }

        @Override
        public Dataset<Row> of(Source model) {
            return model.evaluation(columns().orElseThrow());
        }
    }

    /** The permutation importance of each feature on the rows given, the most important first. */
    record Importance(int repeats, long seed) implements Output {
        public Importance {
            Require.positive(repeats, "the repeats of importance");
        }

        public Importance() {
            this(5, 0);
        }

        @Override
        public Optional<StructType> columns() {
            return Output.columns("position int, name string, mean double, deviation double");
        }

        @Override
        public Dataset<Row> of(Source model) {
            return model.importance(columns().orElseThrow(), repeats, seed);
        }
    }
}
