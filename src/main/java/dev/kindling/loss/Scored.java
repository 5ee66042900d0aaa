package dev.kindling.loss;

/** Rows with what a network predicts for them, as a {@link Tally} reads them. Of classes or of values, never of both. */
public interface Scored {
    int rows();

    double weight(int row);

    /** The true class. */
    int actualClass(int row);

    /** The class that is predicted. */
    int predictedClass(int row);

    /** The predicted probability of a class. */
    double probability(int row, int ofClass);

    /** The number of values to predict in a row. */
    int targets();

    /** The true value of one target. */
    double target(int row, int place);

    /** The predicted value of one target. */
    double prediction(int row, int place);
}
