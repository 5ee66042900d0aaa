package dev.kindling.ml.internal;

import dev.kindling.data.Shards;
import dev.kindling.engine.GemmBackend;
import dev.kindling.ml.params.MlpParams;
import dev.kindling.train.RunConfig;
import org.apache.spark.sql.Dataset;
import org.jspecify.annotations.Nullable;

/** A run that is ready to train: what is to be trained, and the rows, which stay cached until this is closed. */
final class Training implements AutoCloseable {
    final ParsedParams params;
    final Shards shards;
    final RunConfig run;

    private Training(ParsedParams params, Shards shards, RunConfig run) {
        this.params = params;
        this.shards = shards;
        this.run = run;
    }

    /** Checks the params first, then packs the rows. */
    static Training open(Dataset<?> dataset, MlpParams params, String features, String label) {
        return open(dataset, params, features, label, null);
    }

    /** @param filling of missing features; null if they are refused */
    static Training open(
            Dataset<?> dataset, MlpParams params, String features, String label, @Nullable Filling filling) {
        ParsedParams parsed = new ParsedParams(params, LabelledRows.columnWidths(dataset.schema(), features));
        String gemm = GemmBackend.choose(dataset.sparkSession().sparkContext().getConf());
        Shards shards = parsed.pack(dataset, features, label, filling);
        try {
            return new Training(parsed, shards, parsed.config(shards, gemm));
        } catch (Throwable e) {
            shards.close();
            throw e;
        }
    }

    /** The number of classes; 0 where targets are values. */
    int classes() {
        return run.loss().isClassification() ? shards.classes() : 0;
    }

    /** The parameters to begin with; null for fresh ones. */
    float @Nullable [] initial() {
        return params.initial(run.network());
    }

    @Override
    public void close() {
        shards.close();
    }
}
