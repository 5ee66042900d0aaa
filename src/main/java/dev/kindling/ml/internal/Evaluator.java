package dev.kindling.ml.internal;

import dev.kindling.engine.GemmBackend;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Require;
import dev.kindling.loss.Batch;
import dev.kindling.loss.Metric;
import dev.kindling.loss.Tallies;
import dev.kindling.ml.params.MlpParams;
import dev.kindling.nn.Workspace;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** Computes a model's loss and metrics on the rows of a dataset, in one pass. */
public final class Evaluator implements FlatMapFunction<Iterator<Row>, double[][]> {
    private static final long serialVersionUID = 1L;
    private static final int BLOCK = 512; // rows

    private final NetworkWeights model; // without its parameters
    private final Broadcast<float[]> parameters;
    private final boolean weighted;
    private final double[] thresholds;
    private final Tallies tallies;

    private Evaluator(
            NetworkWeights model,
            Broadcast<float[]> parameters,
            boolean weighted,
            double[] thresholds,
            Tallies tallies) {
        this.model = model.withoutParameters();
        this.parameters = parameters;
        this.weighted = weighted;
        this.thresholds = thresholds;
        this.tallies = tallies;
    }

    /**
     * Evaluates a model.
     *
     * @param thresholds of the classes, as Spark ML has them; empty for none
     * @param metrics that the evaluation will be asked for
     */
    public static Evaluation of(
            Dataset<?> dataset,
            MlpParams params,
            String features,
            String label,
            NetworkWeights model,
            double[] thresholds,
            List<Metric> metrics) {
        StructType schema = dataset.schema();
        SchemaCheck.labelled(schema, params, features, label);
        boolean weighted = SchemaCheck.names(params, params.weightCol());
        List<Column> columns =
                new ArrayList<>(List.of(ColumnPath.of(schema, features).column(), LabelledRows.labels(schema, label)));
        if (weighted) {
            columns.add(ColumnPath.of(schema, params.getWeightCol()).column().cast("double"));
        }
        Tallies tallies = Tallies.of(metrics);
        List<double[][]> parts = dataset.select(columns.toArray(new Column[0]))
                .toJavaRDD()
                .mapPartitions(new Evaluator(model, model.broadcast(dataset), weighted, thresholds, tallies))
                .collect();
        double[] totals = new double[Evaluation.SUMS];
        double[] sums = new double[tallies.sums()];
        for (double[][] part : parts) { // in the order of the partitions, so that the bits do not vary
            for (int i = 0; i < totals.length; i++) {
                totals[i] += part[0][i];
            }
            tallies.join(sums, part[1]);
        }
        Require.that(
                totals[Evaluation.WEIGHT] > 0,
                "the data to evaluate on must have rows of positive weight, but have none");
        return new Evaluation(totals, tallies, sums);
    }

    /** The totals of a partition, then the sums of its tallies. */
    @Override
    public Iterator<double[][]> call(Iterator<Row> rows) {
        int targets = model.classes == 0 ? model.network.outputs() : 1;
        double[] totals = new double[Evaluation.SUMS];
        double[] sums = new double[tallies.sums()];
        Workspace workspace = model.network.workspace(GemmBackend.follow(model.gemm), BLOCK);
        float[] delta = new float[BLOCK * model.network.outputs()];
        List<Vector> vectors = new ArrayList<>(BLOCK);
        double[] labels = new double[BLOCK * targets];
        double[] weights = new double[BLOCK];
        while (rows.hasNext()) {
            int count = 0;
            vectors.clear();
            for (; count < BLOCK && rows.hasNext(); count++) {
                Row row = rows.next();
                if (row.isNullAt(0) || row.isNullAt(1) || (weighted && row.isNullAt(2))) {
                    throw new InvalidInput("features, label and weight must not be null in rows to evaluate on");
                }
                vectors.add(Features.vector(row, 0));
                readLabels(row, labels, count * targets, targets);
                weights[count] = weighted ? row.getDouble(2) : 1;
                totals[Evaluation.WEIGHT] += weights[count];
            }
            Batch batch = new Batch(model.block(vectors), floats(labels), 0, targets, floats(weights), 0);
            float[] logits = model.network.forward(parameters.value(), batch.features(), workspace);
            totals[Evaluation.ROWS] += count;
            totals[Evaluation.LOSS] += model.loss.evaluate(batch, model.network.outputs(), logits, delta);
            totals[Evaluation.LOSS_WEIGHT] += batch.weight();
            tallies.add(new ScoredRows(count, model, logits, thresholds, targets, labels, weights), sums);
        }
        return List.<double[][]>of(new double[][] {totals, sums}).iterator();
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    private void readLabels(Row row, double[] labels, int from, int targets) {
        double[] values = row.get(1) instanceof Double label
                ? new double[] {label}
                : Features.vector(row, 1).toArray();
        Require.that(
                values.length == targets,
                "the label column must hold " + targets + " values in every row, as when the model was trained, but"
                        + " one row has " + values.length);
        for (int j = 0; j < targets; j++) {
            requireClass(values[j]);
            labels[from + j] = values[j];
        }
    }

    private void requireClass(double label) {
        if (model.classes > 0 && !(label >= 0 && label < model.classes && label == Math.rint(label))) {
            throw new InvalidInput("labels must be class indices 0 to " + (model.classes - 1)
                    + ", as when the model was trained, but one is " + InvalidInput.value(label));
        }
    }
}
