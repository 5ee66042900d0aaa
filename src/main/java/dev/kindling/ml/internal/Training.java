package dev.kindling.ml.internal;

import dev.kindling.data.Shards;
import dev.kindling.engine.GemmBackend;
import dev.kindling.ml.columns.FeatureRows;
import dev.kindling.ml.params.MlpParams;
import dev.kindling.spark.ColumnNote;
import dev.kindling.table.TableVectorizerModel;
import dev.kindling.train.RunConfig;
import dev.kindling.train.ensemble.OwnFolds;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.jspecify.annotations.Nullable;

/** A run that is ready to train: what is to be trained, and the rows, which stay cached until this is closed. */
final class Training implements AutoCloseable {
    final @Nullable TableVectorizerModel vectorizer; // null where the data have vectors
    final ParsedParams params;
    final Shards shards;
    final RunConfig run;
    final List<String> features; // their names; empty if the data have none
    final List<ColumnNote> notes; // on the columns that the features come from, where a vectorizer made them

    private Training(FeatureRows in, ParsedParams params, Shards shards, RunConfig run) {
        this.vectorizer = in.vectorizer();
        this.features = LabelledRows.featureNames(in.rows().schema(), in.features());
        this.notes = LabelledRows.notes(in.rows().schema(), in.features());
        this.params = params;
        this.shards = shards;
        this.run = run;
    }

    /** Checks the params first, then learns how to read a table's columns, then packs the rows. */
    static Training open(Dataset<?> dataset, MlpParams params, String features, String label) {
        new ParsedParams(params, FeatureLayout.UNKNOWN);
        return open(FeatureRows.learn(dataset, params, features, label), params, label, null);
    }

    /** @param filling of missing features; null if they are refused */
    static Training open(FeatureRows in, MlpParams params, String label, @Nullable Filling filling) {
        Dataset<?> rows = in.rows();
        ParsedParams parsed = new ParsedParams(params, FeatureLayout.of(rows.schema(), in.features()));
        String gemm = GemmBackend.choose(rows.sparkSession().sparkContext().getConf());
        Shards shards = parsed.pack(rows, in.features(), label, filling);
        try {
            return new Training(in, parsed, shards, parsed.config(shards, gemm));
        } catch (Throwable e) {
            shards.close();
            throw e;
        }
    }

    /** The number of classes; 0 where targets are values. */
    int classes() {
        return run.loss().isClassification() ? shards.classes() : 0;
    }

    /** The number of networks to train. */
    int members() {
        return members(1);
    }

    /** The number of networks to train on all rows, of which these are a share. */
    int members(double share) {
        return params.members(Math.round(shards.rows() / share), run.network());
    }

    /** What the members are validated on. A temperature needs rows that none has seen, and a user's own split is kept. */
    OwnFolds folds() {
        return members() == 1 || params.calibrates() || params.hasOwnSplit() ? OwnFolds.none() : OwnFolds.of(shards);
    }

    /** The parameters that a member begins with; null for fresh ones. Members are counted from 0. */
    float @Nullable [] initial(int member) {
        return params.initial(run.network(), member);
    }

    @Override
    public void close() {
        shards.close();
    }
}
