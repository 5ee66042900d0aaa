package dev.kindling.loss;

import java.io.Serializable;
import java.util.Arrays;

/** What is reported beside the loss. It is a function of a weighted sum over rows, so that it can be summed in parts. */
public sealed interface Metric extends Serializable {

    /** The usual one for a loss: accuracy for classes, root mean squared error for values. */
    static Metric of(Loss loss) {
        return loss.isClassification() ? new Accuracy() : new RootMeanSquaredError(loss);
    }

    /** Its name in reports. */
    String name();

    /** The weighted <em>sum</em> over the batch's rows; {@code logits} are (rows, outputs). */
    double sum(Batch batch, int outputs, float[] logits);

    /** The metric of rows with that sum and that total weight. */
    double of(double sum, double weight);

    /** The fraction of weight in rows whose largest logit, or for a single one its sign, tells their class. */
    record Accuracy() implements Metric {
        @Override
        public String name() {
            return "accuracy";
        }

        @Override
        public double sum(Batch batch, int outputs, float[] logits) {
            double sum = 0;
            for (int row = 0; row < batch.rows(); row++) {
                if (predicted(outputs, logits, row * outputs) == (int) batch.target(row)) {
                    sum += batch.weight(row);
                }
            }
            return sum;
        }

        private static int predicted(int outputs, float[] logits, int from) {
            if (outputs == 1) {
                return logits[from] > 0 ? 1 : 0;
            }
            int best = 0;
            for (int j = 1; j < outputs; j++) {
                best = logits[from + j] > logits[from + best] ? j : best;
            }
            return best;
        }

        @Override
        public double of(double sum, double weight) {
            return sum / weight;
        }
    }

    /** {@code √(Σ w·(y - t)² / Σ w)}, the square's mean over a row's targets, with the loss's link from logits to predictions y. */
    record RootMeanSquaredError(Loss loss) implements Metric {
        @Override
        public String name() {
            return "rmse";
        }

        @Override
        public double sum(Batch batch, int outputs, float[] logits) {
            float[] predictions = Arrays.copyOf(logits, batch.rows() * outputs);
            loss.link(batch.rows(), outputs, predictions);
            double sum = 0;
            for (int row = 0; row < batch.rows(); row++) {
                double weight = (double) batch.weight(row) / outputs;
                for (int j = 0; j < outputs; j++) {
                    double error = (double) predictions[row * outputs + j] - batch.target(row, j);
                    sum += weight * error * error;
                }
            }
            return sum;
        }

        @Override
        public double of(double sum, double weight) {
            return Math.sqrt(sum / weight);
        }
    }
}
