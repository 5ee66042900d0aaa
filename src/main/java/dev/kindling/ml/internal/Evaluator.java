package dev.kindling.ml.internal;

import dev.kindling.engine.GemmBackend;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Require;
import dev.kindling.loss.Batch;
import dev.kindling.ml.params.MlpParams;
import dev.kindling.nn.Workspace;
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
public final class Evaluator implements FlatMapFunction<Iterator<Row>, double[]> {
    private static final long serialVersionUID = 1L;
    private static final int BLOCK = 512;
    private static final double LEAST_PROBABILITY = 1e-15; // as in Spark's MulticlassMetrics.logLoss

    // The sums, then for classification the confusion matrix, row by row, else sums of each target.
    public static final int ROWS = 0;
    public static final int WEIGHT = 1;
    public static final int LOSS = 2;
    public static final int LOG_LOSS = 3;
    public static final int SUMS = 4;

    // Those of a target.
    public static final int ABSOLUTE_ERROR = 0;
    public static final int SQUARED_ERROR = 1;
    public static final int TARGET = 2;
    public static final int SQUARED_TARGET = 3;
    public static final int TARGET_SUMS = 4;

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
    public static double[] sums(
            Dataset<?> dataset,
            MlpParams params,
            String features,
            String label,
            NetworkWeights model,
            double[] thresholds) {
        StructType schema = dataset.schema();
        SchemaCheck.labelled(schema, params, features, label);
        boolean weighted = SchemaCheck.names(params, params.weightCol());
        List<Column> columns =
                new ArrayList<>(List.of(ColumnPath.of(schema, features).column(), LabelledRows.labels(schema, label)));
        if (weighted) {
            columns.add(ColumnPath.of(schema, params.getWeightCol()).column().cast("double"));
        }
        double[] total = new double[length(model)];
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
        int targets = model.classes == 0 ? model.network.outputs() : 1;
        double[] sums = new double[length(model)];
        Workspace workspace = model.network.workspace(GemmBackend.follow(model.gemm), BLOCK);
        float[] delta = new float[BLOCK * model.network.outputs()];
        List<Vector> vectors = new ArrayList<>(BLOCK);
        float[] labels = new float[BLOCK * targets];
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
                labels(row, labels, count * targets, targets);
                weights[count] = weighted ? (float) row.getDouble(2) : 1f;
            }
            Batch batch = new Batch(model.block(vectors), labels, 0, targets, weights, 0);
            float[] logits = model.network.forward(parameters.value(), batch.features(), workspace);
            sums[ROWS] += count;
            sums[WEIGHT] += batch.weight();
            sums[LOSS] += model.loss.evaluate(batch, model.network.outputs(), logits, delta);
            for (int row = 0; row < count; row++) {
                add(sums, logits, row, batch);
            }
        }
        return List.of(sums).iterator();
    }

    private static int length(NetworkWeights model) {
        return SUMS + (model.classes == 0 ? TARGET_SUMS * model.network.outputs() : model.classes * model.classes);
    }

    private void labels(Row row, float[] labels, int from, int targets) {
        if (row.get(1) instanceof Double label && targets == 1) {
            labels[from] = target(label);
            return;
        }
        double[] values = row.get(1) instanceof Double label
                ? new double[] {label}
                : Features.vector(row, 1).toArray();
        Require.that(
                values.length == targets,
                "the label column must hold " + targets + " values in every row, those the model was trained on, but"
                        + " one row has " + values.length);
        for (int j = 0; j < targets; j++) {
            labels[from + j] = target(values[j]);
        }
    }

    private float target(double label) {
        if (model.classes > 0 && !(label >= 0 && label < model.classes && label == Math.rint(label))) {
            throw new InvalidInput("labels must be class indices 0 to " + (model.classes - 1)
                    + ", those the model was trained on, but one is " + InvalidInput.value(label));
        }
        return (float) label;
    }

    private void add(double[] sums, float[] logits, int row, Batch batch) {
        double weight = batch.weight(row);
        int outputs = model.network.outputs();
        float[] own = Arrays.copyOfRange(logits, row * outputs, (row + 1) * outputs);
        if (model.classes > 0) {
            double[] probabilities = ClassScores.probabilities(model.loss, own);
            int actual = (int) batch.target(row);
            sums[LOG_LOSS] -= weight * Math.log(Math.max(LEAST_PROBABILITY, probabilities[actual]));
            sums[SUMS + actual * model.classes + ClassScores.predicted(probabilities, thresholds)] += weight;
            return;
        }
        model.loss.link(1, outputs, own);
        for (int j = 0; j < outputs; j++) {
            int from = SUMS + j * TARGET_SUMS;
            double target = batch.target(row, j);
            double error = own[j] - target;
            sums[from + ABSOLUTE_ERROR] += weight * Math.abs(error);
            sums[from + SQUARED_ERROR] += weight * error * error;
            sums[from + TARGET] += weight * target;
            sums[from + SQUARED_TARGET] += weight * target * target;
        }
    }
}
