package dev.kindling.loss;

import dev.kindling.linalg.Exponential;

/**
 * Logits whose predictions are the mean of several networks' predictions. Probabilities are averaged by their logarithms, so
 * that one too small for a float32 does not become a logit of -∞.
 */
final class Averaging {
    private Averaging() {}

    /** Of softmax: the logarithm of each class's mean probability. */
    static void probabilities(int rows, int outputs, float[][] networks, float[] into) {
        double[][] logs = new double[networks.length][outputs];
        double[] terms = new double[networks.length];
        for (int row = 0; row < rows; row++) {
            int from = row * outputs;
            for (int k = 0; k < networks.length; k++) {
                for (int j = 0; j < outputs; j++) {
                    logs[k][j] = networks[k][from + j];
                }
                double total = logSumExp(logs[k]);
                for (int j = 0; j < outputs; j++) {
                    logs[k][j] -= total;
                }
            }
            for (int j = 0; j < outputs; j++) {
                for (int k = 0; k < networks.length; k++) {
                    terms[k] = logs[k][j];
                }
                into[from + j] = (float) logMeanExp(terms);
            }
        }
    }

    /** Of the sigmoid: the log-odds of the mean probability of class 1. */
    static void odds(int rows, float[][] networks, float[] into) {
        double[] one = new double[networks.length];
        double[] zero = new double[networks.length];
        for (int row = 0; row < rows; row++) {
            for (int k = 0; k < networks.length; k++) {
                one[k] = -(double) Exponential.log1pExp(-networks[k][row]);
                zero[k] = -(double) Exponential.log1pExp(networks[k][row]);
            }
            into[row] = (float) (logMeanExp(one) - logMeanExp(zero));
        }
    }

    /** Of the exponential: the logarithm of the mean. */
    static void exponentials(int count, float[][] networks, float[] into) {
        double[] terms = new double[networks.length];
        for (int i = 0; i < count; i++) {
            for (int k = 0; k < networks.length; k++) {
                terms[k] = networks[k][i];
            }
            into[i] = (float) logMeanExp(terms);
        }
    }

    /** Of outputs that are the prediction itself, or linear in it. */
    static void values(int count, float[][] networks, float[] into) {
        for (int i = 0; i < count; i++) {
            double sum = 0;
            for (float[] network : networks) {
                sum += network[i];
            }
            into[i] = (float) (sum / networks.length);
        }
    }

    private static double logMeanExp(double[] terms) {
        return logSumExp(terms) - StrictMath.log(terms.length);
    }

    private static double logSumExp(double[] terms) {
        double max = Double.NEGATIVE_INFINITY;
        for (double term : terms) {
            max = Math.max(max, term);
        }
        double total = 0;
        for (double term : terms) {
            total += Exponential.exp((float) (term - max));
        }
        return max + StrictMath.log(total);
    }
}
