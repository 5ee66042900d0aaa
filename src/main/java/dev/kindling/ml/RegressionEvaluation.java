package dev.kindling.ml;

/**
 * How well a regressor does on some rows. With a weight column rows count by their weights.
 *
 * @param loss the mean of the model's own loss
 * @param rmse the root of the mean squared error
 * @param mae the mean absolute error
 * @param r2 one minus the squared error over that of the targets' mean
 */
public record RegressionEvaluation(long rows, double loss, double rmse, double mae, double r2) {}
