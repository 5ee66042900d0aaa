package dev.kindling.train;

import java.io.Serializable;

/** Some rows of one source partition on their way to a shard, with their hashes, and what was seen while reading. */
final class Piece implements Serializable {
    private static final long serialVersionUID = 1L;

    final PackedRows rows;
    final long[] hashes; // (rows)
    final long nonzero; // of the rows' values
    final boolean validation;
    final ShardSummary summary;

    Piece(PackedRows rows, long[] hashes, long nonzero, boolean validation, ShardSummary summary) {
        this.rows = rows;
        this.hashes = hashes;
        this.nonzero = nonzero;
        this.validation = validation;
        this.summary = summary;
    }
}
