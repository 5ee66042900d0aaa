package dev.kindling.train.ensemble;

import dev.kindling.data.Shards;
import dev.kindling.engine.ValidationSums;
import dev.kindling.loss.Batch;
import dev.kindling.loss.Metric;
import dev.kindling.loss.ScoredBatch;
import dev.kindling.loss.Tally;
import dev.kindling.nn.ensemble.Ensemble;
import java.util.List;

/**
 * The mean loss and the metric of an ensemble on rows that it was not trained on.
 *
 * @param loss NaN without such rows
 * @param metric NaN without such rows
 */
public record ValidationScore(double loss, double metric) {
    private static final int LOSS = 0;
    private static final int WEIGHT = 1;
    private static final int TALLY = 2; // its sums begin there

    /** Measures it, in one pass over those rows. */
    public static ValidationScore of(Shards shards, Ensemble ensemble, float[] parameters, String gemm, Metric metric) {
        Tally tally = metric.tally();
        double[] sums = ValidationSums.of(shards, ensemble, parameters, gemm, new Terms(ensemble, tally));
        double[] counted = new double[tally.sums()];
        System.arraycopy(sums, TALLY, counted, 0, counted.length);
        return new ValidationScore(sums[LOSS] / sums[WEIGHT], metric.of(counted, sums[WEIGHT]));
    }

    /** The mean over networks of what each has on its own rows. */
    public static ValidationScore mean(List<ValidationScore> each) {
        return new ValidationScore(
                each.stream().mapToDouble(ValidationScore::loss).average().orElseThrow(),
                each.stream().mapToDouble(ValidationScore::metric).average().orElseThrow());
    }

    private record Terms(Ensemble ensemble, Tally tally) implements ValidationSums.Terms {
        @Override
        public int count() {
            return TALLY + tally.sums();
        }

        @Override
        public void add(Batch batch, float[] logits, double[] sums) {
            int outputs = ensemble.network().outputs();
            float[] delta = new float[batch.rows() * outputs];
            sums[LOSS] += ensemble.loss().evaluate(batch, outputs, logits, delta);
            sums[WEIGHT] += batch.weight();
            tally.add(new ScoredBatch(batch, ensemble.loss(), outputs, logits), sums, TALLY);
        }

        @Override
        public void join(double[] sums, double[] others) {
            Tally.join(sums, others, 0, sums.length, tally.moments());
        }
    }
}
