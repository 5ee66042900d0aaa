package dev.kindling.engine;

import dev.kindling.data.PackedRows;
import dev.kindling.data.Shard;
import dev.kindling.data.Shards;
import dev.kindling.loss.Batch;
import dev.kindling.nn.ensemble.Ensemble;
import dev.kindling.nn.ensemble.EnsemblePass;
import dev.kindling.spark.JobScope;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;

/** Sums over the shards' validation rows of what an ensemble computes for them, in one Spark job. */
public final class ValidationSums implements Function<Shard, double[]> {
    private static final long serialVersionUID = 1L;

    private final Ensemble ensemble;
    private final Broadcast<float[]> parameters;
    private final String gemm;
    private final Terms terms;

    /** What is summed. */
    public interface Terms extends Serializable {

        int count();

        /**
         * Adds those of some rows.
         *
         * @param logits (rows, outputs)
         */
        void add(Batch batch, float[] logits, double[] sums);

        /** Adds the sums of other rows. */
        default void join(double[] sums, double[] others) {
            for (int i = 0; i < sums.length; i++) {
                sums[i] += others[i];
            }
        }
    }

    private ValidationSums(Ensemble ensemble, Broadcast<float[]> parameters, String gemm, Terms terms) {
        this.ensemble = ensemble;
        this.parameters = parameters;
        this.gemm = gemm;
        this.terms = terms;
    }

    /** The sums, added in the order of the shards. */
    public static double[] of(Shards shards, Ensemble ensemble, float[] parameters, String gemm, Terms terms) {
        JavaSparkContext context =
                JavaSparkContext.fromSparkContext(shards.rdd().context());
        Broadcast<float[]> sent = context.broadcast(parameters);
        try {
            var each = new ValidationSums(ensemble, sent, gemm, terms);
            List<double[]> parts =
                    JobScope.run(context.sc(), () -> shards.rdd().map(each).collect());
            double[] sums = new double[terms.count()];
            for (double[] part : parts) {
                terms.join(sums, part);
            }
            return sums;
        } finally {
            JobScope.release(context.sc(), () -> sent.destroy());
        }
    }

    @Override
    public double[] call(Shard shard) {
        PackedRows rows = shard.validation;
        double[] sums = new double[terms.count()];
        if (rows.rows() == 0) {
            return sums;
        }
        int most = ensemble.network().passRows();
        EnsemblePass pass = ensemble.pass(GemmBackend.follow(gemm), parameters.value(), Math.min(most, rows.rows()));
        int count;
        for (int first = 0; first < rows.rows(); first += count) {
            count = rows.run(first, most);
            Batch batch = rows.slice(first, count);
            terms.add(batch, pass.forward(batch.features()), sums);
        }
        return sums;
    }
}
