package dev.kindling.ml;

/**
 * The metrics of a classifier on some rows. With a weight column, rows count by their weights.
 *
 * @param loss the mean of the model's own loss
 * @param f1 the mean of the classes' F1 scores, weighted by class frequency, as Spark's default {@code f1}
 * @param logLoss the mean of -log of the predicted probability of the true class, with a lower bound of 1e-15
 * @param confusion [actual class][predicted class]: the weight of such rows; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // a matrix to print, not a value to compare
public record ClassificationEvaluation(
        long rows, double loss, double accuracy, double f1, double logLoss, double[][] confusion) {

    static ClassificationEvaluation of(long rows, double weight, double loss, double logLoss, double[][] confusion) {
        int classes = confusion.length;
        double correct = 0;
        double f1 = 0;
        for (int c = 0; c < classes; c++) {
            double actual = 0;
            double predicted = 0;
            for (int other = 0; other < classes; other++) {
                actual += confusion[c][other];
                predicted += confusion[other][c];
            }
            correct += confusion[c][c];
            f1 += actual + predicted == 0 ? 0 : actual * 2 * confusion[c][c] / (actual + predicted);
        }
        return new ClassificationEvaluation(
                rows, loss / weight, correct / weight, f1 / weight, logLoss / weight, confusion);
    }
}
