package dev.kindling.data;

import java.io.Serializable;

/** The element of the cached RDD, one per partition: packed training rows and packed validation rows. */
public final class Shard implements Serializable {
    private static final long serialVersionUID = 1L;

    public final int index;
    public final PackedRows training;
    public final PackedRows validation;
    public final ShardSummary summary;

    Shard(int index, PackedRows training, PackedRows validation, ShardSummary summary) {
        this.index = index;
        this.training = training;
        this.validation = validation;
        this.summary = summary;
    }

    /** A view with one part of the training rows as validation rows, and the others as training rows. */
    public Shard of(CvFold fold) {
        int from = fold.begin(training.rows());
        int to = fold.end(training.rows());
        return new Shard(index, training.without(from, to), training.between(from, to), summary);
    }
}
