package dev.kindling.python;

/**
 * What a listener in Python hears, in types that Py4J passes. Each call returns what went wrong in Python; empty if nothing did. A
 * Python object cannot throw a Java exception with its own text.
 */
public interface Callback {
    /** Whether {@link #stepped} does anything: calls from Java to Python take longer than small steps. */
    boolean hearsSteps();

    String started(String network, long rows, int epochs);

    String stepped(long number, double loss, double learningRate, double gradientNorm);

    /** The figures of an {@link dev.kindling.checkpoint.Epoch}, in its order; NaN for those that do not exist. */
    String ended(
            int number,
            double trainingLoss,
            double trainingMetric,
            double validationLoss,
            double validationMetric,
            double learningRate,
            double gradientNorm,
            long steps,
            double trainingSeconds,
            double seconds);

    String finished();

    String failed(String cause);
}
