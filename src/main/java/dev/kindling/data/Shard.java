package dev.kindling.data;

import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The element of the cached RDD, one per partition: packed training rows and packed validation rows. */
public final class Shard implements Serializable {
    private static final long serialVersionUID = 1L;

    public final int index;
    public final PackedRows training;
    public final PackedRows validation;
    public final ShardSummary summary;

    private transient @Nullable PackedRows
            all; // training rows, then validation rows; copied once, where views need them

    Shard(int index, PackedRows training, PackedRows validation, ShardSummary summary) {
        this.index = index;
        this.training = training;
        this.validation = validation;
        this.summary = summary;
    }

    /** A view with one part of the training rows as validation rows, and all others as training rows. */
    public Shard of(CvFold fold) {
        PackedRows rows = all();
        int from = fold.begin(training.rows());
        int to = fold.end(training.rows());
        return new Shard(index, rows.without(from, to), rows.between(from, to), summary);
    }

    private synchronized PackedRows all() {
        if (all == null) {
            all = validation.rows() == 0 ? training : PackedRows.joined(List.of(training, validation));
        }
        return all;
    }
}
