package dev.kindling.ml.internal;

import dev.kindling.loss.Scored;
import dev.kindling.model.Outputs;
import java.util.Arrays;

/**
 * Rows of a dataset with what {@code transform} predicts for them. Labels and weights are those of the source, in double: as
 * float32, in which the network computes, a label of 1e9 is off by up to 32.
 */
final class ScoredRows implements Scored {
    private final int rows;
    private final int targets;
    private final double[] labels; // (rows, targets)
    private final double[] weights;
    private final double[][] predictions; // (rows)(classes) probabilities, or (rows)(targets) values
    private final int[] predicted; // (rows) classes; empty where targets are values

    /**
     * @param linked (rows, outputs), through the loss's link
     * @param labels (rows, targets): borrowed, and so are the weights
     */
    ScoredRows(
            int rows,
            NetworkWeights model,
            float[] linked,
            double[] thresholds,
            int targets,
            double[] labels,
            double[] weights) {
        this.rows = rows;
        this.targets = targets;
        this.labels = labels;
        this.weights = weights;
        this.predictions = new double[rows][];
        this.predicted = new int[model.classes > 0 ? rows : 0];
        int outputs = model.network.outputs();
        for (int row = 0; row < rows; row++) {
            float[] own = Arrays.copyOfRange(linked, row * outputs, (row + 1) * outputs);
            if (model.classes > 0) {
                predictions[row] = Outputs.probabilities(own);
                predicted[row] = Outputs.predicted(predictions[row], thresholds);
            } else {
                predictions[row] = Outputs.values(model.offsets, own);
            }
        }
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public double weight(int row) {
        return weights[row];
    }

    @Override
    public int actualClass(int row) {
        return (int) labels[row];
    }

    @Override
    public int predictedClass(int row) {
        return predicted[row];
    }

    @Override
    public double probability(int row, int ofClass) {
        return predictions[row][ofClass];
    }

    @Override
    public int targets() {
        return targets;
    }

    @Override
    public double target(int row, int place) {
        return labels[row * targets + place];
    }

    @Override
    public double prediction(int row, int place) {
        return predictions[row][place];
    }
}
