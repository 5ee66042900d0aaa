package dev.kindling.train;

/** What L-BFGS knows of the loss, in the precision that it works in. */
final class Curvature {
    final int iterations;
    final double first; // value of the objective
    final double[] at; // the parameters
    final double[][] steps; // the last ones, newest first
    final double[][] changes; // of the gradient in those steps
    final double[] values; // the last ones of the objective, oldest first

    Curvature(int iterations, double first, double[] at, double[][] steps, double[][] changes, double[] values) {
        this.iterations = iterations;
        this.first = first;
        this.at = at;
        this.steps = steps;
        this.changes = changes;
        this.values = values;
    }
}
