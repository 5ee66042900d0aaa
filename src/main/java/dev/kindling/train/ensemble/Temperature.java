package dev.kindling.train.ensemble;

import dev.kindling.data.Shards;
import dev.kindling.engine.ValidationSums;
import dev.kindling.loss.Batch;
import dev.kindling.nn.ensemble.Ensemble;
import java.util.function.Function;

/**
 * Temperature scaling: the one number that logits are divided by so that the probabilities fit the validation rows best, by
 * log loss. Guo et al., <a href="https://arxiv.org/abs/1706.04599">On calibration of modern neural networks</a>, ICML 2017,
 * section 4.2. Of n rows, the target of a row's class is (n + 1)/(n + 2), as in Platt, <i>Probabilistic outputs for support
 * vector machines</i>, 1999, section 2.2; the other classes share the rest.
 */
public final class Temperature implements ValidationSums.Terms {
    private static final long serialVersionUID = 1L;
    private static final double LARGEST = 1000; // of the temperature and of its inverse
    private static final double PRECISION = 1e-7;
    private static final int MOST_PASSES = 100;

    private static final int SLOPE = 0; // of the log loss, by the inverse temperature
    private static final int CURVATURE = 1;
    private static final int SUMS = 2;

    private final double inverse;
    private final int outputs;
    private final int classes;
    private final double other; // the target of each class but the row's own

    private Temperature(double inverse, int outputs, long rows) {
        this.inverse = inverse;
        this.outputs = outputs;
        this.classes = Math.max(2, outputs); // a single logit tells two classes apart
        this.other = 1.0 / (rows + 2) / (classes - 1);
    }

    /**
     * Fits it to the validation rows of the shards.
     *
     * @param ensemble with temperature 1
     */
    public static double fit(Shards shards, Ensemble ensemble, float[] parameters, String gemm) {
        return fit(
                ensemble.network().outputs(),
                shards.validationRows(),
                terms -> ValidationSums.of(shards, ensemble, parameters, gemm, terms));
    }

    /** @param pass over the rows: their sums of the terms */
    static double fit(int outputs, long rows, Function<Temperature, double[]> pass) {
        double least = 1 / LARGEST;
        double most = LARGEST;
        double inverse = 1;
        for (int i = 0; i < MOST_PASSES; i++) {
            double[] sums = pass.apply(new Temperature(inverse, outputs, rows));
            if (sums[SLOPE] == 0) {
                break;
            }
            if (sums[SLOPE] > 0) {
                most = inverse;
            } else {
                least = inverse;
            }
            double next = inverse - sums[SLOPE] / sums[CURVATURE];
            boolean inside = next > least && next < most; // false for NaN
            next = inside ? next : Math.sqrt(least * most);
            boolean found = Math.abs(next - inverse) <= PRECISION * inverse;
            inverse = next;
            if (found) {
                break;
            }
        }
        return 1 / inverse;
    }

    @Override
    public int count() {
        return SUMS;
    }

    @Override
    public void add(Batch batch, float[] logits, double[] sums) {
        double[] of = new double[classes];
        for (int row = 0; row < batch.rows(); row++) {
            for (int j = 0; j < outputs; j++) {
                of[classes - outputs + j] = logits[row * outputs + j]; // a single logit z stands for (0, z)
            }
            add(of, (int) batch.target(row), batch.weight(row), sums);
        }
    }

    private void add(double[] logits, int target, double weight, double[] sums) {
        double max = Double.NEGATIVE_INFINITY;
        for (double logit : logits) {
            max = Math.max(max, logit);
        }
        double total = 0;
        double mean = 0;
        double targets = 0;
        for (int j = 0; j < logits.length; j++) {
            double term = StrictMath.exp(inverse * (logits[j] - max));
            total += term;
            mean += term * logits[j];
            targets += (j == target ? 1 - (classes - 1) * other : other) * logits[j];
        }
        mean /= total;
        double variance = 0;
        for (double logit : logits) {
            variance += StrictMath.exp(inverse * (logit - max)) / total * (logit - mean) * (logit - mean);
        }
        sums[SLOPE] += weight * (mean - targets);
        sums[CURVATURE] += weight * variance;
    }
}
