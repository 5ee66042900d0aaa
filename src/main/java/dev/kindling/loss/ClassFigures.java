package dev.kindling.loss;

/**
 * How well one class is told from the others: scikit-learn's {@code precision_recall_fscore_support(zero_division=0)}.
 *
 * @param precision the share of the class's rows among those predicted as it; 0 where none is
 * @param recall the share of the class's rows that are predicted as it; 0 where there are none
 * @param f1 {@code 2·precision·recall / (precision + recall)}
 * @param support the weight of the class's rows
 * @param predicted the weight of the rows predicted as it
 */
public record ClassFigures(double precision, double recall, double f1, double support, double predicted) {

    static ClassFigures of(double actual, double predicted, double both) {
        return new ClassFigures(
                predicted == 0 ? 0 : both / predicted,
                actual == 0 ? 0 : both / actual,
                actual + predicted == 0 ? 0 : 2 * both / (actual + predicted),
                actual,
                predicted);
    }
}
