package dev.kindling.ml;

import dev.kindling.linalg.InvalidInput;
import dev.kindling.nn.Workspace;
import dev.kindling.train.Provider;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/** Appends a model's outputs to rows, a block of rows at a time. */
final class Scorer implements MapPartitionsFunction<Row, Row> {
    private static final long serialVersionUID = 1L;
    private static final int BLOCK = 512;
    private static final int NONE = -1;

    private final NetworkWeights model; // without its parameters
    private final Broadcast<float[]> parameters;
    private final int features;
    private final int fields; // of an output row
    private final int raw; // the place of each output column in it, or NONE
    private final int probability;
    private final int prediction;
    private final double[] thresholds; // empty: none

    /**
     * The schema of scored rows: the input's fields, then raw prediction, probability and prediction as Spark's own
     * models order them, where their names are not empty.
     *
     * @param checked what the model's {@code transformSchema} made of the input's
     */
    static StructType output(StructType input, StructType checked, String... columns) {
        StructType output = input;
        for (String column : columns) {
            output = column.isEmpty() ? output : output.add(checked.apply(column));
        }
        return output;
    }

    /** @param output the schema of the output: the input's fields, then the columns named here, as far as not empty */
    Scorer(
            NetworkWeights model,
            Broadcast<float[]> parameters,
            StructType output,
            String features,
            String raw,
            String probability,
            String prediction,
            double[] thresholds) {
        this.model = model.withoutParameters();
        this.parameters = parameters;
        this.features = output.fieldIndex(features);
        this.fields = output.size();
        this.raw = raw.isEmpty() ? NONE : output.fieldIndex(raw);
        this.probability = probability.isEmpty() ? NONE : output.fieldIndex(probability);
        this.prediction = prediction.isEmpty() ? NONE : output.fieldIndex(prediction);
        this.thresholds = thresholds;
    }

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        Workspace workspace = model.network.workspace(Provider.follow(model.gemm), BLOCK);
        Queue<Row> ready = new ArrayDeque<>(BLOCK);
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                if (ready.isEmpty() && rows.hasNext()) {
                    score(rows, workspace, ready);
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
        };
    }

    private void score(Iterator<Row> rows, Workspace workspace, Queue<Row> ready) {
        List<Row> block = new ArrayList<>(BLOCK);
        List<Vector> vectors = new ArrayList<>(BLOCK);
        while (block.size() < BLOCK && rows.hasNext()) {
            Row row = rows.next();
            if (row.isNullAt(features)) {
                throw new InvalidInput("the features column must have a vector in every row to score, but one is null");
            }
            block.add(row);
            vectors.add((Vector) row.get(features));
        }
        float[] logits = model.network.forward(parameters.value(), model.block(vectors), workspace);
        int outputs = model.network.outputs();
        for (int i = 0; i < block.size(); i++) {
            ready.add(append(block.get(i), Arrays.copyOfRange(logits, i * outputs, (i + 1) * outputs)));
        }
    }

    private Row append(Row row, float[] logits) {
        Object[] values = new Object[fields];
        for (int i = 0; i < row.size(); i++) {
            values[i] = row.get(i);
        }
        if (model.classes == 0) {
            model.loss.link(1, 1, logits);
            put(values, prediction, (double) logits[0]);
            return RowFactory.create(values);
        }
        double[] scores = ClassScores.raw(logits);
        put(values, raw, Vectors.dense(scores));
        double[] probabilities = ClassScores.probabilities(model.loss, logits);
        put(values, probability, Vectors.dense(probabilities));
        put(values, prediction, (double) ClassScores.predicted(probabilities, thresholds));
        return RowFactory.create(values);
    }

    private static void put(Object[] values, int place, Object value) {
        if (place != NONE) {
            values[place] = value;
        }
    }
}
