package dev.kindling.ml.internal;

import dev.kindling.data.ColumnNames;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Require;
import dev.kindling.loss.Batch;
import dev.kindling.loss.Tallies;
import dev.kindling.ml.columns.FeatureRows;
import dev.kindling.ml.columns.SchemaCheck;
import dev.kindling.ml.params.MlpParams;
import dev.kindling.model.InputRow;
import dev.kindling.nn.ensemble.EnsemblePass;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** Computes a model's loss and metrics on the rows of a dataset, in one pass. */
public final class Evaluator implements FlatMapFunction<Iterator<Row>, double[][]> {
    private static final long serialVersionUID = 1L;

    private final NetworkWeights model; // without its parameters
    private final Broadcast<float[]> parameters;
    private final boolean weighted;
    private final ColumnNames names;
    private final InvalidRows invalid;
    private final double[] thresholds;
    private final Tallies tallies;

    private Evaluator(
            NetworkWeights model,
            Broadcast<float[]> parameters,
            boolean weighted,
            ColumnNames names,
            InvalidRows invalid,
            double[] thresholds,
            Tallies tallies) {
        this.model = model.withoutParameters();
        this.parameters = parameters;
        this.weighted = weighted;
        this.names = names;
        this.invalid = invalid;
        this.thresholds = thresholds;
        this.tallies = tallies;
    }

    /**
     * Evaluates a model.
     *
     * @param thresholds of the classes, as Spark ML has them; empty for none
     * @param tallies that the evaluation will be asked for
     */
    public static Evaluation of(
            Dataset<?> dataset,
            MlpParams params,
            String features,
            String label,
            NetworkWeights model,
            double[] thresholds,
            Tallies tallies) {
        SchemaCheck.labelled(dataset.schema(), params, features, label);
        FeatureRows in = FeatureRows.of(dataset, params, features);
        StructType schema = in.rows().schema();
        boolean weighted = LabelledRows.isWeighted(params);
        ColumnNames names = LabelledRows.names(schema, params, in.features(), label);
        InvalidRows invalid = new InvalidRows(params, names);
        Evaluator evaluator =
                new Evaluator(model, model.broadcast(dataset), weighted, names, invalid, thresholds, tallies);
        List<double[][]> parts = LabelledRows.rows(in.rows(), params, in.features(), label)
                .mapPartitions(evaluator)
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
        int most = InputRow.mostInBlock(model.network);
        double[] totals = new double[Evaluation.SUMS];
        double[] sums = new double[tallies.sums()];
        EnsemblePass pass = model.pass(parameters.value(), most);
        float[] scratch = new float[most * model.network.outputs()];
        List<Vector> vectors = new ArrayList<>(most);
        double[] labels = new double[most * targets];
        double[] weights = new double[most];
        long read = 0;
        while (rows.hasNext()) {
            int count = 0;
            vectors.clear();
            for (; count < most && rows.hasNext(); read++) {
                Row row = rows.next();
                Vector vector = row.isNullAt(0) ? null : Features.vector(row, 0);
                String problem = invalid.problem(vector);
                if (problem != null) {
                    invalid.keeps(problem, read);
                    continue;
                }
                vectors.add(Objects.requireNonNull(vector));
                readLabels(row, labels, count * targets, targets, read);
                weights[count] = weighted ? weight(row, read) : 1;
                totals[Evaluation.WEIGHT] += weights[count];
                count++;
            }
            Batch batch = new Batch(model.block(vectors), moved(labels, targets), 0, targets, floats(weights), 0);
            float[] outputs = pass.forward(batch.features());
            totals[Evaluation.ROWS] += count;
            totals[Evaluation.LOSS] += model.loss.evaluateAndLink(batch, model.network.outputs(), outputs, scratch);
            totals[Evaluation.LOSS_WEIGHT] += batch.weight();
            tallies.add(new ScoredRows(count, model, outputs, thresholds, targets, labels, weights), sums);
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

    /** Labels as training has them: less their offsets, as float32. */
    private float[] moved(double[] labels, int targets) {
        float[] moved = new float[labels.length];
        for (int i = 0; i < labels.length; i++) {
            moved[i] = (float) (labels[i] - model.offsets.target(i % targets));
        }
        return moved;
    }

    private double weight(Row row, long place) {
        Double weight = row.isNullAt(2) ? null : row.getDouble(2);
        if (weight == null || !(weight >= 0 && weight <= Float.MAX_VALUE)) {
            throw refused(
                    "weight column \"" + names.weight() + "\" must hold finite weights that are not negative",
                    weight,
                    place);
        }
        return weight;
    }

    private static InvalidInput refused(String rule, @Nullable Object value, long place) {
        return new InvalidInput(rule + ", but is " + (value == null ? "null" : InvalidInput.value(value)) + " in "
                + InvalidRows.location(place));
    }

    private void readLabels(Row row, double[] labels, int from, int targets, long place) {
        if (row.isNullAt(1)) {
            throw refused("label column \"" + names.label() + "\" must have a value in every row", null, place);
        }
        double[] values = row.get(1) instanceof Double label
                ? new double[] {label}
                : Features.vector(row, 1).toArray();
        Require.that(
                values.length == targets,
                "label column \"" + names.label() + "\" must hold " + targets
                        + " values in every row, as when the model was trained, but has " + values.length + " in "
                        + InvalidRows.location(place));
        for (int j = 0; j < targets; j++) {
            requireUsable(values[j], place);
            labels[from + j] = values[j];
        }
    }

    private void requireUsable(double label, long place) {
        if (model.classes == 0 && !InputRow.isFinite(label)) {
            throw refused("label column \"" + names.label() + "\" must hold finite numbers", label, place);
        }
        if (model.classes > 0 && !(label >= 0 && label < model.classes && label == Math.rint(label))) {
            throw refused(
                    "label column \"" + names.label() + "\" must hold class indices 0 to " + (model.classes - 1)
                            + ", as when the model was trained",
                    label,
                    place);
        }
    }
}
