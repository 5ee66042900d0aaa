package dev.kindling.ml.internal;

import static org.apache.spark.sql.functions.col;

import dev.kindling.linalg.Require;
import dev.kindling.ml.columns.ColumnPath;
import dev.kindling.ml.columns.SchemaCheck;
import dev.kindling.model.InputRow;
import dev.kindling.model.Outputs;
import dev.kindling.nn.ensemble.EnsemblePass;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Queue;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Appends a model's outputs to rows, a block of rows at a time. */
public final class Scorer implements MapPartitionsFunction<Row, Row> {
    private static final long serialVersionUID = 1L;
    private static final int NONE = -1;

    private final NetworkWeights model; // without its parameters
    private final Broadcast<float[]> parameters;
    private final int[] features; // field indices of the path through structs; the last one is that of the vectors
    private final StructType output;
    private final int raw; // the index of each output column, or NONE
    private final int probability;
    private final int prediction;
    private final int predictions;
    private final int embedding;
    private final int embeddingLayer;
    private final double[] thresholds; // empty: none
    private final InvalidRows invalid;

    /**
     * The schema of scored rows: the input's fields; raw prediction, probability and prediction, in the order of Spark's own
     * models, as far as their names are not empty; and the embedding if its column is set.
     *
     * @param checked the result of the model's {@code transformSchema}
     */
    public static StructType output(HasNetwork model, StructType input, StructType checked, String... columns) {
        StructType output = input;
        for (String column : columns) {
            output = column.isEmpty() ? output : output.add(checked.apply(ColumnPath.added(column)));
        }
        return InvalidRows.scored(model, withEmbedding(model, output), input.size());
    }

    /** The schema with the embedding's column, if it is set. */
    public static StructType withEmbedding(HasNetwork model, StructType schema) {
        if (!SchemaCheck.names(model, model.embeddingCol())) {
            return schema;
        }
        return SchemaCheck.withNew(schema, "embeddingCol", model.getEmbeddingCol());
    }

    /** @param output the schema of the output: the input's fields, then those columns named here that are not empty */
    public Scorer(
            HasNetwork model,
            Broadcast<float[]> parameters,
            StructType output,
            String features,
            String raw,
            String probability,
            String prediction,
            String predictions,
            double[] thresholds) {
        this.model = model.trained().withoutParameters();
        this.parameters = parameters;
        this.features = ColumnPath.of(output, features).places(output);
        this.output = output;
        this.raw = place(output, raw);
        this.probability = place(output, probability);
        this.prediction = place(output, prediction);
        this.predictions = place(output, predictions);
        boolean embeds = SchemaCheck.names(model, model.embeddingCol());
        this.embedding = embeds ? place(output, model.getEmbeddingCol()) : NONE;
        this.embeddingLayer = embeds ? embeddingLayer(model) : NONE;
        this.thresholds = thresholds;
        this.invalid = new InvalidRows(model, LabelledRows.names(output, model, features, ""));
    }

    /**
     * The scored rows. {@code mapPartitions} loses the metadata of columns, so the columns are renamed here, where metadata can
     * be given. Until then they are identified by position, because two columns may have the same name.
     */
    public Dataset<Row> append(Dataset<?> dataset) {
        StructType places = new StructType();
        Column[] columns = new Column[output.size()];
        for (int i = 0; i < columns.length; i++) {
            StructField field = output.fields()[i];
            String place = Integer.toString(i);
            places = places.add(place, field.dataType(), field.nullable());
            columns[i] = col(place).as(field.name(), field.metadata());
        }
        return dataset.toDF().mapPartitions(this, Encoders.row(places)).select(columns);
    }

    private static int place(StructType output, String column) {
        return column.isEmpty() ? NONE : output.fieldIndex(ColumnPath.added(column));
    }

    /** The layer of that name or, without a name, the last one below the output layer. */
    private static int embeddingLayer(HasNetwork model) {
        List<String> layers = model.trained().network.layerNames();
        int last = layers.size() - 2;
        if (!model.isSet(model.embeddingLayer())) {
            Require.that(last >= 0, "an embedding needs a hidden layer, but the network has none");
            return last;
        }
        int layer = layers.indexOf(model.getEmbeddingLayer());
        Require.that(
                layer >= 0,
                "embeddingLayer must be one of " + String.join(", ", layers) + ", but is " + model.getEmbeddingLayer());
        return layer;
    }

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        return new Scoring(rows);
    }

    /** The rows of one partition, scored a block at a time. */
    private final class Scoring implements Iterator<Row> {
        private final Iterator<Row> rows;
        private final int most = InputRow.mostInBlock(model.network);
        private final EnsemblePass pass = model.pass(parameters.value(), most);
        private final Queue<Row> ready = new ArrayDeque<>(most);
        private long read;

        Scoring(Iterator<Row> rows) {
            this.rows = rows;
        }

        @Override
        public boolean hasNext() {
            while (ready.isEmpty() && rows.hasNext()) {
                score();
            }
            return !ready.isEmpty();
        }

        @Override
        public Row next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return ready.remove();
        }

        private void score() {
            List<Row> block = new ArrayList<>(most);
            BitSet scorable = new BitSet(most);
            List<Vector> vectors = new ArrayList<>(most);
            while (block.size() < most && rows.hasNext()) {
                Row row = rows.next();
                Row holder = ColumnPath.innermost(row, features);
                Vector vector = holder == null ? null : Features.vector(holder, features[features.length - 1]);
                String problem = invalid.problem(vector);
                if (problem == null) {
                    scorable.set(block.size());
                    vectors.add(Objects.requireNonNull(vector));
                    block.add(row);
                } else if (invalid.keeps(problem, read)) {
                    block.add(row);
                }
                read++;
            }
            append(block, scorable, pass.forward(model.block(vectors)));
        }

        private void append(List<Row> block, BitSet scorable, float[] logits) {
            int outputs = model.network.outputs();
            int next = 0; // among the rows that were scored
            for (int i = 0; i < block.size(); i++) {
                Row row = block.get(i);
                Object[] values = new Object[output.size()];
                for (int j = 0; j < row.size(); j++) {
                    values[j] = row.get(j);
                }
                if (scorable.get(i)) {
                    if (embedding != NONE) {
                        values[embedding] = embedding(pass, next);
                    }
                    put(values, Arrays.copyOfRange(logits, next * outputs, (next + 1) * outputs));
                    next++;
                }
                ready.add(RowFactory.create(values));
            }
        }
    }

    private Vector embedding(EnsemblePass pass, int row) {
        int width = model.network.outputs(embeddingLayer);
        return vector(pass.output(embeddingLayer), row * width, width);
    }

    private static Vector vector(float[] values, int from, int count) {
        double[] own = new double[count];
        for (int i = 0; i < count; i++) {
            own[i] = values[from + i];
        }
        return Vectors.dense(own);
    }

    private void put(Object[] values, float[] logits) {
        if (model.classes == 0) {
            double[] predicted = model.predictions(logits);
            put(values, prediction, predicted[0]);
            put(values, predictions, Vectors.dense(predicted));
            return;
        }
        double[] scores = Outputs.raw(logits);
        put(values, raw, Vectors.dense(scores));
        double[] probabilities = Outputs.probabilities(model.loss, logits);
        put(values, probability, Vectors.dense(probabilities));
        put(values, prediction, (double) Outputs.predicted(probabilities, thresholds));
    }

    private static void put(Object[] values, int place, Object value) {
        if (place != NONE) {
            values[place] = value;
        }
    }
}
