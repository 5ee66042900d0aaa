package dev.kindling.table.cache;

/** A row of a source that is being read. The same object may stand for the next row once that is asked for. */
public interface BlockRow {
    /** Adds a value to each column. */
    void addTo(BlockBuilder block);
}
