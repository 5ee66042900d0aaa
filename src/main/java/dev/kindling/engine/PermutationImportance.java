package dev.kindling.engine;

import dev.kindling.data.Moments;
import dev.kindling.data.PackedRows;
import dev.kindling.data.Shard;
import dev.kindling.data.Shards;
import dev.kindling.linalg.Permutation;
import dev.kindling.linalg.RandomKey;
import dev.kindling.linalg.Require;
import dev.kindling.linalg.Rows;
import dev.kindling.loss.Batch;
import dev.kindling.loss.ScoredBatch;
import dev.kindling.loss.Tally;
import dev.kindling.nn.ensemble.Ensemble;
import dev.kindling.nn.ensemble.EnsemblePass;
import dev.kindling.spark.JobScope;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;

/**
 * How much worse a network's predictions become when the values of one feature, or of several together, are permuted among the
 * rows, which breaks their relation to the target. Breiman, <a href="https://doi.org/10.1023/A:1010933404324">Random forests</a>, Machine
 * Learning 2001, section 10. Values are permuted within each shard; rows are spread over the shards at random.
 */
public final class PermutationImportance implements Function<Shard, double[]> {
    private static final long serialVersionUID = 1L;

    private final Ensemble ensemble;
    private final Tally tally; // of one sum
    private final String gemm;
    private final Broadcast<float[]> parameters;
    private final int[][] groups;
    private final int repeats;
    private final long seed;

    private PermutationImportance(
            Ensemble ensemble, String gemm, Broadcast<float[]> parameters, int[][] groups, int repeats, long seed) {
        this.ensemble = ensemble;
        this.tally = ensemble.loss().isClassification() ? new Tally.Correct() : new Tally.SquaredErrors();
        this.gemm = gemm;
        this.parameters = parameters;
        this.groups = groups;
        this.repeats = repeats;
        this.seed = seed;
    }

    /**
     * By how much accuracy falls or, for a regression, R². With several targets, it is the R² of all squares together. It
     * costs a pass over the rows for each group and repetition, in one Spark job.
     *
     * @param groups the features that are permuted together, in the order of the rows for all
     * @return (groups, repeats)
     */
    public static double[][] of(
            Shards shards, Ensemble ensemble, float[] parameters, String gemm, int[][] groups, int repeats, long seed) {
        Require.that(
                shards.columns() == ensemble.network().inputs(),
                "the network takes " + ensemble.network().inputs() + " inputs, but the rows have " + shards.columns());
        Require.positive(repeats, "the number of repetitions");
        JavaSparkContext context =
                JavaSparkContext.fromSparkContext(shards.rdd().context());
        Broadcast<float[]> sent = context.broadcast(parameters);
        try {
            var measure = new PermutationImportance(ensemble, gemm, sent, groups, repeats, seed);
            List<double[]> parts =
                    JobScope.run(context.sc(), () -> shards.rdd().map(measure).collect());
            return falls(parts, shards, groups.length, repeats);
        } finally {
            JobScope.release(context.sc(), () -> sent.destroy());
        }
    }

    private static double[][] falls(List<double[]> parts, Shards shards, int groups, int repeats) {
        double[] sums = new double[1 + groups * repeats];
        for (double[] part : parts) {
            for (int i = 0; i < sums.length; i++) {
                sums[i] += part[i];
            }
        }
        Moments moments = shards.moments(false);
        boolean classes = moments.classes.length > 0;
        double whole = classes ? moments.weight : -moments.meanTargetSquares();
        double[][] falls = new double[groups][repeats];
        for (int i = 0; i < groups * repeats; i++) {
            falls[i / repeats][i % repeats] = (sums[0] - sums[1 + i]) / whole;
        }
        return falls;
    }

    /** The tally's sums without permuting, then for each group and repetition. */
    @Override
    public double[] call(Shard shard) {
        PackedRows rows = shard.training;
        int columns = ensemble.network().inputs();
        double[] sums = new double[1 + groups.length * repeats];
        if (rows.rows() == 0) {
            return sums;
        }
        int most = ensemble.network().passRows();
        EnsemblePass pass = ensemble.pass(GemmBackend.follow(gemm), parameters.value(), Math.min(most, rows.rows()));
        float[] values = new float[Math.min(most, rows.rows()) * columns];
        RandomKey key = RandomKey.of(seed).fold(shard.index);
        int count;
        for (int first = 0; first < rows.rows(); first += count) {
            count = rows.run(first, most);
            Batch batch = rows.slice(first, count);
            batch.features().copyTo(values);
            add(batch, values, pass, sums, 0);
            for (int group = 0; group < groups.length; group++) {
                for (int repeat = 0; repeat < repeats; repeat++) {
                    Permutation order =
                            Permutation.of(key.fold(groups[group][0]).fold(repeat), rows.rows());
                    for (int row = 0; row < count; row++) {
                        int other = order.at(first + row);
                        for (int column : groups[group]) {
                            values[row * columns + column] = rows.value(other, column);
                        }
                    }
                    add(batch, values, pass, sums, 1 + group * repeats + repeat);
                }
                for (int row = 0; row < count; row++) {
                    for (int column : groups[group]) {
                        values[row * columns + column] = rows.value(first + row, column);
                    }
                }
            }
        }
        return sums;
    }

    private void add(Batch labels, float[] values, EnsemblePass pass, double[] sums, int at) {
        float[] logits =
                pass.forward(Rows.dense(labels.rows(), ensemble.network().inputs(), values, 0));
        tally.add(new ScoredBatch(labels, ensemble.loss(), ensemble.network().outputs(), logits), sums, at);
    }
}
