package dev.kindling.checkpoint;

/** What L-BFGS remembers of the loss, in double precision as it computes. */
public final class Curvature {
    public final int iterations;
    public final double first; // value of the objective
    public final double[] at; // the parameters
    public final double[][] steps; // the last ones, newest first
    public final double[][] changes; // of the gradient in those steps
    public final double[] values; // the last ones of the objective, oldest first

    public Curvature(int iterations, double first, double[] at, double[][] steps, double[][] changes, double[] values) {
        this.iterations = iterations;
        this.first = first;
        this.at = at;
        this.steps = steps;
        this.changes = changes;
        this.values = values;
    }
}
