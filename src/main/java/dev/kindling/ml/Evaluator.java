package dev.kindling.ml;

import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Require;
import dev.kindling.nn.Batch;
import dev.kindling.nn.Workspace;
import dev.kindling.train.Provider;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** Sums over the rows of a dataset all that an evaluation needs, in one pass. */
final class Evaluator implements FlatMapFunction<Iterator<Row>, double[]> {
    private static final long serialVersionUID = 1L;
    private static final int BLOCK = 512;
    private static final double LEAST_PROBABILITY = 1e-15; // as in Spark's MulticlassMetrics.logLoss

    // The sums, then for classification the confusion matrix, row by row.
    static final int ROWS = 0;
    static final int WEIGHT = 1;
    static final int LOSS = 2;
    static final int LOG_LOSS = 3;
    static final int ABSOLUTE_ERROR = 3;
    static final int SQUARED_ERROR = 4;
    static final int TARGET = 5;
    static final int SQUARED_TARGET = 6;
    static final int SUMS = 7;

    private final NetworkWeights model; // without its parameters
    private final Broadcast<float[]> parameters;
    private final boolean weighted;
    private final double[] thresholds;

    private Evaluator(NetworkWeights model, Broadcast<float[]> parameters, boolean weighted, double[] thresholds) {
        this.model = model.withoutParameters();
        this.parameters = parameters;
        this.weighted = weighted;
        this.thresholds = thresholds;
    }

    /** The sums over the dataset's rows, added in the order of its partitions. */
    static double[] sums(
            Dataset<?> dataset,
            MlpParams params,
            String features,
            String label,
            NetworkWeights model,
            double[] thresholds) {
        StructType schema = dataset.schema();
        SchemaCheck.labelled(schema, params, features, label);
        boolean weighted = SchemaCheck.names(params, params.weightCol());
        List<Column> columns = new ArrayList<>(List.of(
                ColumnPath.of(schema, features).column(),
                ColumnPath.of(schema, label).column().cast("double")));
        if (weighted) {
            columns.add(ColumnPath.of(schema, params.getWeightCol()).column().cast("double"));
        }
        double[] total = new double[SUMS + model.classes * model.classes];
        List<double[]> parts = dataset.select(columns.toArray(new Column[0]))
                .toJavaRDD()
                .mapPartitions(new Evaluator(model, model.broadcast(dataset), weighted, thresholds))
                .collect();
        for (double[] part : parts) {
            Arrays.setAll(total, i -> total[i] + part[i]);
        }
        Require.that(total[WEIGHT] > 0, "the data to evaluate on must have rows of positive weight, but have none");
        return total;
    }

    @Override
    public Iterator<double[]> call(Iterator<Row> rows) {
        double[] sums = new double[SUMS + model.classes * model.classes];
        Workspace workspace = model.network.workspace(Provider.follow(model.gemm), BLOCK);
        float[] delta = new float[BLOCK * model.network.outputs()];
        List<Vector> vectors = new ArrayList<>(BLOCK);
        float[] targets = new float[BLOCK];
        float[] weights = new float[BLOCK];
        while (rows.hasNext()) {
            int count = 0;
            vectors.clear();
            for (; count < BLOCK && rows.hasNext(); count++) {
                Row row = rows.next();
                if (row.isNullAt(0) || row.isNullAt(1) || (weighted && row.isNullAt(2))) {
                    throw new InvalidInput("features, label and weight must not be null in rows to evaluate on");
                }
                vectors.add(Features.vector(row, 0));
                targets[count] = target(row.getDouble(1));
                weights[count] = weighted ? (float) row.getDouble(2) : 1f;
            }
            Batch batch = new Batch(model.block(vectors), targets, 0, weights, 0);
            float[] logits = model.network.forward(parameters.value(), batch.features(), workspace);
            sums[ROWS] += count;
            sums[WEIGHT] += batch.weight();
            sums[LOSS] += model.loss.evaluate(batch, model.network.outputs(), logits, delta);
            for (int row = 0; row < count; row++) {
                add(sums, logits, row, batch.target(row), batch.weight(row));
            }
        }
        return List.of(sums).iterator();
    }

    private float target(double label) {
        if (model.classes > 0 && !(label >= 0 && label < model.classes && label == Math.rint(label))) {
            throw new InvalidInput("labels must be class indices 0 to " + (model.classes - 1)
                    + ", those the model was trained on, but one is " + InvalidInput.value(label));
        }
        return (float) label;
    }

    private void add(double[] sums, float[] logits, int row, float target, double weight) {
        int outputs = model.network.outputs();
        float[] own = Arrays.copyOfRange(logits, row * outputs, (row + 1) * outputs);
        if (model.classes > 0) {
            double[] probabilities = ClassScores.probabilities(model.loss, own);
            sums[LOG_LOSS] -= weight * Math.log(Math.max(LEAST_PROBABILITY, probabilities[(int) target]));
            int actual = (int) target;
            sums[SUMS + actual * model.classes + ClassScores.predicted(probabilities, thresholds)] += weight;
            return;
        }
        model.loss.link(1, 1, own);
        double error = (double) own[0] - target;
        sums[ABSOLUTE_ERROR] += weight * Math.abs(error);
        sums[SQUARED_ERROR] += weight * error * error;
        sums[TARGET] += weight * target;
        sums[SQUARED_TARGET] += weight * target * target;
    }
}
